// What is said where nothing else of the language is there: what it calls itself, and that the rest could not be loaded.
import type en from '../en/first.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  languageName: '简体中文',
  notLoaded: 'Scankey 未能加载',
  notLoadedText: '请检查网络连接，然后重新加载即可继续。',
  reload: '重新加载',
};

export default sentences;
