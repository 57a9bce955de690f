// Runs on sites that the person has set to sign in by themselves, after the content script: says once that a sign-in form has
// come up in a tab that somebody looks at, and watches for logins typed by hand.
import browser from 'webextension-polyfill';
import type { PageMessage } from '../extension/messages.ts';

const FORM_WAIT_MS = 10_000;

/** Whether this page was reached from another one of the same site: a "sign out" leads here like that. */
function isFromSite(): boolean {
  const { activation } = (globalThis as { navigation?: { activation?: { from?: { url: string | null } | null } } })
    .navigation ?? { activation: null };
  return [document.referrer, activation?.from?.url ?? ''].some(
    (address) => URL.canParse(address) && new URL(address).origin === location.origin,
  );
}

async function arrive(): Promise<void> {
  const { scankey } = globalThis;
  if (!scankey || window.top !== window) return;
  scankey.watch((typed) => void browser.runtime.sendMessage(typed).catch(() => {}));
  if (document.visibilityState !== 'visible')
    await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
  for (const end = performance.now() + FORM_WAIT_MS; performance.now() < end; ) {
    const { step } = scankey.look();
    if (step && step !== 'code') {
      await browser.runtime.sendMessage({ t: 'arrived', fromSite: isFromSite() } satisfies PageMessage).catch(() => {});
      return;
    }
    await scankey.change(1_000);
  }
}

void arrive();
