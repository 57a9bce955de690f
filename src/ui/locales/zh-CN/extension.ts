// What browsers and their stores say of the extension.

import type en from '../en/extension.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  name: 'Scankey 扫码登录',
  description: '用手机扫码，在任何电脑上登录，无需在电脑上输入密码。',
  action: '扫码登录',
};
export default sentences;
