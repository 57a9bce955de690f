// What browsers and their stores say of the extension.

import type en from '../en/extension.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  name: 'Scankey：QR Code 登入',
  description: '用手機掃描 QR Code，在任何電腦上登入，不必在電腦上輸入密碼。',
  action: '用手機登入',
};
export default sentences;
