// What the pages say that a companion shows by itself.

import type en from '../en/server.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  stopped: 'ログインを続けられません。サイトに戻って最初からやり直してください。',
  invalid_client: 'このサイトはここでは設定されていません。',
  invalid_redirect_uri: 'このサイトから、登録されていないアドレスが送られました。',
  access_denied: 'ログインは拒否されました。',
  done: '完了しました。サイトに戻ってください。',
  failed: '完了できませんでした。サイトに戻って、もう一度お試しください。',
  signOutAsk: 'このブラウザーで、チームのサイトからログアウトしますか？',
  signOut: 'ログアウト',
  staySignedIn: 'ログインしたままにする',
  signedOut: 'ログアウトしました。',
  deviceCode: 'デバイスに表示されたコードを入力してください',
  deviceCodeWrong: 'コードが正しくありません。デバイスの表示をもう一度確認してください。',
  goingOn: 'お待ちください…',
  goOn: '続ける',
  deviceAsk: '{name} でログインしますか？',
  deviceSame: 'デバイスの画面に次のコードが表示されている場合のみ、続けてください：',
  deviceYes: '表示されている',
  cancel: 'キャンセル',
  deviceSignedIn: 'ログインしました。デバイスで続けてください。',
  practice: 'ログインの練習',
  practiceText:
    'このページは練習用です。アドレスバーの横の Scankey ボタン（パズルのアイコンの中にあることもあります）を押して QR コードを読み取り、スマートフォンで「練習用アカウントを使用」を選んでください。',
  practiceName: 'ユーザー名',
  practicePassword: 'パスワード',
  practiceSignIn: 'ログイン',
  practiceWrong: '練習用アカウントではありません。',
  practiceDone: 'ログインしました',
  practiceDoneText: '操作はこれだけです。ほかのサイトでも同じように使えます。',
};
export default sentences;
