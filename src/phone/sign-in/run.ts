// The sign-in that is under way on this phone, if there is one: how it begins, and what the person says to it.
import { computed, signal } from '@preact/signals';
import { fromBase64, randomBytes, toBase64 } from '../../protocol/encoding.ts';
import { codeOf, type Code as ErrorCode } from '../../protocol/errors.ts';
import { newMail } from '../../protocol/mailbox.ts';
import { formatQrLink, parseQrLink, type QrLink, sessionId } from '../../protocol/qr-link.ts';
import { LIMITS } from '../../protocol/relay.ts';
import { newPhoneSession } from '../../protocol/session/phone.ts';
import type { WaitingRequest } from '../pairing/computers.ts';
import { takeUp } from '../pairing/requests.ts';
import { dropPending, readPending } from './pending.ts';
import { PhoneSignIn, type Start } from './phone-sign-in.ts';

export const signIn = signal<PhoneSignIn | undefined>(undefined);
/** What the screens show of it. */
export const approval = computed(() => signIn.value?.shown.value);
/** Why a code that was scanned or opened was not taken up. */
export const rejected = signal<{ code: ErrorCode; origin?: string } | undefined>(undefined);

/** One that is shown and goes on. */
const live = (): PhoneSignIn | undefined => (signIn.value?.shown.value && signIn.value.live ? signIn.value : undefined);

async function begin(start: Start): Promise<void> {
  signIn.value?.stop();
  const next = new PhoneSignIn(start);
  signIn.value = next;
  await next.begin();
}

const freshMail = () => newMail(toBase64(randomBytes(32)));

/** Takes up what a camera saw. At the step that asks for it, the same code again is the proof. */
export async function scanned(text: string): Promise<void> {
  let link: QrLink;
  try {
    link = parseQrLink(text);
  } catch (error) {
    rejected.value = { code: codeOf(error, 'not-a-code') };
    return;
  }
  const current = live();
  if (current?.start.link && formatQrLink(current.start.link) === formatQrLink(link))
    await current.conversation.apply({ t: 'camera' });
  else await takeLink(link, 'camera');
}

/** Begins with a code. Whatever was under way is cancelled. @param known inside an app, its provider has said who this is */
export async function takeLink(link: QrLink, via: 'camera' | 'navigation', known = false): Promise<void> {
  rejected.value = undefined;
  if (link.origin !== location.origin) {
    rejected.value = { code: 'other-companion', origin: link.origin };
    return;
  }
  await live()?.conversation.apply({ t: 'cancel' });
  const sid = toBase64(await sessionId(link.secret));
  const session = newPhoneSession(Date.now(), via);
  await begin({ sid, link, via, session, mail: freshMail(), ...(known ? { known } : {}) });
}

/** Takes up the request of a remembered computer. Whatever was under way is cancelled. */
export async function takeRequest(call: WaitingRequest): Promise<void> {
  // A second one would join as another phone, and stop the first, which may be trying out a copy without anything to see.
  if (!takeUp(call)) return;
  rejected.value = undefined;
  await live()?.conversation.apply({ t: 'cancel' });
  const session = newPhoneSession(Date.now(), 'call');
  await begin({ sid: call.sid, call, via: 'call', session, mail: freshMail() });
}

/** After a reload: goes on with the sign-in that was under way. @returns whether there was one */
export async function resume(): Promise<boolean> {
  const pending = await readPending();
  if (!pending) return false;
  const { sid, via, mail, sealed, startedAt, account } = pending;
  const attempt = pending.attempt + (sealed ? 0 : 1);
  if (Date.now() > startedAt + LIMITS.sessionMs || attempt > 3) {
    await dropPending();
    return false;
  }
  const link = pending.link === undefined ? {} : { link: parseQrLink(pending.link) };
  const session = { ...newPhoneSession(Date.now(), via, attempt), startedAt };
  // Joining once more with the same token gives the browser's key and the nearness again.
  if (!sealed) await begin({ sid, ...link, via, session, mail: { ...mail, known: false } });
  else
    await begin({
      sid,
      ...link,
      via,
      mail,
      session: {
        ...session,
        state: 'sealed',
        deadline: startedAt + LIMITS.sessionMs,
        laterCode: account !== undefined,
      },
      keyring: { encapsulated: fromBase64(sealed.encapsulated), response: fromBase64(sealed.response) },
      ...(account === undefined ? {} : { account }),
    });
  return true;
}
