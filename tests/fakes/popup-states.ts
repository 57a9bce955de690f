// Every state that the popup's frame can be in, made up: what storage and background say, and what has to be seen then.
import type { Known, Phone } from '../../src/extension/messages.ts';
import type { Offer, View } from '../../src/extension/view.ts';
import type { Trouble } from '../../src/popup/troubles.ts';
import type { Code } from '../../src/protocol/errors.ts';
import { qrPath } from '../../src/protocol/qr-code.ts';
import type popup from '../../src/ui/locales/en/popup.ts';
import type { Tone } from '../../src/ui/tones.ts';

export const TAB = 7;
export const SITE = 'https://intranet.ward-north.example';
type Key = keyof typeof popup;
/** A sentence of the popup, or the one that tells of an error. */
type Told = Key | Trouble;

export interface PopupState {
  name: string;
  signIn?: View;
  request?: View;
  offer?: Offer;
  known?: Partial<Known>;
  /** The background could not begin. */
  refused?: Code;
  /** What is wrong with the companion when it is asked again. */
  trouble?: Trouble;
  /** The button that the person has pressed. */
  press?: Key;
  /** What is seen: the headline's sentence, what the buttons do in their order, and whether it closes by itself. */
  tone: Tone;
  headline: Told;
  actions: Key[];
  closes?: true;
}

/** What the background says that knows of nobody yet. */
export const NOBODY_KNOWN: Known = {
  phones: [],
  automatic: [],
  allowed: [],
  splitKeys: [],
  companion: null,
  companionAllowed: false,
  providers: [],
};

const link = `https://keys.ward-north.example/#${'ABCDEFGHJKMNPQRSTVWXYZ234567'.repeat(3).slice(0, 79)}`;
export const DRAWING = { ...qrPath(link), link };
const PHONE = 'Li’s phone';
const phone = (id: string, name: string): Phone => ({ id, name, addedAt: 0, usedAt: 0, here: true });
const one = { phones: [phone('p', PHONE)] };
const three = { phones: [phone('p', PHONE), phone('q', 'Pixel 9'), phone('r', 'Work phone of the north ward')] };
const called = { pairing: 'p', name: PHONE };
const username = 'li.wei@ward-north.example';

type Change = Omit<Partial<View>, 'session'> & Partial<View['session']> & { ago?: number };
/** @param now ms since 1970 */
const viewAt =
  (now: number) =>
  ({ state = 'created', result, code, text, otp, deadline = now, ago = 0, ...change }: Change = {}): View => ({
    sid: change.called ? 'r' : 's',
    tabId: TAB,
    origin: SITE,
    purpose: 'sign-in',
    up: true,
    formSeen: true,
    ...(change.called ? {} : { drawing: DRAWING }),
    session: {
      role: 'browser',
      state,
      startedAt: now - ago,
      deadline,
      strikes: 0,
      attempt: 0,
      ...(result ? { result } : {}),
      ...(code ? { code } : {}),
      ...(text ? { text } : {}),
      ...(otp ? { otp } : {}),
    },
    ...change,
  });

