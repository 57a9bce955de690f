// What the page says that opens after installing.

import type en from '../en/welcome.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  title: '歡迎使用 Scankey',
  text: '用手機登入這台電腦，只要三個步驟。',
  server: '1. 你的伺服器',
  phone: '2. 你的手機',
  phoneText: '請用手機相機掃描，並依照手機上的步驟操作。',
  phoneCode: '手機 Scankey 頁面的 QR Code，{address}',
  phoneDone: '手機已設定完成',
  try: '3. 試試看',
  tryAfter: '請先設定手機：掃描上方的 QR Code，在手機上設定主密碼，再按 QR Code 下方的按鈕。',
  tryText: '開啟練習頁面，按此瀏覽器中的 Scankey 按鈕，然後掃描。不需要真實的密碼。',
  practice: '開啟練習頁面',
};
export default sentences;
