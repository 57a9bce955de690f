// What the page says that opens after installing.

import type en from '../en/welcome.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  title: '歡迎使用 Scankey',
  text: '用手機登入這台電腦，只要三個步驟。',
  server: '1. 你的伺服器',
  serverHow:
    '還沒有伺服器？你的團隊或家人可能已有，請詢問網址。也可以自行架設：在 Scankey 原始碼資料夾中執行「npm start」，此頁面會自動找到它。',
  phone: '2. 你的手機',
  phoneText: '請用手機相機掃描，並依照手機上的步驟操作。手機設定完成後，此頁面會自動繼續。',
  phoneTrial: '此伺服器使用自簽憑證，手機瀏覽器會警告一次連線不安全。請選擇「進階」，然後繼續前往。僅供試用。',
  phoneCode: '手機 Scankey 頁面的 QR Code，{address}',
  phoneDone: '手機已設定完成，直接繼續',
  phoneReady: '手機已設定完成。',
  phoneAgain: '再次顯示 QR Code',
  try: '3. 試試看',
  tryAfter: '請先設定手機：掃描上方的 QR Code，並在手機上設定主密碼。',
  tryText: '開啟練習頁面，按網址列旁的 Scankey 按鈕（可能收在拼圖圖示裡），然後掃描。不需要真實的密碼。',
  practice: '開啟練習頁面',
};
export default sentences;
