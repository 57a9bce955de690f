// What the pages say that a companion shows by itself.
import type en from '../en/server.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  stopped: '登录无法继续，请回到网站重新开始。',
  invalid_client: '此网站未在本服务登记。',
  invalid_redirect_uri: '此网站提供的回调地址未登记。',
  access_denied: '登录已被拒绝。',
  done: '完成，请返回网站。',
  failed: '操作未成功，请返回网站重试。',
  signOutAsk: '要在此浏览器中退出登录吗？',
  signOut: '退出登录',
  staySignedIn: '保持登录',
  signedOut: '已退出登录。',
  deviceCode: '输入设备上显示的代码',
  deviceCodeWrong: '代码无效，请核对设备上显示的代码。',
  goingOn: '请稍候…',
  goOn: '继续',
  deviceAsk: '要在 {name} 上登录吗？',
  deviceSame: '请确认设备屏幕上显示的是：',
  deviceYes: '是',
  cancel: '取消',
  deviceSignedIn: '登录成功，请回到设备继续。',
  practice: '练习登录',
  practiceText:
    '此页面仅供练习。点击地址栏旁的 Scankey 按钮（可能收在拼图图标里）并扫码，然后在手机上选择“使用练习账号”。',
  practiceName: '用户名',
  practicePassword: '密码',
  practiceSignIn: '登录',
  practiceWrong: '这不是练习账号。',
  practiceDone: '登录成功',
  practiceDoneText: '就是这么简单，在其他网站上也一样。',
};
export default sentences;
