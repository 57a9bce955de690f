// What is asked of the phone, by what the page shows at this very moment.
import type { Look } from '../extension/page-api.ts';
import { allows, readManaged } from '../extension/policy.ts';
import type { Code } from '../protocol/errors.ts';
import type { Message } from '../protocol/messages.ts';
import { computerOf } from '../protocol/user-agent.ts';
import { lookAgain } from './page.ts';
import type { SaveOffers } from './save-offer.ts';
import type { SignIn } from './sign-in.ts';
import * as storage from './storage.ts';

type Request = Message<'request'>;

/** The request of this sign-in; undefined when what was to be saved is gone. The form may have come, or changed, since it began. */
export async function requestOf(signIn: SignIn, saveOffers: SaveOffers): Promise<Request | undefined> {
  const { view, page } = signIn.record;
  const look = await lookAgain({ tabId: view.tabId, documentId: page.documentId });
  if (look) Object.assign(page, { step: look.step, sets: look.sets, rules: look.rules, name: look.name });
  const asked = await askedOf(signIn, look, saveOffers);
  return (
    asked && {
      v: 1,
      t: 'request',
      topOrigin: view.origin,
      frameOrigin: signIn.formOrigin,
      title: page.title,
      ...computerOf(navigator.userAgent),
      ...asked,
      time: signIn.surroundings.clock.now(),
    }
  );
}

/** Why the policy in force lets this sign-in go no further. @param sendsTo the one other origin that its form posts to */
export async function refusalOf(
  { record: { view, relay, pairedRequest }, formOrigin }: Pick<SignIn, 'record' | 'formOrigin'>,
  sendsTo?: string,
): Promise<Code | undefined> {
  const managed = await readManaged();
  if (managed.is === 'wrong') return 'policy-wrong';
  const { policy } = managed;
  const origins = [view.origin, formOrigin, ...(sendsTo === undefined ? [] : [sendsTo])];
  if (origins.some((origin) => !allows(policy, origin))) return 'site-not-allowed';
  if (policy.companion && policy.companion !== relay) return 'way-not-allowed';
  if (policy.noPairing && pairedRequest) return 'way-not-allowed';
  return policy.nearOnly && !view.near ? 'near-only' : undefined;
}

async function askedOf(
  { record: { view, page, pairedRequest, splitKey }, surroundings: { pairings } }: SignIn,
  look: Look | undefined,
  saveOffers: SaveOffers,
): Promise<(Pick<Request, 'kind'> & Partial<Request>) | undefined> {
  const newest = pairedRequest && (await pairings.find(pairedRequest.pairing))?.rev;
  const witness = newest === undefined ? {} : { newest };
  if (view.purpose === 'save') {
    const login = saveOffers.peek(view.tabId);
    return login && { kind: 'save', ...login, ...witness };
  }
  if (page.url !== undefined) return { kind: 'basic', ...witness };
  const target = look?.sendsTo && (look.step || look.sets) ? { sendsTo: look.sendsTo } : {};
  if (look?.sets) {
    view.purpose = 'new';
    return { kind: 'new', saves: look.sets, rules: look.rules, username: look.name, ...target, ...witness };
  }
  // Only the companion in force, whose page the phone knows, is asked for a proof.
  if (look?.signIn && view.origin === (await storage.readCompanion()).phoneOrigin) {
    view.purpose = 'identity';
    return { kind: 'identity', signIn: look.signIn, ...witness };
  }
  // A sign-in page of another companion is asked for as any other page.
  view.purpose = 'sign-in';
  return {
    kind: look?.step === 'code' ? 'otp' : 'password',
    otp: look?.otp ?? false,
    extra: look?.extra ?? false,
    ...target,
    ...witness,
    ...(splitKey ? { keep: splitKey.provider } : {}),
  };
}
