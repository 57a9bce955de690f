// What a phone's notices say while Scankey is closed.

import type en from '../en/notices.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  asks: 'ログインの要求',
  look: 'Scankey を開いて確認してください',
  ready: 'ログイン通知がオンになりました。',
};
export default sentences;
