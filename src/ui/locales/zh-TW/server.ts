// What the pages say that a companion shows by itself.

import type en from '../en/server.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  stopped: '登入無法繼續，請回到網站重新開始。',
  invalid_client: '此網站尚未在這裡設定。',
  invalid_redirect_uri: '此網站提供的網址尚未登記。',
  access_denied: '登入已被拒絕。',
  done: '完成，請回到網站。',
  failed: '操作未成功，請回到網站再試一次。',
  signOutAsk: '要在此瀏覽器登出這個團隊的網站嗎？',
  signOut: '登出',
  staySignedIn: '保持登入',
  signedOut: '已登出。',
  deviceCode: '輸入裝置上顯示的代碼',
  deviceCodeWrong: '代碼不正確，請再核對裝置上顯示的代碼。',
  goingOn: '請稍候…',
  goOn: '繼續',
  deviceAsk: '要登入 {name} 嗎？',
  deviceSame: '請確認裝置畫面上顯示的是這組代碼：',
  deviceYes: '代碼相同',
  cancel: '取消',
  deviceSignedIn: '登入成功，請回到裝置繼續。',
  practice: '練習登入',
  practiceText:
    '此頁面僅供練習，沒有任何真實資料。請按網址列旁的 Scankey 按鈕（可能收在拼圖圖示裡）並掃描，再於手機上選擇「使用練習帳號」。',
  practiceName: '使用者名稱',
  practicePassword: '密碼',
  practiceSignIn: '登入',
  practiceWrong: '這不是練習帳號。',
  practiceDone: '登入成功',
  practiceDoneText: '就這麼簡單，在其他網站也一樣。',
};
export default sentences;
