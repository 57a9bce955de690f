// From what the phone has released to what it is told: a credential goes into the document that was confirmed, once, or nowhere; and
// however that went, both sides hear the same.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { effectsOf } from '../../src/background/effects.ts';
import { lookAt, pageOf } from '../../src/background/page.ts';
import { SaveOffers } from '../../src/background/save-offer.ts';
import type { SignIn } from '../../src/background/sign-in.ts';
import { readSplitKeys } from '../../src/background/split-key.ts';
import type { SignInRecord } from '../../src/background/storage.ts';
import type { FillReport, Look } from '../../src/extension/page-api.ts';
import type { View } from '../../src/extension/view.ts';
import { type Clock, pause } from '../../src/protocol/clock.ts';
import { type Message, unpack } from '../../src/protocol/messages.ts';
import { type Given, newBrowserSession } from '../../src/protocol/session/browser.ts';
import browser from '../fakes/browser.ts';
import { POLICY } from '../fakes/extension-pages.ts';
import { type FakeDocument, type FakeTabs, fakeTabs, lookOf, SITE } from '../fakes/tabs.ts';
import { fakeWebRequest } from '../fakes/web-request.ts';
import { endAll, HurriedClock, NOW, recordFor, surround } from './background-in-memory.ts';
import { PlayedClock } from './played-relay.ts';

const TAB = 1;
const FRAME = 'https://login.example';
const ELSEWHERE = 'https://elsewhere.example';
type NotFilled = Extract<FillReport, { done: 'not-filled' }>['code'];
const answer = { v: 1, request: 'A'.repeat(43) } as const;
const credential: Given = { ...answer, t: 'credential', frameOrigin: SITE, username: 'li', password: 'Blue-Heron-7' };
const values = { username: 'li', password: 'Blue-Heron-7', extra: '', otp: '' };
const proof: Given = { ...answer, t: 'identity', key: 'K'.repeat(87), signature: 'S'.repeat(86) };

let tabs: FakeTabs;
beforeEach(() => {
  tabs = fakeTabs();
});
afterEach(async () => {
  await browser.storage.managed.clear();
  await endAll();
});

/** A sign-in whose phone has just been asked, about a page as it looks then. */
async function asked(look: Partial<Look>, change: { view?: Partial<View>; record?: Partial<SignInRecord> } = {}) {
  const clock: Clock = change.record?.splitKey ? new PlayedClock(NOW) : new HurriedClock();
  const around = await surround(clock);
  const saveOffers = new SaveOffers(clock);
  const signIns = await around.signIns((one) => effectsOf(one, saveOffers));
  const record = await recordFor(TAB, { page: pageOf({ look: lookOf(look), documentId: 'first' }), ...change.record });
  const session = { ...record.view.session, state: 'requested', attempt: 1 } as const;
  record.view = { ...record.view, session, ...change.view };
  const document: FakeDocument = { look: lookOf(look) };
  tabs.show(TAB, [document]);
  await lookAt({ tabId: TAB });
  const signIn = await signIns.add(record);
  if (!signIn) throw new Error('the tab is there');
  const said: Message<'outcome'>[] = [];
  const hearing = Promise.withResolvers<Message<'outcome'>>();
  // What leaves is read here in place of being sealed.
  signIn.send = async (_kind, plaintext) => {
    const message = unpack('outcome', plaintext);
    said.push(message);
    if (message.t === 'outcome') hearing.resolve(message);
  };
  /** From now on the policy does not allow the site, as the browser tells it. */
  const forbid = async () => {
    await browser.storage.managed.set(POLICY);
    await signIns.obeyPolicy();
  };
  return { signIn, document, clock, said, told: hearing.promise, forbid };
}

const release = (signIn: SignIn, given: Given) => signIn.apply({ t: 'credential', given });
const show = (look: Partial<Look>) => tabs.show(TAB, [{ look: lookOf(look) }]);
const got = () => tabs.filled.map(({ document }) => document);

const form = { step: 'sign-in' } as const;
const welcome = { mark: 'second' };

