// What popup and sign-in page both say of a code, and of the phone that has scanned it.

import type en from '../en/code.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  scan: '请使用手机扫码登录',
  preparing: '正在生成二维码…',
  scanned: '扫描成功，请在手机上确认',
  confirm: '请在“{phone}”上确认登录',
  settingUp: '正在手机上设置 Scankey…',
  holding: '已在“{phone}”上确认',
  holdingHint: '手机在另一个网络，十秒后才会登录。在此之前仍可取消。',
  second: '还有其他人尝试扫描此二维码。',
  newCode: '刷新二维码',
  cancel: '取消',
};
export default sentences;
