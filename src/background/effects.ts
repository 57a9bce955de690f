// What the session machine may ask of this browser, and what is done then.
import { pack, requestHash } from '../protocol/messages.ts';
import { closingOf, outcomeOf } from '../protocol/session/browser.ts';
import { TIMES } from '../protocol/session/types.ts';
import { deliverCredential, fillCode, handInProof } from './delivery.ts';
import { eventOf } from './judge.ts';
import { identityOf, isStillThere, pageOf } from './page.ts';
import { refusalOf, requestOf } from './request.ts';
import { hearsRequests, Requests } from './requests.ts';
import type { SaveOffers } from './save-offer.ts';
import type { Effects, SignIn } from './sign-in.ts';
import { BLOCKED, notSent, watch } from './steps.ts';

/** @param saveOffers logins that were typed by hand, for the sign-ins that ask a phone to save one */
export function effectsOf(signIn: SignIn, saveOffers: SaveOffers): Effects {
  const { record, tabId, surroundings } = signIn;
  const { view } = record;
  // Of the step that was filled in last; a worker that died meanwhile has heard of none.
  let requests: Requests | undefined;
  const isRefused = async (sendsTo?: string): Promise<boolean> => {
    const code = await refusalOf(signIn, sendsTo);
    if (code) await signIn.apply({ t: 'not-filled', code });
    return code !== undefined;
  };
  const listen = async (): Promise<Requests> => {
    const isHeard = await hearsRequests(signIn.formOrigin);
    requests?.stop();
    const heard = new Requests(tabId, isHeard);
    // However it ends.
    surroundings.clock.after(TIMES.deliverMs + TIMES.outcomeMs, () => heard.stop());
    requests = heard;
    return heard;
  };
  const watchOutcome = async (): Promise<void> => {
    const { page } = record;
    if (page.url !== undefined || view.purpose === 'new' || view.purpose === 'identity') return;
    const otpGiven = view.session.otp !== undefined || page.otpGiven;
    // Not awaited: the relay may forget the credential now, and the machine's own deadline bounds the watching.
    const stood = { ...page, otpGiven, account: view.account };
    void watch(surroundings.clock, signIn.place, stood, requests).then(async (seen) => {
      requests?.stop();
      if (seen.result === 'stopped') return signIn.apply({ t: 'not-filled', code: seen.code });
      const { page: now, ...told } = seen;
      // What stands there now is what a next step or a next sign-in is held against.
      const kept = told.result === 'otp' ? { ...page, ...pageOf(now) } : identityOf(now);
      if (now) record.page = { ...kept, title: page.title };
      // A tap covers a code for the page that was confirmed, not for where its form has led.
      const isElsewhere = told.result === 'otp' && now?.look.origin !== signIn.formOrigin;
      return signIn.apply(eventOf(isElsewhere ? { result: 'more', text: '' } : told));
    });
  };
  return {
    async 'send-request'() {
      // Before the page is looked at, and again for where its form sends.
      if (await isRefused()) return;
      const request = await requestOf(signIn, saveOffers);
      if (!request) return void (await signIn.apply({ t: 'cancel' }));
      if (await isRefused(request.sendsTo)) return;
      const plaintext = pack('request', request);
      const { kind, frameOrigin, sendsTo } = request;
      const hash = await requestHash(plaintext);
      record.asked = { attempt: view.session.attempt, hash, kind, frameOrigin, ...(sendsTo ? { sendsTo } : {}) };
      await signIn.send('request', plaintext);
    },
    async 'check-tab'({ given }) {
      // The policy may have changed while the person was asked.
      if (await isRefused(signIn.sendsTo)) return;
      const there = await isStillThere(record, signIn.formOrigin);
      await signIn.apply(there ? { t: 'tab-ok', given } : { t: 'tab-moved' });
    },
    deliver: async ({ given }) => {
      if (given.t === 'identity') return handInProof(signIn, given);
      // The browser's own window is answered in sight of its requests anyway.
      return deliverCredential(signIn, given, record.page.url === undefined ? await listen() : undefined);
    },
    'watch-outcome': watchOutcome,
    'ask-otp': () => signIn.send('outcome', pack('outcome', { v: 1, t: 'otp-request' })),
    async 'fill-otp'({ code }) {
      await listen();
      const report = await fillCode(signIn, code);
      if (report?.done === 'entered') return void (await signIn.apply(eventOf(notSent(report))));
      if (report?.done === 'silent') return void (await signIn.apply(eventOf(BLOCKED)));
      if (report?.done !== 'not-filled') return watchOutcome();
      // Where there is only no place for it the person goes on alone; not where it was about to go elsewhere.
      if (/^(no-form|covered|does-not-fit)$/.test(report.code))
        return void (await signIn.apply({ t: 'outcome', result: 'more' }));
      await signIn.apply({ t: 'not-filled', code: report.code });
    },
    async 'send-outcome'() {
      if (view.session.result === 'saved') await saveOffers.drop(tabId);
      await signIn.send('outcome', pack('outcome', outcomeOf(view.session)));
    },
    close: async () => signIn.close(closingOf(view.session)),
  };
}
