// What several frames say and offer: remembered phones, what was agreed on for this site, providers whose word signs in, and what is
// wrong with the companion.
import type { Phone } from '../extension/messages.ts';
import type { View } from '../extension/view.ts';
import type { About, Button, Frame, Row, Words } from './frame.ts';
import type { Trouble } from './troubles.ts';

/** Phones that the companion in force reaches. */
export const reachable = ({ known }: Pick<About, 'known'>): Phone[] => (known?.phones ?? []).filter(({ here }) => here);

/** Phones that can be asked. @param failed the one that was asked in vain @param ringing the one that is being asked */
export function phonesRow(about: About, { say }: Words, failed?: string, ringing?: string): Row[] {
  const phones = reachable(about).filter(({ id }) => id !== ringing);
  if (phones.length === 0) return [];
  const buttons = phones.map(({ id, name }): Button => {
    const sentence = say(id === failed ? 'askAgain' : 'askPhone', { phone: name });
    // Two have room for the whole sentence; more are told apart by their names.
    return {
      deed: { do: 'call', pairing: id, save: false },
      ...(reachable(about).length <= 2 || id === failed ? { label: sentence } : { label: name, name: sentence }),
    };
  });
  return [{ buttons }];
}

/** This site signs in by itself: always to be taken back. */
export function automaticRow({ known }: About, { say }: Words, { origin, tabId }: View): Row[] {
  if (!known?.automatic.some((one) => one.origin === origin)) return [];
  const deed = { do: 'automatic', origin, tabId, pairing: null, given: false } as const;
  return [{ text: say('automaticOn'), buttons: [{ label: say('automaticOff'), deed }] }];
}

/** After a sign-in by a remembered phone: from now on by itself. */
export function automaticOffer({ known, given }: About, { say }: Words, current: View): Row[] {
  const { origin, called, incognito, session, tabId, purpose } = current;
  const signedIn = session.result === 'signed-in' || (session.result === 'cannot-tell' && !session.code);
  if (!called || incognito || !signedIn || purpose !== 'sign-in') return [];
  if (known?.automatic.some((one) => one.origin === origin) || given?.origin !== origin) return [];
  const deed = { do: 'automatic', origin, tabId, pairing: called.pairing, given: given.is } as const;
  return [{ buttons: [{ label: say('automatic'), deed }] }];
}

/**
 * A provider's word alone signs in here, where a phone has agreed to that (split key): on a remembered computer, and never in a private
 * window.
 */
export function providerRows(about: About, { say, provider: nameOf }: Words, current: View): Row[] {
  const { origin, tabId, incognito, formSeen, purpose } = current;
  const { splitKeys = [], providers = [] } = about.known ?? {};
  if (incognito || !formSeen || purpose !== 'sign-in') return [];
  const stored = splitKeys.filter((one) => one.origin === origin);
  const others = providers.filter((provider) => !stored.some((one) => one.provider === provider));
  const rows: Row[] = stored.map(({ provider }) => ({
    buttons: [
      {
        label: say('byProvider', { provider: nameOf(provider) }),
        deed: { do: 'split-key', how: 'open', tabId, origin, provider },
      },
      { label: say('byProviderOff'), deed: { do: 'split-key', how: 'drop', tabId, origin, provider } },
    ],
  }));
  if (reachable(about).length === 0 || others.length === 0) return rows;
  const { providers: open } = about.opened;
  rows.push({ buttons: [{ label: say('byProviderOn'), deed: { do: 'choose-provider' }, open }] });
  if (open)
    rows.push({
      buttons: others.map((provider) => ({
        label: nameOf(provider),
        deed: { do: 'split-key', how: 'make', tabId, origin, provider },
      })),
    });
  return rows;
}

/** What is wrong with the companion, which is looked for all the while. @param first what was wrong when it was asked for the first time */
export function troubleWords(
  { trouble, relay }: About,
  { say, reason }: Words,
  first: Trouble = 'unreachable',
): Pick<Frame, 'headline' | 'detail' | 'admit'> {
  const code = trouble ?? first;
  return {
    headline: code === 'unreachable' ? say('unreachable', { relay }) : reason(code),
    detail: [say('looksAgain')],
    ...(code === 'origin-required' ? { admit: true } : {}),
  };
}