/** From now on the page answers nothing: a window of its own is open over it. */
function silence(): Promise<never> {
  const never = () => new Promise<never>(() => {});
  Object.assign(browser, { scripting: { executeScript: never } });
  return never();
}

function silentAfter(step: 'sign-in' | 'name'): FillReport {
  void silence();
  return { done: 'filled', step };
}

describe('a credential', () => {
  test('goes into the document that was confirmed, and the phone hears that it signed in', async () => {
    const { signIn, document, told } = await asked(form);
    document.fill = () => {
      show({ ...welcome, title: 'Li’s inbox', lines: ['Biopsy results'], fields: 'search' });
      return { done: 'filled', step: 'sign-in' };
    };
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'signed-in' });
    // Which page stands there now is known, and nothing of what it says to whoever is in.
    expect(signIn.record.page).toEqual({ mark: 'second', title: 'Site', step: '', alert: '', documentId: 'second' });
    expect(tabs.filled).toEqual([
      { document: 'first', order: { ...values, mark: 'first', origin: SITE, frame: false } },
    ]);
    expect(signIn.record.view.session).toMatchObject({ state: 'done', result: 'signed-in' });
  });

  test('whose page answers nobody any more keeps what is known of it, for whoever looks later', async () => {
    const { signIn, document, told } = await asked({ ...form, lines: ['Name', 'Password'] });
    document.fill = () => silentAfter('sign-in');
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'cannot-tell', code: 'page-blocked' });
    expect(signIn.record.page).toMatchObject({ mark: 'first', step: 'sign-in', lines: ['Name', 'Password'] });
  });

  const framed = { look: lookOf({ ...form, origin: FRAME }), documentId: 'first', frameId: 3 };
  const around = (look: Partial<Look>): FakeDocument => ({
    look: lookOf({ mark: 'around', frames: [FRAME], ...look }),
  });
  const inFrame = { view: { frame: FRAME } };
  test.each<[string, FakeDocument[], { view?: Partial<View> }]>([
    ['shows another form', [{ documentId: 'first', look: lookOf({ ...form, mark: 'second' }) }], {}],
    ['shows the same form of another origin', [{ look: lookOf({ ...form, origin: ELSEWHERE }) }], {}],
    ['was loaded anew', [{ documentId: 'second', look: lookOf(form) }], {}],
    ['has gone', [], {}],
    ['is left by the page around the frame', [around({ origin: ELSEWHERE }), framed], inFrame],
    ['stands in a page that does not name the frame any more', [around({ frames: [] }), framed], inFrame],
    ['shows a frame of another origin', [around({}), { ...framed, look: lookOf(form) }], inFrame],
  ])('goes nowhere when the tab %s', async (_what, documents, change) => {
    const { signIn, told } = await asked(form, change);
    tabs.show(TAB, documents);
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'not-filled', code: 'page-left' });
    expect(got()).toEqual([]);
  });

  test('goes nowhere when the policy has come to forbid the site since the phone was asked', async () => {
    const { signIn, told } = await asked(form);
    await browser.storage.managed.set(POLICY);
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'not-filled', code: 'site-not-allowed' });
    expect(signIn.record.view.session).toMatchObject({ state: 'failed', code: 'site-not-allowed' });
    expect(got()).toEqual([]);
  });

  test('goes no further once the policy forbids the site: the password is not given to the page after the name', async () => {
    const { signIn, document, told, forbid } = await asked({ step: 'name' });
    document.fill = async () => {
      await forbid();
      show({ step: 'password', mark: 'next' });
      return { done: 'filled', step: 'name' };
    };
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'cannot-tell', code: 'site-not-allowed' });
    expect([signIn.live, got()]).toEqual([false, ['first']]);
  });

  test('goes nowhere when the document leaves just after it was looked at', async () => {
    const { signIn, document, told } = await asked(form);
    const leaving = lookOf(form);
    Object.defineProperty(document, 'look', {
      get() {
        tabs.show(TAB, []);
        return leaving;
      },
    });
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'not-filled', code: 'page-left' });
    expect(got()).toEqual([]);
  });

  test('goes into the frame that was allowed, under its own origin', async () => {
    const { signIn, told } = await asked(form, inFrame);
    const frame: FakeDocument = {
      ...framed,
      fill() {
        tabs.show(TAB, [around({}), { ...framed, look: lookOf({ ...welcome, origin: FRAME }) }]);
        return { done: 'filled', step: 'sign-in' };
      },
    };
    tabs.show(TAB, [around({}), frame]);
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'signed-in' });
    expect(tabs.filled).toMatchObject([{ document: 'first', order: { origin: FRAME, frame: true } }]);
  });

  test('may be sent on to the one other address that the phone was shown, at each of its steps', async () => {
    const agreed = { attempt: 1, hash: answer.request, kind: 'password', frameOrigin: SITE, sendsTo: FRAME } as const;
    const { signIn, document, told } = await asked({ step: 'name' }, { record: { asked: agreed } });
    document.fill = () => {
      const fill = (): FillReport => {
        show(welcome);
        return { done: 'filled', step: 'password' };
      };
      tabs.show(TAB, [{ look: lookOf({ step: 'password', mark: 'next' }), fill }]);
      return { done: 'filled', step: 'name' };
    };
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'signed-in' });
    expect(tabs.filled.map(({ order }) => order.sendsTo)).toEqual([FRAME, FRAME]);
  });

  test.each<[string, NotFilled]>([
    ['has left', 'page-left'],
    ['has no form', 'no-form'],
    ['would send it elsewhere', 'origin-mismatch'],
    ['would write it into its address', 'password-in-address'],
    ['does not take it', 'does-not-fit'],
  ])('that a page %s is told as not filled, with the reason', async (_what, code) => {
    const { signIn, document, told } = await asked(form);
    document.fill = () => ({ done: 'not-filled', code });
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'not-filled', code });
    expect(signIn.record.view.session).toMatchObject({ state: 'failed', code });
  });

  test('that the page tries to send elsewhere only later is told as not filled, with the reason', async () => {
    const { signIn, document, clock, told } = await asked(form);
    document.fill = () => {
      clock.after(700, () => show({ ...form, stopped: 'origin-mismatch' }));
      return { done: 'filled', step: 'sign-in' };
    };
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'not-filled', code: 'origin-mismatch' });
    expect(signIn.record.view.session).toMatchObject({ state: 'failed', code: 'origin-mismatch' });
  });

  test('whose name the page tries to send elsewhere is told as not filled, with the reason', async () => {
    const { signIn, document, clock, told } = await asked({ step: 'name' });
    document.fill = () => {
      clock.after(700, () => show({ step: 'name', stopped: 'origin-mismatch' }));
      return { done: 'filled', step: 'name' };
    };
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'not-filled', code: 'origin-mismatch' });
    expect(got()).toEqual(['first']);
  });

  test('whose name the site does not know is refused in the site’s own words, without the password', async () => {
    const { signIn, document, clock, told } = await asked({ step: 'name' });
    document.fill = () => {
      show({ ...welcome, step: 'name', alert: 'Unknown user' });
      // Whatever it shows afterwards.
      clock.after(800, () => show(welcome));
      return { done: 'filled', step: 'name' };
    };
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'refused', text: 'Unknown user' });
    expect(got()).toEqual(['first']);
    // Nobody watches how it goes on: that is told already.
    const looks = vi.fn(() => lookOf(welcome));
    tabs.show(TAB, [Object.defineProperty({ look: lookOf(welcome) }, 'look', { get: looks })]);
    looks.mockClear();
    await pause(clock, 5_000);
    expect(looks).not.toHaveBeenCalled();
  });

  test.each<[string, Partial<Look>, () => ReturnType<NonNullable<FakeDocument['fill']>>]>([
    ['while it is filled', form, silence],
    ['once it is filled', form, () => silentAfter('sign-in')],
    ['after the name', { step: 'name' }, () => silentAfter('name')],
  ])('is not known to have worked where the page answers nothing any more %s', async (_when, look, fill) => {
    const { signIn, document, told } = await asked(look);
    document.fill = fill;
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'cannot-tell', code: 'page-blocked' });
  });

  test('that took two steps is judged by the document that got the password', async () => {
    const { signIn, document, told } = await asked({ step: 'name' });
    const second: FakeDocument = {
      look: lookOf({ mark: 'second', step: 'password', alert: 'Cookies!' }),
      fill() {
        show({ mark: 'second', step: 'password', alert: 'Wrong password' });
        return { done: 'filled', step: 'password' };
      },
    };
    document.fill = () => {
      tabs.show(TAB, [second]);
      return { done: 'filled', step: 'name' };
    };
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'refused', text: 'Wrong password' });
    expect(signIn.record.page).toMatchObject({ mark: 'second', documentId: 'second', title: 'Site' });
    expect(got()).toEqual(['first', 'second']);
  });
});

