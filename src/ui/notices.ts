// What a phone's notices say, in every language that has a folder under locales/: a few words, that its worker has to have without a network.
// They stand by themselves, so that no sentence of the extension comes along.
import type notices from './locales/en/notices.ts';
import { byLanguage, type Catalogue, type Translation } from './locales/i18n.ts';

export const NOTICES = byLanguage<Translation<typeof notices>>(
  import.meta.glob('./locales/*/notices.ts', { eager: true, import: 'default' }),
) as Catalogue<typeof notices>;
