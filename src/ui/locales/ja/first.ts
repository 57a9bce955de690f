// What is said where nothing else of the language is there: what it calls itself, and that the rest could not be loaded.
import type en from '../en/first.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  languageName: '日本語',
  notLoaded: 'Scankey を読み込めませんでした',
  notLoadedText: '接続を確認して再読み込みすると、続きから再開できます。',
  reload: '再読み込み',
};

export default sentences;