const URL_ = `${SITE}/wiki`;
const page = { mark: '', title: '', alert: '', url: URL_ };

describe('the browser’s own window', () => {
  const challenge = { url: URL_ };
  type Window = ReturnType<typeof fakeWebRequest>;

  test.each<[string, (window: Window) => void, object]>([
    [
      'is answered, and the page behind it comes',
      ({ challenged, onCompleted }) => {
        expect(challenged(challenge)).toEqual({ authCredentials: { username: 'li', password: 'Blue-Heron-7' } });
        onCompleted.tell({ ...challenge, statusCode: 200 });
      },
      { result: 'signed-in' },
    ],
    [
      'asks again: the password was refused',
      ({ challenged }) => {
        challenged(challenge);
        challenged(challenge);
      },
      { result: 'refused' },
    ],
    [
      'never came, and the site refuses in another way',
      ({ onCompleted }) => onCompleted.tell({ ...challenge, statusCode: 401 }),
      { result: 'not-filled', code: 'no-form' },
    ],
  ])('%s', async (_what, happens, outcome) => {
    const window = fakeWebRequest();
    const { signIn, told } = await asked({}, { record: { page } });
    tabs.onVisit = () => happens(window);
    await release(signIn, credential);
    expect(await told).toMatchObject(outcome);
    expect(tabs.filled).toEqual([]);
    expect(window.isLeft()).toBe(true);
    vi.unstubAllGlobals();
  });

  test('gets nothing over a page of another site', async () => {
    const { signIn, told } = await asked({}, { record: { page } });
    tabs.show(TAB, undefined, { url: `${ELSEWHERE}/wiki` });
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'not-filled', code: 'page-left' });
  });
});

