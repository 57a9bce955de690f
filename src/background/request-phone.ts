// A sign-in that asks a remembered phone, because the person clicked or because a page of their choice came up.
import browser from 'webextension-polyfill';
import type { Reply } from '../extension/messages.ts';
import { allows, policyInForce } from '../extension/policy.ts';
import { fromBase64, randomBytes, toBase64 } from '../protocol/encoding.ts';
import { codeOf } from '../protocol/errors.ts';
import { newMail } from '../protocol/mailbox.ts';
import { proofOf, pskOf, requestSent } from '../protocol/pairing.ts';
import { newKeyPair } from '../protocol/seal.ts';
import { newBrowserSession } from '../protocol/session/browser.ts';
import * as automatic from './automatic.ts';
import { isPrivate, lookAt, pageOf } from './page.ts';
import { reachablePhones } from './paired-phones.ts';
import { allowCode } from './phone-page.ts';
import type { SaveOffers } from './save-offer.ts';
import type { SignIns } from './sign-ins.ts';
import type { SignInRecord } from './storage.ts';
import * as storage from './storage.ts';
import { viewOf } from './view.ts';

/** What a phone is asked with. */
export interface RequestDependencies {
  signIns: SignIns;
  saveOffers: SaveOffers;
}

interface Wish {
  tabId: number;
  /** The phone's pairing. */
  pairing: string;
  /** It is asked to save what was typed in the tab, not to sign in. */
  saves?: boolean;
  /** The page asked by coming up, not the person. */
  automatic?: boolean;
  /** It is asked to let the password be stored here, under a key of which this is the companion's half. */
  splitKey?: SignInRecord['splitKey'];
}

/** Asks a remembered phone for a tab; an older request to it is given up. */
export async function requestPhone({ signIns, saveOffers }: RequestDependencies, wish: Wish): Promise<Reply> {
  const { clock, pairings } = signIns.surroundings;
  const { tabId, pairing: id, saves = false } = wish;
  const phone = (await reachablePhones(pairings)).find((one) => one.id === id);
  if (!phone) return { ok: false, code: 'link-ended' };
  for (const one of signIns.all()) {
    const { pairedRequest } = one.record;
    if (!pairedRequest || (pairedRequest.pairing !== id && one.tabId !== tabId)) continue;
    await one.apply({ t: 'cancel' });
    await signIns.remove(one);
  }
  // The popup may have looked at the page already, and have been allowed into a frame of it.
  const shown = signIns.ofTab(tabId).find((one) => one.live)?.record;
  const page = shown ? undefined : await lookAt({ tabId });
  const tab = await browser.tabs.get(tabId);
  const origin = (saves ? saveOffers.originOf(tabId) : undefined) ?? shown?.view.origin ?? page?.look.origin;
  if (origin === undefined) return { ok: false, code: 'page-forbidden' };
  if (!allows(await policyInForce(), origin)) return { ok: false, code: 'site-not-allowed' };
  const { relay } = await storage.readCompanion();
  // Whoever answers opens the phone page.
  const refused = await allowCode(relay).then(
    () => undefined,
    (error) => codeOf(error, 'unreachable'),
  );
  if (refused) return { ok: false, code: refused };
  const { seed, publicKey } = await newKeyPair();
  const sid = randomBytes(16);
  const now = clock.now();
  const ringing = await pairings.change(id, (one) => ({ ...one, ...requestSent(one, toBase64(sid), now) }));
  if (!ringing) return { ok: false, code: 'link-ended' };
  const { time = now } = ringing;
  const proof = await proofOf(ringing.key, { pairingId: fromBase64(id), sid, time, publicKey });
  const seen = shown && {
    purpose: shown.view.purpose,
    formSeen: shown.view.formSeen,
    ...(shown.view.frame === undefined ? {} : { frame: shown.view.frame }),
    ...(shown.view.need && !saves ? { need: shown.view.need } : {}),
  };
  const signIn = await signIns.add({
    view: {
      ...viewOf(toBase64(sid), tabId, origin, page?.look, now),
      ...seen,
      ...(saves ? { purpose: 'save' } : {}),
      session: newBrowserSession(now, 'call'),
      called: { pairing: id, name: phone.name },
      incognito: tab.incognito,
    },
    mail: newMail(toBase64(randomBytes(32))),
    relay,
    keys: {
      secret: toBase64(await pskOf(ringing.key)),
      seed: toBase64(seed),
      publicKey: toBase64(publicKey),
      origin: phone.origin,
    },
    pairedRequest: { pairing: id, box: phone.box, time, proof: toBase64(proof) },
    page: shown && !saves ? { ...shown.page } : pageOf(page),
    ...(shown?.allowed && !saves ? { allowed: shown.allowed } : {}),
    ...(wish.automatic ? { automatic: true } : {}),
    ...(wish.splitKey ? { splitKey: wish.splitKey } : {}),
  });
  if (!signIn) return { ok: true };
  await signIns.connect(signIn);
  return { ok: true };
}

/** A sign-in page of a site that signs in by itself has come up. @param fromSite it was reached from another page of the site */
export async function pageArrived(
  dependencies: RequestDependencies,
  tabId: number,
  origin: string,
  fromSite: boolean,
): Promise<void> {
  const { signIns } = dependencies;
  const site = await automatic.find(origin);
  if (!site || signIns.ofTab(tabId).some((one) => one.live)) return;
  if (await isPrivate(tabId)) return;
  if (!automatic.mayCall(await storage.readRecord(origin), tabId, fromSite, signIns.surroundings.clock.now())) return;
  await requestPhone(dependencies, { tabId, pairing: site.pairing, automatic: true });
}
