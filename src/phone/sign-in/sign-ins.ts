// The sign-in that is under way on a phone, if there is one: a code or a remembered computer's request begins it, a reload goes on with it.
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { randomBytes, toBase64 } from '../../protocol/encoding.ts';
import { codeOf, type Code as ErrorCode } from '../../protocol/errors.ts';
import { newMail } from '../../protocol/mailbox.ts';
import { formatQrLink, parseQrLink, type QrLink, sessionId } from '../../protocol/qr-link.ts';
import { newPhoneSession } from '../../protocol/session/phone.ts';
import type { Requests } from '../pairing/listening.ts';
import type { WaitingRequest } from '../pairing/pairings.ts';
import type { Approval } from './approval.ts';
import { PhoneSignIn, type Surroundings as SurroundingsOfOne } from './phone-sign-in.ts';
import { type Pending, type Start, startOf } from './start.ts';

export interface Surroundings extends Omit<SurroundingsOfOne, 'onAlarm' | 'onDismissed'> {
  /** Origin of the companion that serves this page: its codes alone are taken up. */
  companion: string;
  requests: Pick<Requests, 'quiet' | 'endPairing' | 'takeUp'>;
  /** Has `work` done when no other tab of this phone has a sign-in under way. */
  whileAlone<T>(work: () => Promise<T>): Promise<T>;
  store: SurroundingsOfOne['store'] & { readPending(): Promise<Pending | undefined> };
}

export interface SignIns {
  readonly signIn: ReadonlySignal<PhoneSignIn | undefined>;
  /** What the screens show of it. */
  readonly approval: ReadonlySignal<Approval | undefined>;
  /** Why a code that was scanned or opened was not taken up; set by whoever reads codes that are no sign-in's, too. */
  readonly rejected: { value: { code: ErrorCode; origin?: string } | undefined };
  /** A copied browser was found out, and its pairing suspended: until the person has read of it. */
  readonly alarmed: { value: string | undefined };
  /** Takes up what a camera saw. At the step that asks for it, the same code again is the proof. */
  scanned(text: string): Promise<void>;
  /** Begins with a code. Whatever was under way is cancelled. @param known inside an app, its provider has said who this is */
  takeLink(link: QrLink, via: 'camera' | 'navigation', known?: boolean): Promise<void>;
  /** Takes up the request of a remembered computer. Whatever was under way is cancelled. */
  takeRequest(call: WaitingRequest): Promise<void>;
  /** After a reload: goes on with the sign-in that was under way, unless another tab has it. @returns whether there was one */
  resume(): Promise<boolean>;
}

export function signInsOf(phone: Surroundings): SignIns {
  const { companion, requests, store, clock, whileAlone } = phone;
  const signIn = signal<PhoneSignIn | undefined>(undefined);
  const rejected: SignIns['rejected'] = signal(undefined);
  const alarmed: SignIns['alarmed'] = signal(undefined);
  const onAlarm = (pairingId: string) => {
    alarmed.value = pairingId;
  };

  /** Resolves once `one` has given way to another, or to none. */
  const over = (one: PhoneSignIn): Promise<void> =>
    new Promise((resolve) => {
      const stop = signIn.subscribe((now) => {
        if (now === one) return;
        resolve();
        // It is called before there is anything to stop, too.
        queueMicrotask(() => stop());
      });
    });

  // A tab that is opened meanwhile does not take it for one that a reload has left.
  effect(() => {
    const one = signIn.value;
    if (one) void whileAlone(() => over(one));
  });

  /** One that is shown and goes on. */
  const live = () => (signIn.value?.shown.value && signIn.value.live ? signIn.value : undefined);
  const cancel = async () => void (await live()?.conversation.apply({ t: 'cancel' }));
  const freshMail = () => newMail(toBase64(randomBytes(32)));

  async function begin(start: Start): Promise<PhoneSignIn> {
    signIn.value?.stop();
    const next: PhoneSignIn = new PhoneSignIn(start, {
      ...phone,
      onAlarm,
      onDismissed() {
        if (signIn.value === next) signIn.value = undefined;
      },
    });
    signIn.value = next;
    await next.begin();
    return next;
  }

  async function takeLink(link: QrLink, via: 'camera' | 'navigation', known = false): Promise<void> {
    rejected.value = undefined;
    if (link.origin !== companion) {
      rejected.value = { code: 'other-companion', origin: link.origin };
      return;
    }
    await cancel();
    const sid = toBase64(await sessionId(link.secret));
    const session = newPhoneSession(clock.now(), via);
    await begin({ sid, link, via, session, mail: freshMail(), ...(known ? { known } : {}) });
  }

  return {
    signIn,
    approval: computed(() => signIn.value?.shown.value),
    rejected,
    alarmed,
    takeLink,

    async scanned(text) {
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
    },

    async takeRequest(call) {
      // A second one would join as another phone, and stop the first, which may be trying out a copy without anything to see.
      if (!requests.takeUp(call)) return;
      rejected.value = undefined;
      await cancel();
      const session = newPhoneSession(clock.now(), 'call');
      await begin({ sid: call.sid, call, via: 'call', session, mail: freshMail() });
    },

    resume: () =>
      new Promise((resolve, reject) => {
        const work = async () => {
          // This tab may have begun another one while it waited.
          const pending = signIn.value ? undefined : await store.readPending();
          const start = pending && startOf(pending, clock.now());
          const begun = start && (await begin(start));
          if (pending && !begun) await store.dropPending();
          resolve(begun !== undefined);
          // Of several tabs that waited the next has its turn only then. The person may have been quicker.
          if (begun) await over(begun);
        };
        whileAlone(work).catch(reject);
      }),
  };
}