describe('a new password', () => {
  const asksNew = { sets: 'changed' } as const;
  const changes: Given = { ...credential, current: 'old' };

  test('is entered beside the old one, and sent by the person', async () => {
    const { signIn, told } = await asked(asksNew, { view: { purpose: 'new' } });
    await release(signIn, changes);
    expect(await told).toMatchObject({ result: 'entered' });
    expect(tabs.filled).toMatchObject([
      { document: 'first', order: { ...values, newPassword: true, current: 'old', frame: false } },
    ]);
  });

  test('that a page takes and then answers nothing any more is not told as left behind', async () => {
    const { signIn, document, told } = await asked(asksNew, { view: { purpose: 'new' } });
    document.fill = () => silence();
    await release(signIn, changes);
    expect(await told).toMatchObject({ result: 'cannot-tell' });
  });

  test('is entered in the frame that was allowed, under its own origin', async () => {
    const { signIn, told } = await asked(asksNew, { view: { purpose: 'new', frame: FRAME } });
    tabs.show(TAB, [
      { look: lookOf({ mark: 'around', frames: [FRAME] }) },
      { look: lookOf({ ...asksNew, origin: FRAME }), frameId: 3 },
    ]);
    await release(signIn, changes);
    expect(await told).toMatchObject({ result: 'entered' });
    expect(tabs.filled).toMatchObject([{ document: 'first', order: { origin: FRAME, frame: true } }]);
  });

  test.each<[string, NotFilled | undefined]>([
    ['does not take', 'does-not-fit'],
    ['is not asked for by any more', 'page-left'],
    ['goes away from', undefined],
  ])('that the page %s is told as not filled', async (_what, code) => {
    const { signIn, document, told } = await asked(asksNew, { view: { purpose: 'new' } });
    document.fill = async () => {
      if (!code) throw new Error('The frame was removed.');
      return { done: 'not-filled', code };
    };
    await release(signIn, changes);
    expect(await told).toMatchObject({ result: 'not-filled', code: code ?? 'page-left' });
  });
});

