// The extension's sentences, and the notices', in every language that has a folder under locales/: those lie on the device. What comes
// over the network has them by language, in languages.ts. Each bundle keeps those of its own page alone.

import type errors from './locales/en/errors.ts';
import type notices from './locales/en/notices.ts';
import type popup from './locales/en/popup.ts';
import { byLanguage, type Catalogue, type Sentences, type Translation } from './locales/i18n.ts';

/** @param files default exports by path, that ends as `<language>/<page>.ts` */
export const catalogueOf = <English extends Sentences>(files: Readonly<Record<string, Translation<English>>>) =>
  byLanguage(files) as Catalogue<English>;

export const POPUP = /* @__PURE__ */ catalogueOf<typeof popup>(
  import.meta.glob('./locales/*/popup.ts', { eager: true, import: 'default' }),
);
export const ERRORS = /* @__PURE__ */ catalogueOf<typeof errors>(
  import.meta.glob('./locales/*/errors.ts', { eager: true, import: 'default' }),
);
/** What a phone's notices say: a few words, that its worker has to have without a network. */
export const NOTICES = /* @__PURE__ */ catalogueOf<typeof notices>(
  import.meta.glob('./locales/*/notices.ts', { eager: true, import: 'default' }),
);
