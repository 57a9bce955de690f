// What browsers and their stores say of the extension.

import type en from '../en/extension.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  name: 'Scankey：QR コードでログイン',
  description:
    'スマートフォンで QR コードを読み取るだけで、どのパソコンでもログインできます。パソコンでパスワードを入力する必要はありません。',
  action: 'スマートフォンでログイン',
};
export default sentences;