// The page that is there says nothing of it: a welcome may have been there before.
test.each<[string, { view?: Partial<View>; record?: Partial<SignInRecord> }]>([
  ['a new password, which the person sends', { view: { purpose: 'new' } }],
  ['a proof of identity', { view: { purpose: 'identity' } }],
  ['the browser’s own window', { record: { page } }],
])('how it went with %s is not judged by the page when the worker died meanwhile', async (_what, change) => {
  const filled = { ...newBrowserSession(NOW), state: 'filled', deadline: NOW + 15_000 } as const;
  const { signIn, told } = await asked({}, { ...change, view: { ...change.view, session: filled } });
  await signIn.apply({ t: 'restarted' });
  expect(await told).toMatchObject({ result: 'cannot-tell' });
});

const asksCode = { mark: 'second', step: 'code' } as const;
/** Password filled in, and the phone asked for the code. @param fill what becomes of the code @param asks how the page asks for it */
async function wanted(fill: FakeDocument['fill'], asks: Partial<Look> = asksCode) {
  const one = await asked(form);
  const questions = Promise.withResolvers<void>();
  const { send } = one.signIn;
  one.signIn.send = async (kind, plaintext) => {
    await send(kind, plaintext);
    if (one.said.at(-1)?.t === 'otp-request') questions.resolve();
  };
  one.document.fill = () => {
    tabs.show(TAB, [{ look: lookOf(asks), ...(fill ? { fill } : {}) }]);
    return { done: 'filled', step: 'sign-in' };
  };
  await release(one.signIn, credential);
  await questions.promise;
  return one;
}

describe('a one-time code that the page asks for', () => {
  test('is filled in there alone, without name and password', async () => {
    const { signIn, told } = await wanted(() => {
      show({ mark: 'third' });
      return { done: 'filled', step: 'code' };
    });
    await signIn.apply({ t: 'otp', code: '123456' });
    expect(await told).toMatchObject({ result: 'signed-in' });
    expect(tabs.filled[1]).toMatchObject({
      document: 'second',
      order: { username: '', password: '', otp: '123456', mark: 'second' },
    });
  });

  test('goes nowhere once the policy forbids the site', async () => {
    const { signIn, told, forbid } = await wanted(undefined);
    await forbid();
    await signIn.apply({ t: 'otp', code: '123456' });
    expect(await told).toMatchObject({ result: 'cannot-tell', code: 'site-not-allowed' });
    expect(got()).toEqual(['first']);
  });

  test('is not refused by what stood beside its field before', async () => {
    const notice = { ...asksCode, alert: 'Tell nobody this code', typed: true };
    const { signIn, clock, told } = await wanted(() => {
      clock.after(3_000, () => show({ mark: 'third' }));
      return { done: 'filled', step: 'code' };
    }, notice);
    await signIn.apply({ t: 'otp', code: '123456' });
    expect(await told).toMatchObject({ result: 'signed-in' });
  });

  test('and cannot be sent there is told so', async () => {
    const { signIn, told } = await wanted(() => ({ done: 'entered', step: 'code' }));
    await signIn.apply({ t: 'otp', code: '123456' });
    expect(await told).toMatchObject({ result: 'not-sent' });
  });

  test('is not asked of the phone where the form has led to another origin', async () => {
    const { signIn, document, told, said } = await asked(form);
    document.fill = () => {
      show({ ...asksCode, origin: ELSEWHERE });
      return { done: 'filled', step: 'sign-in' };
    };
    await release(signIn, credential);
    expect(await told).toMatchObject({ result: 'more' });
    expect(said).toHaveLength(1);
  });

  test.each<[string, NotFilled | undefined, object]>([
    ['has no place for it leaves the rest to the person', 'no-form', { result: 'more' }],
    ['has no room for it leaves the rest to the person', 'does-not-fit', { result: 'more' }],
    [
      'would send it elsewhere ends it, with the reason',
      'origin-mismatch',
      { result: 'not-filled', code: 'origin-mismatch' },
    ],
    [
      'would write it into its address ends it, with the reason',
      'password-in-address',
      { result: 'not-filled', code: 'password-in-address' },
    ],
    ['has moved on by itself is watched on', 'page-left', { result: 'signed-in' }],
    ['goes away under it is watched on', undefined, { result: 'signed-in' }],
  ])('and a page that %s', async (_what, code, outcome) => {
    const { signIn, told } = await wanted(async () => {
      show({ mark: 'third' });
      if (!code) throw new Error('The frame was removed.');
      return { done: 'not-filled', code };
    });
    await signIn.apply({ t: 'otp', code: '123456' });
    expect(await told).toMatchObject(outcome);
  });
});

