// What the language calls itself. Apart, since it is said where the language is not spoken.

import type en from '../en/name.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  languageName: '简体中文',
};

export default sentences;
