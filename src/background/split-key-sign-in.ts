// Signing in on this remembered computer by a provider's word alone, and having a password stored for that. The popup has gone by
// then: how it went shows in the page, and in the popup when it is opened again.
import browser from 'webextension-polyfill';
import type { Ask } from '../extension/messages.ts';
import { allows, policyInForce } from '../extension/policy.ts';
import type { Clock } from '../protocol/clock.ts';
import { randomBytes, toBase64 } from '../protocol/encoding.ts';
import { codeOf, ScankeyError } from '../protocol/errors.ts';
import { newMail } from '../protocol/mailbox.ts';
import { newBrowserSession } from '../protocol/session/browser.ts';
import type { BrowserSession } from '../protocol/session/types.ts';
import { isPrivate, lookAt, pageOf } from './page.ts';
import { type RequestDependencies, requestPhone } from './request-phone.ts';
import type { SignIns } from './sign-ins.ts';
import * as splitKey from './split-key.ts';
import { deliver, watch } from './steps.ts';
import * as storage from './storage.ts';
import { viewOf } from './view.ts';

type Wish = Extract<Ask, { t: 'split-key' }>;

/** @throws ScankeyError `way-not-allowed` where nothing may stay on this computer that signs in, or not to this site */
async function mayStay(origin: string): Promise<void> {
  const policy = await policyInForce();
  if (policy.noPairing || !allows(policy, origin)) throw new ScankeyError('way-not-allowed');
}

/**
 * Has the password of a tab's site stored for a provider's word to open, by a phone that agrees.
 * @throws ScankeyError `page-forbidden` in a private window, which leaves nothing behind; nobody reads it, for the popup offers this in none
 */
export async function makeSplitKey(
  dependencies: RequestDependencies,
  { tabId, origin, provider, pairing, given }: Wish,
): Promise<void> {
  if (await isPrivate(tabId)) throw new ScankeyError('page-forbidden');
  await mayStay(origin);
  if (!given) await splitKey.noteLeave();
  const { signIns } = dependencies;
  // A phone that was asked already is asked anew afterwards.
  await signIns.giveUp(tabId);
  const { surroundings } = signIns;
  try {
    const made = await splitKey
      .make(surroundings, provider)
      .finally(() => browser.tabs.update(tabId, { active: true }));
    if (pairing !== undefined) await requestPhone(dependencies, { tabId, pairing, splitKey: made });
  } finally {
    await splitKey.giveLeaveBack(surroundings.visits);
  }
}

/** Signs in to the site of a tab by a provider's word. @throws ScankeyError `page-forbidden` in a private window, where the popup does not offer it */
export async function signInBySplitKey(signIns: SignIns, { tabId, origin, provider, given }: Wish): Promise<void> {
  if (await isPrivate(tabId)) throw new ScankeyError('page-forbidden');
  await mayStay(origin);
  const stored = (await splitKey.readSplitKeys()).find((one) => one.origin === origin && one.provider === provider);
  if (!stored) return;
  if (!given) await splitKey.noteLeave();
  const { surroundings } = signIns;
  const { clock } = surroundings;
  const started = newBrowserSession(clock.now());
  let end: Partial<BrowserSession>;
  try {
    const secret = await splitKey
      .open(surroundings, stored)
      .finally(() => browser.tabs.update(tabId, { active: true }));
    // The policy may have changed during the visit.
    await mayStay(origin);
    end = await fillIn(clock, tabId, origin, secret);
  } catch (error) {
    end = { state: 'failed', code: codeOf(error, 'not-opened') };
  } finally {
    await splitKey.giveLeaveBack(surroundings.visits);
  }
  const sid = toBase64(randomBytes(16));
  await signIns.add({
    view: {
      ...viewOf(sid, tabId, origin, undefined, started.startedAt),
      session: { ...started, ...end },
      account: stored.username,
      endedAt: clock.now(),
    },
    mail: newMail(sid),
    relay: (await storage.readCompanion()).relay,
    keys: null,
    page: pageOf(undefined),
  });
}

/** @returns how it ended @throws ScankeyError when nothing was filled in */
async function fillIn(
  clock: Clock,
  tabId: number,
  origin: string,
  secret: splitKey.Secret,
): Promise<Partial<BrowserSession>> {
  const page = await lookAt({ tabId });
  if (!page || page.look.origin !== origin) throw new ScankeyError('page-left');
  const report = await deliver(
    clock,
    { tabId },
    origin,
    page,
    { ...secret, otp: '' },
    () => true,
    async () => {},
  );
  if (report.done === 'not-filled') throw new ScankeyError(report.code);
  const sent = () => watch(clock, { tabId }, { ...report.page.look, account: secret.username });
  const seen = report.done === 'filled' ? await sent() : report.told;
  if (seen.result === 'stopped') throw new ScankeyError(seen.code);
  const { result, text, code } = seen;
  return {
    state: 'done',
    result: result === 'otp' ? 'more' : result,
    ...(text ? { text } : {}),
    ...(code ? { code } : {}),
  };
}