describe('a page that asks for a one-time code once more has refused it', () => {
  const again = { step: 'code', alert: 'Wrong code' } as const;

  test('after it got one with the phone’s first answer', async () => {
    const { signIn, document, told } = await asked({ step: 'code' });
    document.fill = () => {
      show({ ...again, mark: 'second' });
      return { done: 'filled', step: 'code' };
    };
    await release(signIn, { ...credential, password: '', otp: '123456' });
    expect(await told).toMatchObject({ result: 'refused', text: 'Wrong code' });
    expect(tabs.filled).toMatchObject([{ order: { password: '', otp: '123456' } }]);
  });

  test.each<[string, Partial<Look>]>([
    ['on a page of its own', asksCode],
    ['in the form of the password', { mark: 'second', step: 'sign-in', otp: true, typed: true }],
  ])('after it got the one that it has asked for %s', async (_where, asks) => {
    const { signIn, told, said } = await wanted(() => {
      show({ ...asks, mark: 'third', alert: again.alert });
      return { done: 'filled', step: 'code' };
    }, asks);
    await signIn.apply({ t: 'otp', code: '123456' });
    expect(await told).toMatchObject({ result: 'refused', text: 'Wrong code' });
    expect(said.map(({ t }) => t)).toEqual(['otp-request', 'outcome']);
  });
});

describe('a proof of identity', () => {
  /** The companion's own page: a form that takes the proof, and a place for complaints. */
  function page(submit: (complaint: { textContent: string }) => void) {
    const field = { value: '' };
    const complaint = { textContent: '' };
    const taken: string[] = [];
    const requestSubmit = () => {
      taken.push(field.value);
      submit(complaint);
    };
    const form = { querySelector: () => field, requestSubmit };
    const document = { querySelector: (what: string) => (what === '[role=alert]' ? complaint : form) };
    return { taken, field, world: { document } };
  }

  test.each<[string, Parameters<typeof page>[0], object]>([
    ['signs in when the page goes on', () => show({ mark: 'site' }), { result: 'signed-in' }],
    [
      'is refused when the page says so',
      (complaint) => {
        complaint.textContent = 'Unknown';
      },
      { result: 'refused', text: 'Unknown' },
    ],
    ['is not known to have worked when nothing happens', () => {}, { result: 'cannot-tell' }],
  ])('is handed in once and %s', async (_what, submit, outcome) => {
    const { signIn, document, told } = await asked({ signIn: 'one' }, { view: { purpose: 'identity' } });
    const { taken, field, world } = page(submit);
    document.world = world;
    await release(signIn, proof);
    expect(await told).toMatchObject(outcome);
    expect(taken.map((text) => JSON.parse(text))).toEqual([{ key: 'K'.repeat(87), signature: 'S'.repeat(86) }]);
    expect(field.value).toBe('');
    expect(got()).toEqual([]);
  });

  test('is handed to nobody where there is no form for it', async () => {
    const { signIn, document, told } = await asked({ signIn: 'one' }, { view: { purpose: 'identity' } });
    document.world = { document: { querySelector: () => null } };
    await release(signIn, proof);
    expect(await told).toMatchObject({ result: 'not-filled', code: 'no-form' });
  });
});

