// What a phone's notices say while Scankey is closed.

import type en from '../en/notices.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  asks: '登录请求',
  look: '打开 Scankey 查看',
  ready: '登录通知已开启。',
};
export default sentences;
