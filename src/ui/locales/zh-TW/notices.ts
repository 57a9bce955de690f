// What a phone's notices say while Scankey is closed.

import type en from '../en/notices.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  asks: '登入要求',
  look: '打開 Scankey 查看',
  ready: '登入通知已開啟。',
};
export default sentences;
