// What the companion's sign-in page says.

import type en from '../en/sign-in.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  title: '登录 {site}',
  scan: '请使用手机扫码登录',
  codeLabel: '登录 {site} 的二维码',
  newCodeIn: '{seconds} 秒后更新二维码',
  preparing: '正在生成二维码…',
  scanned: '扫描成功，请在手机上确认',
  confirm: '请在“{phone}”上确认',
  settingUp: '正在手机上设置 Scankey…',
  holding: '已在“{phone}”上确认',
  holdingHint: '手机在另一个网络，十秒后才会登录。在此之前仍可取消。',
  number: '若手机要求输入数字：',
  far: '手机不在同一网络，可能会要求再次扫码并输入以下数字：',
  second: '还有人尝试扫描此二维码。',
  unreachable: '服务暂无响应，正在重试。',
  goingOn: '正在登录…',
  newCode: '刷新二维码',
  cancel: '取消',
  decline: '不登录，返回网站',
  thisDevice: '使用本机上的 Scankey',
  or: '其他登录方式',
  drawWechat: '微信扫码',
  scanWechat: '请用微信扫描此二维码',
  backToCode: '返回 Scankey 二维码',
  confirmWith: '还差一步：请用{provider}确认是你本人。',
  scanToo: '还差一步：请再用手机扫码并确认。',
  openProvider: '前往{provider}',
  addsToo: '此处还不知道{provider}（{name}）是你的。请用手机扫码，并在手机上确认。',
  askOperator: '请把代码 {code} 告诉本服务的管理员，通过后再扫一次。',
};
export default sentences;