describe('a password is stored under a split key', () => {
  const splitKey = { provider: 'wechat', id: 'I'.repeat(22), half: 'A'.repeat(43), auth: 'A'.repeat(43) } as const;
  test.each<[string, Given, Partial<SignInRecord>, string[]]>([
    ['when it was asked for and the person agreed', { ...credential, kept: true }, { splitKey }, ['li']],
    ['not when the person did not agree', credential, { splitKey }, []],
    ['not when nobody asked', { ...credential, kept: true }, {}, []],
  ])('%s', async (_when, given, record, names) => {
    const { signIn } = await asked(form, { record });
    await release(signIn, given);
    const stored = await readSplitKeys();
    expect(stored.map(({ username, origin }) => ({ username, origin }))).toEqual(
      names.map((username) => ({ username, origin: SITE })),
    );
    expect(JSON.stringify(stored)).not.toContain(values.password);
    // Its half of the key is not left here.
    expect(signIn.record).not.toHaveProperty('splitKey');
  });
});

test('a password that cannot be stored under a split key is filled in all the same', async () => {
  const splitKey = { provider: 'wechat', id: 'I'.repeat(22), half: 'A'.repeat(43), auth: 'A'.repeat(43) } as const;
  const { signIn } = await asked(form, { record: { splitKey } });
  await browser.storage.local.set({ halves: { v: 2 } });
  await release(signIn, { ...credential, kept: true });
  expect(got()).toEqual(['first']);
});

describe('a form that stays covered below our own popup', () => {
  const covered = { done: 'not-filled', code: 'covered' } as const;

  const RESTING = '.field:focus-within { opacity: 1; }';

  test.each<[string, number, boolean, string, object]>([
    ['is filled once the popup is closed', 1, true, RESTING, { result: 'signed-in' }],
    ['is told as covered where no popup is open', 0, true, RESTING, { result: 'not-filled', code: 'covered' }],
    ['is told as covered where the page gets no focus', 1, false, RESTING, { result: 'not-filled', code: 'covered' }],
    [
      'is told as covered, in the popup too, where no focus helps',
      1,
      true,
      'a:focus { color: red; }',
      { code: 'covered' },
    ],
  ])('%s', async (_what, popups, hasFocus, cssText, told) => {
    let open = popups;
    const getViews = () => Array.from({ length: open }, () => ({ close: () => open-- }));
    vi.stubGlobal('chrome', { extension: { getViews } });
    try {
      const run = await asked(form);
      run.document.world = { document: { hasFocus: () => hasFocus, styleSheets: [{ cssRules: [{ cssText }] }] } };
      run.document.fill = () => {
        if (open > 0 || popups === 0 || !hasFocus) return covered;
        show(welcome);
        return { done: 'filled', step: 'sign-in' };
      };
      await release(run.signIn, credential);
      expect(await run.told).toMatchObject(told);
      if (cssText !== RESTING) expect(open).toBe(popups);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

test('a phone that asks again, under a policy that nobody can read by then, hears why it is not asked', async () => {
  const { signIn, told } = await asked({ ...form, signIn: 'statement' });
  await browser.storage.managed.set({ nearOnly: 'yes' });
  await signIn.apply({ t: 'hello', attempt: 2 });
  expect(await told).toMatchObject({ result: 'not-filled', code: 'policy-wrong' });
  expect(signIn.record.view.session).toMatchObject({ state: 'failed', code: 'policy-wrong' });
});
