// What popup and sign-in page both say of a code, and of the phone that has scanned it.

import type en from '../en/code.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  scan: 'スマートフォンのカメラで読み取ってください',
  preparing: 'QR コードを準備しています…',
  scanned: '読み取りました。スマートフォンの応答を待っています…',
  confirm: '「{phone}」でログインを許可してください',
  settingUp: 'スマートフォンで Scankey を設定しています…',
  holding: '「{phone}」で許可しました',
  holdingHint:
    'スマートフォンが別のネットワークにあるため、10 秒待ってからログインします。それまではキャンセルできます。',
  second: 'ほかにもこの QR コードを読み取ろうとした人がいます。',
  newCode: 'QR コードを更新',
  cancel: 'キャンセル',
};
export default sentences;
