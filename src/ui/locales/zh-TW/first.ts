// What is said where nothing else of the language is there: what it calls itself, and that the rest could not be loaded.
import type en from '../en/first.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  languageName: '繁體中文',
  notLoaded: 'Scankey 未能載入',
  notLoadedText: '請檢查網路連線，然後重新載入即可繼續。',
  reload: '重新載入',
};

export default sentences;
