// The extension's sentences in every language that has a folder under locales/: they lie on the device. What comes over the network has
// them by language, in languages.ts; a phone's notices are in notices.ts.

import type errors from './locales/en/errors.ts';
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
