// What a phone's notices say while Scankey is closed.

import type en from '../en/notices.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  asks: '有电脑请求登录',
  look: '打开 Scankey 查看',
  ready: '此手机现在可以收到提醒。',
};
export default sentences;
