// What the companion's sign-in page says.

import type en from '../en/sign-in.ts';
import type { Translation } from '../i18n.ts';
import code from './code.ts';

const sentences: Translation<typeof en> = {
  ...code,
  title: '登入 {site}',
  codeLabel: '登入 {site} 的 QR Code',
  newCodeIn: '{seconds} 秒後更新',
  number: '如果手機要求輸入數字：',
  far: '手機在另一個網路，可能會要求再掃描一次並輸入這組數字：',
  unreachable: '無法連線到伺服器，正在重試。',
  goingOn: '正在登入…',
  decline: '不登入，返回網站',
  thisDevice: '使用這台裝置上的 Scankey',
  or: '或使用其他方式登入',
  drawWechat: '用微信掃描',
  scanWechat: '請用微信掃描此 QR Code',
  backToCode: '返回 Scankey 的 QR Code',
  confirmWith: '還差一步：請用{provider}確認是你本人。',
  scanToo: '還差一步：請再用手機掃描並確認。',
  openProvider: '前往{provider}',
  addsToo: '這裡還不知道{provider}（{name}）屬於你。請用手機掃描，並在手機上確認。',
  askOperator: '請將代碼 {code} 告訴管理員，通過後再掃描一次。',
};
export default sentences;
