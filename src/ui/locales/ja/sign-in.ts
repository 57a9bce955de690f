// What the companion's sign-in page says.

import type en from '../en/sign-in.ts';
import type { Translation } from '../i18n.ts';
import code from './code.ts';

const sentences: Translation<typeof en> = {
  ...code,
  title: '{site} にログイン',
  codeLabel: '{site} にログインするための QR コード',
  newCodeIn: '{seconds} 秒後に更新',
  number: 'スマートフォンで数字を求められた場合：',
  far: 'スマートフォンが別のネットワークにあります。再度の読み取りと、次の数字の入力を求められることがあります：',
  unreachable: 'サーバーに接続できません。再試行しています。',
  goingOn: 'ログインしています…',
  decline: 'ログインせずにサイトへ戻る',
  thisDevice: 'このデバイスの Scankey を使用',
  or: '別の方法でログイン',
  drawWechat: 'WeChat で読み取る',
  scanWechat: 'この QR コードを WeChat で読み取ってください',
  backToCode: 'Scankey の QR コードに戻る',
  confirmWith: 'あと 1 ステップです。{provider} でご本人であることを確認してください。',
  scanToo: 'あと 1 ステップです。この QR コードをスマートフォンで読み取り、スマートフォンでも許可してください。',
  openProvider: '{provider} へ進む',
  addsToo:
    '{provider}（{name}）は、まだあなたのものとして登録されていません。この QR コードをスマートフォンで読み取り、ご自分のものであることを確認してください。',
  askOperator: '管理者にコード {code} を伝え、その後もう一度読み取ってください。',
};
export default sentences;
