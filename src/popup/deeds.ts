// Does what a button of the frame is for.
import browser from 'webextension-polyfill';
import { permissionsFor, siteOf } from '../extension/permissions.ts';
import type { Deed } from './frame.ts';
import { ask, known, openWelcome } from './state.ts';
import { begin, choosingProvider, inSettings, numberOf, stored, tab } from './tab.ts';
import { reachable } from './ways.ts';

/** Asks the browser for a permission in the person's own click. The background hears first: this popup may be gone by then. */
const askBrowser = (what: Parameters<typeof browser.permissions.request>[0], then = (_is: boolean) => {}): void =>
  void browser.permissions.request(what).then(then, () => {});

export function perform(deed: Deed): void {
  const tabId = tab.value?.id;
  switch (deed.do) {
    case 'begin':
      return void begin(deed.anew ? 'renew' : 'open');
    case 'close':
      window.close();
      return;
    case 'finish-setup':
      openWelcome();
      window.close();
      return;
    case 'choose-server':
      inSettings.value = true;
      return;
    case 'show-number': {
      const { signIn, request } = stored.value;
      const moved = [request, signIn].find((one) => one?.digits !== undefined);
      numberOf.value = numberOf.value === undefined ? moved?.sid : undefined;
      return;
    }
    case 'choose-provider':
      choosingProvider.value = !choosingProvider.value;
      return;
    case 'cancel':
      return void ask({ t: 'cancel', sid: deed.sid });
    case 'call':
      if (tabId !== undefined) void ask({ t: 'call', tabId, pairing: deed.pairing, save: deed.save });
      return;
    case 'pair':
      return void ask({ t: 'pair', sid: deed.sid, yes: deed.yes });
    case 'drop-offer':
      return void ask({ t: 'drop-offer', tabId: deed.tabId });
    case 'allow': {
      const { need, keep } = deed;
      void ask({ t: 'allow', need, keep });
      askBrowser(permissionsFor(need), () => void ask({ t: 'allow', need, keep }));
      return;
    }
    case 'automatic': {
      const { origin, pairing, given } = deed;
      const off = { t: 'automatic', origin, pairing: null, tabId: deed.tabId } as const;
      if (pairing === null) return void ask(off);
      void ask({ ...off, pairing, given });
      askBrowser({ origins: [siteOf(origin)] }, (is) => {
        if (!is) void ask(off);
      });
      return;
    }
    case 'split-key': {
      const { how, origin, provider } = deed;
      const [phone] = reachable({ known: known.value });
      const { companion = null, companionAllowed: given = false } = known.value ?? {};
      void ask({
        t: 'split-key',
        do: how,
        tabId: deed.tabId,
        origin,
        provider,
        given,
        ...(phone ? { pairing: phone.id } : {}),
      });
      // Leave to see where the visit ends.
      if (how !== 'drop' && companion !== null) askBrowser({ origins: [siteOf(companion)] });
      return;
    }
  }
}
