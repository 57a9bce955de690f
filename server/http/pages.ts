// The pages that a companion shows by itself, each whole without a script, in the language that the browser asks for.
import { readdirSync } from 'node:fs';
import { PRACTICE } from '../../src/protocol/practice.ts';
import type en from '../../src/ui/locales/en/server.ts';
import { type Catalogue, chooseLanguage, type Speak, speaker } from '../../src/ui/locales/i18n.ts';

const folder = new URL('../../src/ui/locales/', import.meta.url);
const LANGUAGES = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const sentencesOf = async (language: string) => (await import(new URL(`${language}/server.ts`, folder).href)).default;
const catalogue = Object.fromEntries(
  await Promise.all(LANGUAGES.map(async (language) => [language, await sentencesOf(language)])),
) as Catalogue<typeof en>;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const note = (text: string): string => `<p class="soft">${escaped(text)}</p>`;
const button = (form: string, label: string, attributes = ''): string =>
  `<button type="submit" form="${form}" ${attributes}>${label}</button>`;
const actions = (...buttons: string[]): string => `<div class="actions">${buttons.join('')}</div>`;

/** What a person can see go wrong has a sentence of its own; the rest is for the site's own people. */
const EXPLAINED = ['invalid_client', 'invalid_redirect_uri', 'access_denied'] as const;

/** The script that presses the button of `goOn`, where it may. */
export const GO_ON = { path: '/oidc/go-on.js', script: 'document.forms[0].submit();\n' };

/** The script of the practice page. */
export const PRACTICE_SCRIPT = '/practice.js';

const pages = (language: string) => {
  const plain = speaker(catalogue, () => language);
  /** A sentence as HTML, whatever its values hold. */
  const say: Speak<typeof en> = (key, ...values) => escaped(plain(key, ...values));
  const page = (title: string, body = '', head = '', name = 'Scankey'): string => `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title><link rel="stylesheet" href="/sign-in-page/sign-in.css">${head}</head>
<body><div id="app"><header><strong>Scankey</strong></header><main><h1>${title}</h1>${body}</main></div></body></html>`;
  return {
    /** For a person whose browser was sent somewhere that leads on no more. */
    wrong: (code: string): string => page(say('stopped'), note(code)),

    /** @param error of OAuth (RFC 6749 section 5.2) */
    error: (error: string, description = ''): string =>
      page(say(EXPLAINED.find((one) => one === error) ?? 'stopped'), note(`${error}: ${description}`)),

    /** Where a visit to a provider ends that an extension has begun. */
    done: (failure: string | undefined): string =>
      failure === undefined ? page(say('done')) : page(say('failed'), note(failure)),

    /** @param form the provider's own form `op.logoutForm`, as HTML */
    signOut: (form: string): string =>
      page(
        say('signOutAsk'),
        form +
          actions(
            button('op.logoutForm', say('signOut'), 'class="primary" value="yes" name="logout"'),
            button('op.logoutForm', say('staySignedIn')),
          ),
      ),

    signedOut: (): string => page(say('signedOut')),

    practice(at: 'asks' | 'wrong' | 'signed-in'): string {
      if (at === 'signed-in') return page(say('practiceDone'), note(plain('practiceDoneText')), '', PRACTICE.title);
      const wrong = at === 'wrong' ? `<p class="notice bad" role="alert">${say('practiceWrong')}</p>` : '';
      const form = `<form method="post" action="${PRACTICE.path}">
<div><label for="username">${say('practiceName')}</label><input id="username" name="username" type="text" autocomplete="username" required></div>
<div><label for="password">${say('practicePassword')}</label><input id="password" name="password" type="password" autocomplete="current-password" required></div>
<button type="submit" class="primary">${say('practiceSignIn')}</button></form>`;
      const script = `<script defer src="${PRACTICE_SCRIPT}"></script>`;
      return page(say('practice'), note(plain('practiceText')) + wrong + form, script, PRACTICE.title);
    },

    /** A form that is to be sent at once, and has a button where no script runs. @param form as HTML, with the id `op.goOn` */
    goOn: (form: string): string =>
      page(
        say('goingOn'),
        form + actions(button('op.goOn', say('goOn'), 'class="primary"')),
        `<script defer src="${GO_ON.path}"></script>`,
      ),

    /** @param form the provider's own form `op.deviceInputForm`, as HTML @param wrong the code typed before is not known */
    deviceCode: (form: string, wrong: boolean): string =>
      page(
        say('deviceCode'),
        // The library's own form has a handler in it that our policy does not let run.
        (wrong ? `<p class="notice bad" role="alert">${say('deviceCodeWrong')}</p>` : '') +
          form.replace(/ onfocus="[^"]*"/, '') +
          actions(button('op.deviceInputForm', say('goOn'), 'class="primary"')),
      ),

    /** @param form the provider's own form `op.deviceConfirmForm`, as HTML @param name of the site that the device signs in to @param says what the device calls itself */
    deviceConfirm: (form: string, name: string, says: string, userCode: string): string =>
      page(
        say('deviceAsk', { name }),
        `${note(says)}<p>${say('deviceSame')}</p><p class="digits">${escaped(userCode)}</p>${form}${actions(
          button('op.deviceConfirmForm', say('deviceYes'), 'class="primary"'),
          button('op.deviceConfirmForm', say('cancel'), 'value="yes" name="abort"'),
        )}`,
      ),

    deviceDone: (): string => page(say('deviceSignedIn')),
    deviceDeclined: (): string => page(say('access_denied')),
  };
};

/** @param accepted the browser's `Accept-Language` (RFC 9110 section 12.5.4) */
export const pagesFor = (accepted: string | undefined): ReturnType<typeof pages> => {
  const weighed = (accepted ?? '').split(',').map((part) => {
    const [tag = '', weight = ''] = part.split(';q=');
    return { tag: tag.trim(), weight: weight === '' ? 1 : Number(weight) || 0 };
  });
  const tags = weighed.sort((a, b) => b.weight - a.weight).map(({ tag }) => tag);
  return pages(chooseLanguage(tags, LANGUAGES));
};
