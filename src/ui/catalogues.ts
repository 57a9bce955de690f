// Every page's sentences in every language that has a folder under locales/. Each bundle keeps those of its own page alone.

import type errors from './locales/en/errors.ts';
import type notices from './locales/en/notices.ts';
import type phone from './locales/en/phone.ts';
import type popup from './locales/en/popup.ts';
import type signIn from './locales/en/sign-in.ts';
import type { Catalogue, Sentences, Translation } from './locales/i18n.ts';

/** @param files default exports by path, that ends as `<language>/<page>.ts` */
export const catalogueOf = <English extends Sentences>(files: Readonly<Record<string, Translation<English>>>) =>
  Object.fromEntries(
    Object.entries(files).map(([path, sentences]) => [path.split('/').at(-2), sentences]),
  ) as Catalogue<English>;

export const PHONE = /* @__PURE__ */ catalogueOf<typeof phone>(
  import.meta.glob('./locales/*/phone.ts', { eager: true, import: 'default' }),
);
export const POPUP = /* @__PURE__ */ catalogueOf<typeof popup>(
  import.meta.glob('./locales/*/popup.ts', { eager: true, import: 'default' }),
);
export const SIGN_IN = /* @__PURE__ */ catalogueOf<typeof signIn>(
  import.meta.glob('./locales/*/sign-in.ts', { eager: true, import: 'default' }),
);
export const ERRORS = /* @__PURE__ */ catalogueOf<typeof errors>(
  import.meta.glob('./locales/*/errors.ts', { eager: true, import: 'default' }),
);
/** What a phone's notices say. */
export const NOTICES = /* @__PURE__ */ catalogueOf<typeof notices>(
  import.meta.glob('./locales/*/notices.ts', { eager: true, import: 'default' }),
);
