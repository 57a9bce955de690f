// Codes that reach the page, by its address or before the list's camera: a computer's, a recovery sheet's, a secret for one-time codes.
import { effect, signal } from '@preact/signals';
import { codeOf } from '../../protocol/errors.ts';
import { formatQrLink, parseFragment, parseQrLink, type QrLink } from '../../protocol/qr-link.ts';
import { isSheet, readSheet } from '../../protocol/recovery.ts';
import { say } from '../parts/language.ts';
import { sheetKey } from '../shell/first-run.ts';
import { go, insideApp, tell } from '../shell/state.ts';
import { isUnlocked, recovery } from '../vault/vault.ts';
import { inApp, rejected, scanned, takeLink } from './this-phone.ts';

/** The link that opened the page inside another app, for the person to take along; empty until there is one. */
export const carried = signal('');

/** Whatever the page was opened with. */
export async function openLink(fragment: string): Promise<void> {
  if (isSheet(fragment)) return takeSheet(fragment);
  let code: QrLink;
  try {
    code = parseFragment(fragment, location.origin);
  } catch (error) {
    rejected.value = { code: codeOf(error, 'not-a-code') };
    return;
  }
  if (!insideApp) return takeLink(code, 'navigation');
  carried.value = formatQrLink(code);
  await inApp.look(code);
}

/** Whatever the list's camera saw. */
export const takeScanned = (text: string): void => take(text, scanned);

/** A picture, or a link that was typed: it may have come from anywhere, so it counts as a link that was opened. */
export const takeGiven = (text: string): void =>
  take(text, async (link) => {
    try {
      await takeLink(parseQrLink(link), 'navigation');
    } catch (error) {
      rejected.value = { code: codeOf(error, 'not-a-code') };
    }
  });

function take(text: string, signIn: (link: string) => Promise<void>): void {
  rejected.value = undefined;
  if (/^otpauth-migration:/i.test(text)) go({ at: 'import', codes: text });
  else if (/^otpauth:/i.test(text)) go({ at: 'edit', site: '', totp: text });
  else {
    go({ at: 'list' });
    void (isSheet(text) ? takeSheet(text) : signIn(text));
  }
}

/** A recovery sheet opens nothing where there is a vault already; it shows that it can still be read. */
async function takeSheet(text: string): Promise<void> {
  try {
    sheetKey.value = await readSheet(text);
  } catch (error) {
    rejected.value = { code: codeOf(error, 'not-a-sheet') };
  }
}

/** A sheet that was scanned where it is not needed was at least tried. */
export const trySheets = (): (() => void) =>
  effect(() => {
    if (!isUnlocked.value || !sheetKey.value) return;
    tell(say(sheetKey.value === recovery.value ? 'sheetGood' : 'sheetOther'));
    sheetKey.value = '';
  });
