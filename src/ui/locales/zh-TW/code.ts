// What popup and sign-in page both say of a code, and of the phone that has scanned it.

import type en from '../en/code.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  scan: '請用手機相機掃描登入',
  preparing: '正在產生 QR Code…',
  scanned: '掃描成功，請看手機',
  confirm: '請在「{phone}」上確認登入',
  settingUp: '正在手機上設定 Scankey…',
  holding: '已在「{phone}」上確認',
  holdingHint: '手機在另一個網路，十秒後才會登入。在此之前仍可取消。',
  second: '還有其他人嘗試掃描此 QR Code。',
  newCode: '更新 QR Code',
  cancel: '取消',
};
export default sentences;
