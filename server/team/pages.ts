// The pages that a companion shows by itself, without a script: each sentence in every language that has a folder, English first.
import { readdirSync } from 'node:fs';
import type en from '../../src/ui/locales/en/server.ts';
import { type Catalogue, type Speak, speaker } from '../../src/ui/locales/i18n.ts';

const folder = new URL('../../src/ui/locales/', import.meta.url);
const others = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'en')
  .map(({ name }) => name);
const LANGUAGES = ['en', ...others.sort()];
const sentencesOf = async (language: string) => (await import(new URL(`${language}/server.ts`, folder).href)).default;
const catalogue = Object.fromEntries(
  await Promise.all(LANGUAGES.map(async (language) => [language, await sentencesOf(language)])),
) as Catalogue<typeof en>;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** @returns a sentence as HTML, whatever its values hold */
const sayingIn =
  (between: string): Speak<typeof en> =>
  (key, ...values) =>
    LANGUAGES.map((language) => {
      const text = escaped(speaker(catalogue, () => language)(key, ...values));
      return language === 'en' ? text : `<span lang="${language}">${text}</span>`;
    }).join(between);
const say = sayingIn('<br>');
const sayInLine = sayingIn(' · ');

const page = (title: string, body = '', head = ''): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Scankey</title><link rel="stylesheet" href="/sign-in-page/sign-in.css">${head}</head>
<body><div id="app"><header><strong>Scankey</strong></header><main><h1>${title}</h1>${body}</main></div></body></html>`;
const note = (text: string): string => `<p class="soft">${escaped(text)}</p>`;
const button = (form: string, label: string, attributes = ''): string =>
  `<button type="submit" form="${form}" ${attributes}>${label}</button>`;
const actions = (...buttons: string[]): string => `<div class="actions">${buttons.join('')}</div>`;

/** For a person whose browser was sent somewhere that leads on no more. */
export const wrongPage = (code: string): string => page(say('stopped'), note(code));

/** What a person can see go wrong has a sentence of its own; the rest is for the site's own people. */
const EXPLAINED = ['invalid_client', 'invalid_redirect_uri', 'access_denied'] as const;

/** @param error of OAuth (RFC 6749 section 5.2) */
export const errorPage = (error: string, description = ''): string =>
  page(say(EXPLAINED.find((one) => one === error) ?? 'stopped'), note(`${error}: ${description}`));

/** Where a visit to a provider ends that an extension has begun. */
export const donePage = (failure: string | undefined): string =>
  failure === undefined ? page(say('done')) : page(say('failed'), note(failure));

/** @param form the provider's own form `op.logoutForm`, as HTML */
export const signOutPage = (form: string): string =>
  page(
    say('signOutAsk'),
    form +
      actions(
        button('op.logoutForm', sayInLine('signOut'), 'class="primary" value="yes" name="logout"'),
        button('op.logoutForm', sayInLine('staySignedIn')),
      ),
  );

export const signedOutPage = (): string => page(say('signedOut'));

/** The script that presses the button of `goOnPage`, where it may. */
export const GO_ON = { path: '/oidc/go-on.js', script: 'document.forms[0].submit();\n' };

/** A form that is to be sent at once, and has a button where no script runs. @param form as HTML, with the id `op.goOn` */
export const goOnPage = (form: string): string =>
  page(
    say('goingOn'),
    form + actions(button('op.goOn', sayInLine('goOn'), 'class="primary"')),
    `<script defer src="${GO_ON.path}"></script>`,
  );

/** @param form the provider's own form `op.deviceInputForm`, as HTML @param wrong the code typed before is not known */
export const deviceCodePage = (form: string, wrong: boolean): string =>
  page(
    say('deviceCode'),
    // The library's own form has a handler in it that our policy does not let run.
    (wrong ? `<p class="notice bad" role="alert">${say('deviceCodeWrong')}</p>` : '') +
      form.replace(/ onfocus="[^"]*"/, '') +
      actions(button('op.deviceInputForm', sayInLine('goOn'), 'class="primary"')),
  );

/** @param form the provider's own form `op.deviceConfirmForm`, as HTML @param name of the site that the device signs in to @param says what the device calls itself */
export const deviceConfirmPage = (form: string, name: string, says: string, userCode: string): string =>
  page(
    say('deviceAsk', { name }),
    `${note(says)}<p>${say('deviceSame')}</p><p class="digits">${escaped(userCode)}</p>${form}${actions(
      button('op.deviceConfirmForm', sayInLine('deviceYes'), 'class="primary"'),
      button('op.deviceConfirmForm', sayInLine('cancel'), 'value="yes" name="abort"'),
    )}`,
  );

export const deviceDonePage = (): string => page(say('deviceSignedIn'));

export const deviceDeclinedPage = (): string => page(say('access_denied'));
