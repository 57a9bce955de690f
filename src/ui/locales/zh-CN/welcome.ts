// What the page says that opens after installing.

import type en from '../en/welcome.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  title: '欢迎使用 Scankey',
  text: '用手机在这台电脑上登录，只需三步。',
  server: '1. 服务器',
  phone: '2. 手机',
  phoneText: '用手机相机扫描此二维码，然后按手机上的提示操作。',
  phoneCode: '手机 Scankey 页面 {address} 的二维码',
  try: '3. 试一试',
  tryText: '打开练习页面，点击浏览器上的 Scankey 按钮并扫码。不需要真实密码。',
  practice: '打开练习页面',
};
export default sentences;
