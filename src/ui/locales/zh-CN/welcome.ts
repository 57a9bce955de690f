// What the page says that opens after installing.

import type en from '../en/welcome.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  title: '欢迎使用 Scankey',
  text: '用手机在这台电脑上登录，只需三步。',
  server: '1. 服务器',
  serverHow:
    '还没有服务器？你的团队或家人可能已有，请询问地址。也可以自己运行：在 Scankey 源代码目录中执行“npm start”，此页面会自动找到它。',
  phone: '2. 手机',
  phoneText: '用手机相机扫描此二维码，然后按手机上的提示操作。手机设置好后，此页面会自动继续。',
  phoneTrial: '此服务器使用自签名证书，手机浏览器会提示一次连接不安全。请选择“高级”，然后继续访问。仅供试用。',
  phoneCode: '手机 Scankey 页面 {address} 的二维码',
  phoneDone: '手机已设置好，直接继续',
  phoneReady: '手机已设置好。',
  phoneAgain: '重新显示二维码',
  try: '3. 试一试',
  tryAfter: '请先设置手机：扫描上方二维码，并在手机上设置主密码。',
  tryText: '打开练习页面，点击地址栏旁的 Scankey 按钮（可能收在拼图图标里），然后扫码。不需要真实密码。',
  practice: '打开练习页面',
};
export default sentences;