/** @param now ms since 1970, at which all of them are looked at */
export function popupStates(now: number): PopupState[] {
  const view = viewAt(now);
  const asked = { phone: PHONE, digits: '482913', near: true } as const;
  const done = { state: 'done', account: username, phone: PHONE } as const;
  const need = (why: 'frame' | 'steps' | 'outcome' | 'basic', origin = SITE) => ({ why, origin });
  const waits = { tone: 'turn', headline: 'scan', actions: [] } as const;
  const failed = { tone: 'stopped', headline: 'notSignedIn', actions: ['newCode'] } as const;
  const danger = { tone: 'danger', headline: 'stoppedForSafety', actions: ['close', 'newCode'] } as const;
  const offer: Offer = { tabId: TAB, origin: SITE, username, saves: 'login', until: now + 60_000 };
  const states: (Omit<PopupState, 'actions'> & { actions: readonly Key[] })[] = [
    { name: 'code', signIn: view({ ago: 18_000 }), ...waits },
    { name: 'code-no-form', signIn: view({ formSeen: false }), ...waits },
    { name: 'code-for-new-password', signIn: view({ purpose: 'new' }), ...waits, headline: 'scanNew' },
    { name: 'code-phone-known', signIn: view(), known: one, ...waits, headline: 'scanAny' },
    { name: 'code-three-phones', signIn: view(), known: three, ...waits, headline: 'scanAny' },
    {
      name: 'code-automatic-here',
      signIn: view(),
      known: { ...one, automatic: [{ origin: SITE, pairing: 'p' }] },
      ...waits,
      headline: 'scanAny',
    },
    {
      name: 'code-by-provider',
      signIn: view(),
      known: {
        ...one,
        providers: ['wechat', 'dingtalk'],
        splitKeys: [{ origin: SITE, provider: 'dingtalk', username }],
      },
      ...waits,
      headline: 'scanAny',
    },
    {
      name: 'code-choose-provider',
      signIn: view(),
      known: { ...one, providers: ['wechat', 'dingtalk'] },
      press: 'byProviderOn',
      ...waits,
      headline: 'scanAny',
    },
    ...(['steps', 'outcome'] as const).map((why) => ({
      name: `code-allow-${why}`,
      signIn: view({ need: need(why) }),
      ...waits,
      actions: ['allowOnce', 'allowAlways'] as const,
    })),
    ...(['frame', 'basic'] as const).map((why) => ({
      name: `code-allow-${why}`,
      signIn: view({ need: need(why, 'https://login.identity.example') }),
      ...waits,
      actions: ['allowOnce'] as const,
    })),
    {
      name: 'offline',
      signIn: view({ up: false }),
      tone: 'stopped',
      headline: 'unreachable',
      actions: ['otherCompanion'],
    },
    {
      name: 'offline-not-allowed',
      signIn: view({ up: false }),
      trouble: 'origin-required',
      tone: 'stopped',
      headline: 'origin-required',
      actions: ['otherCompanion'],
    },
    {
      name: 'ringing-offline',
      signIn: view({ up: false }),
      request: view({ called, ago: 5_000 }),
      known: one,
      tone: 'stopped',
      headline: 'unreachable',
      actions: ['stopAsking', 'otherCompanion'],
    },
    {
      name: 'ringing',
      signIn: view(),
      request: view({ called, ago: 5_000 }),
      known: one,
      tone: 'turn',
      headline: 'asking',
      actions: ['stopAsking'],
    },
    {
      name: 'ringing-of-three',
      signIn: view(),
      request: view({ called }),
      known: three,
      tone: 'turn',
      headline: 'asking',
      actions: ['stopAsking'],
    },
    {
      name: 'ringing-allow',
      signIn: view({ need: need('outcome') }),
      request: view({ called }),
      known: one,
      tone: 'turn',
      headline: 'asking',
      actions: ['allowOnce', 'allowAlways'],
    },
    {
      name: 'rang-in-vain',
      signIn: view(),
      request: view({ called, ago: 60_000 }),
      known: one,
      tone: 'turn',
      headline: 'askedInVain',
      actions: ['askAgain', 'stopAsking'],
    },
    ...(
      [
        ['called-denied', { state: 'denied' }, 'stopped'],
        ['called-too-often', { state: 'failed', code: 'called-too-often' }, 'stopped'],
        ['called-copied', { state: 'failed', code: 'link-suspended' }, 'danger'],
      ] as const
    ).map(([name, change, tone]) => ({
      name,
      signIn: view(),
      request: view({ called, ...change }),
      known: one,
      tone,
      headline: 'notSignedIn' as const,
      actions: [],
    })),
    { name: 'scanned', signIn: view({ state: 'joined' }), tone: 'turn', headline: 'scanned', actions: ['cancel'] },
    {
      name: 'confirm',
      signIn: view({ state: 'requested', ...asked }),
      tone: 'turn',
      headline: 'confirm',
      actions: ['notMe'],
    },
    {
      name: 'confirm-not-allowed',
      signIn: view({ state: 'requested', ...asked, up: false }),
      trouble: 'origin-required',
      tone: 'turn',
      headline: 'confirm',
      actions: ['notMe', 'otherCompanion'],
    },
    {
      name: 'confirm-number',
      signIn: view({ state: 'requested', ...asked }),
      press: 'asksNumber',
      tone: 'turn',
      headline: 'confirm',
      actions: ['notMe'],
    },
    {
      name: 'confirm-far',
      signIn: view({ state: 'requested', ...asked, near: false }),
      tone: 'turn',
      headline: 'confirm',
      actions: ['notMe'],
    },
    {
      name: 'confirm-called-far',
      signIn: view(),
      request: view({ called, state: 'requested', ...asked, near: false }),
      known: one,
      tone: 'turn',
      headline: 'confirm',
      actions: ['cancel'],
    },
    {
      name: 'confirm-second',
      signIn: view({ state: 'requested', ...asked, second: true }),
      tone: 'danger',
      headline: 'confirm',
      actions: ['notMe'],
    },
    {
      name: 'confirm-offline',
      signIn: view({ state: 'requested', ...asked, up: false }),
      tone: 'turn',
      headline: 'confirm',
      actions: ['notMe', 'otherCompanion'],
    },
    {
      name: 'setting-up',
      signIn: view({ state: 'setting-up', ...asked }),
      tone: 'turn',
      headline: 'settingUp',
      actions: ['notMe'],
    },
    {
      name: 'holding',
      signIn: view({ state: 'holding', ...asked, near: false }),
      tone: 'turn',
      headline: 'holding',
      actions: ['cancel'],
    },
    {
      name: 'signing-in',
      signIn: view({ state: 'delivering', account: username, deadline: now + 30_000 }),
      tone: 'turn',
      headline: 'signingIn',
      actions: [],
    },
    {
      name: 'signing-in-slow',
      signIn: view({ state: 'filled', deadline: now + 40_000 }),
      tone: 'turn',
      headline: 'signingInPlain',
      actions: [],
    },
    {
      name: 'asking-for-code',
      signIn: view({ state: 'filled', otp: 'asked' }),
      tone: 'turn',
      headline: 'askingCode',
      actions: [],
    },
    {
      name: 'signed-in',
      signIn: view({ ...done, result: 'signed-in' }),
      tone: 'done',
      headline: 'signed-in',
      actions: ['close'],
      closes: true,
    },
    ...(
      [
        ['offered', ['remember', 'notHere']],
        ['asked', ['remember', 'notHere']],
        ['said', ['close']],
      ] as const
    ).map(([pairing, actions]) => ({
      name: `signed-in-trust-${pairing}`,
      signIn: view({ ...done, result: 'signed-in', pairing }),
      tone: 'done' as const,
      headline: 'signed-in' as const,
      actions,
    })),
    ...(['remembered', 'declined'] as const).map((pairing) => ({
      name: `signed-in-trust-${pairing}`,
      signIn: view({ ...done, result: 'signed-in', pairing }),
      tone: 'done' as const,
      headline: 'signed-in' as const,
      actions: ['close'] as const,
      closes: true as const,
    })),
    {
      name: 'signed-in-automatic-offered',
      signIn: view(),
      request: view({ called, ...done, result: 'signed-in' }),
      known: one,
      tone: 'done',
      headline: 'signed-in',
      actions: ['close'],
    },
    {
      name: 'signed-in-automatic-here',
      signIn: view(),
      request: view({ called, ...done, result: 'signed-in' }),
      known: { ...one, automatic: [{ origin: SITE, pairing: 'p' }] },
      tone: 'done',
      headline: 'signed-in',
      actions: ['close'],
      closes: true,
    },
    ...(['more', 'cannot-tell', 'not-sent'] as const).map((result) => ({
      name: `ended-${result}`,
      signIn: view({ ...done, result }),
      tone: 'turn' as const,
      headline: 'yourTurn' as const,
      actions: ['close'] as const,
    })),
    ...(['unseen', 'page-blocked', 'asked-again'] as const).map((code) => ({
      name: `ended-${code}`,
      signIn: view({ ...done, result: 'cannot-tell', code }),
      tone: 'turn' as const,
      headline: 'yourTurn' as const,
      actions: ['close'] as const,
    })),
    {
      name: 'ended-new-password',
      signIn: view({ ...done, purpose: 'new', result: 'entered' }),
      tone: 'turn',
      headline: 'yourTurn',
      actions: ['close'],
    },
    {
      name: 'ended-refused',
      signIn: view({ ...done, result: 'refused', text: 'Invalid user name or password. Two attempts are left.' }),
      ...failed,
    },
    { name: 'ended-denied', signIn: view({ state: 'denied' }), ...failed },
    { name: 'ended-cancelled', signIn: view({ state: 'cancelled' }), ...failed },
    { name: 'ended-expired', signIn: view({ state: 'expired' }), ...failed, actions: [] },
    ...(['page-left', 'no-form', 'covered', 'step-blocked', 'origin-required', 'session-taken'] as const).map(
      (code) => ({
        name: `failed-${code}`,
        signIn: view({ state: 'failed', code }),
        ...failed,
      }),
    ),
    ...(['key-mismatch', 'digits-wrong', 'origin-mismatch', 'password-in-address'] as const).map((code) => ({
      name: `danger-${code}`,
      signIn: view({ state: 'failed', code }),
      ...danger,
    })),
    ...(['login', 'changed'] as const).map((saves) => ({
      name: `offer-${saves}`,
      offer: { ...offer, saves },
      known: one,
      tone: 'turn' as const,
      headline: saves === 'changed' ? ('saveChanged' as const) : ('saveLogin' as const),
      actions: ['saveTo', 'dontSave'] as const,
    })),
    {
      name: 'offer-three-phones',
      offer,
      known: three,
      tone: 'turn',
      headline: 'saveLogin',
      actions: ['dontSave'],
    },
    {
      name: 'saving',
      request: view({ called, purpose: 'save' }),
      known: one,
      tone: 'turn',
      headline: 'asking',
      actions: ['cancel'],
    },
    {
      name: 'saving-failed',
      request: view({ called, purpose: 'save', state: 'denied' }),
      offer,
      known: one,
      tone: 'stopped',
      headline: 'saveFailed',
      actions: ['saveTo', 'dontSave'],
    },
    {
      name: 'saved',
      request: view({ called, ...done, purpose: 'save', result: 'saved' }),
      known: one,
      tone: 'done',
      headline: 'saved',
      actions: ['close'],
      closes: true,
    },
    ...(
      [
        ['unreachable', 'unreachable'],
        ['not-a-server', 'not-a-companion'],
        ['not-allowed', 'origin-required'],
      ] as const
    ).map(([name, code]) => ({
      name: `refused-${name}`,
      refused: code,
      tone: 'stopped' as const,
      headline: code,
      actions: ['finishSetup'] as const,
    })),
    { name: 'refused-else', refused: 'not-opened', tone: 'stopped', headline: 'notSignedIn', actions: ['tryAgain'] },
    { name: 'refused-page', refused: 'page-forbidden', tone: 'stopped', headline: 'cannotHere', actions: ['close'] },
  ];
  return states.map((state) => ({ ...state, actions: [...state.actions] }));
}

/** The same, each made up when it is looked at, however long the ones before it took. */
export function* popupStatesNow(): Generator<PopupState> {
  for (const at of popupStates(0).keys()) {
    const state = popupStates(Date.now())[at];
    if (state) yield state;
  }
}
