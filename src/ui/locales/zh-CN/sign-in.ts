// What the companion's sign-in page says.

import type en from '../en/sign-in.ts';
import type { Translation } from '../i18n.ts';
import code from './code.ts';

const sentences: Translation<typeof en> = {
  ...code,
  title: '登录 {site}',
  codeLabel: '登录 {site} 的二维码',
  newCodeIn: '{seconds} 秒后更新二维码',
  number: '若手机要求输入数字：',
  far: '手机不在同一网络，可能会要求再次扫码并输入以下数字：',
  unreachable: '服务暂无响应，正在重试。',
  goingOn: '正在登录…',
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
