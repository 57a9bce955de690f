// What the page says that opens after installing.

import type en from '../en/welcome.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  title: 'Scankey へようこそ',
  text: 'スマートフォンでこのパソコンにログインできます。設定は 3 ステップです。',
  server: '1. サーバー',
  serverHow:
    'サーバーがまだない場合：チームや家族のサーバーがあれば、アドレスを聞いてください。自分で動かすには、Scankey のソースフォルダーで「npm start」を実行します。このページが自動で見つけます。',
  phone: '2. スマートフォン',
  phoneText:
    'スマートフォンのカメラで読み取り、表示される手順に従ってください。設定が済むと、このページは自動で先へ進みます。',
  phoneTrial:
    'このサーバーは自己署名証明書を使っているため、スマートフォンのブラウザーが一度警告します。「詳細設定」を選び、先に進んでください。お試し用です。',
  phoneCode: 'スマートフォン用 Scankey ページの QR コード、{address}',
  phoneDone: 'スマートフォンは設定済みです',
  phoneReady: 'スマートフォンの設定が済みました。',
  phoneAgain: 'QR コードをもう一度表示',
  try: '3. 試してみる',
  tryAfter: 'まずスマートフォンの設定です。上のコードを読み取り、スマートフォンでパスフレーズを決めてください。',
  tryText:
    '練習ページを開き、アドレスバーの横の Scankey ボタン（パズルのアイコンの中にあることもあります）を押して QR コードを読み取ってください。実際のパスワードは不要です。',
  practice: '練習ページを開く',
};
export default sentences;
