// The background's sign-ins without a browser around them: what is stored of them and when, and what becomes of a permission.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { endPairing } from '../../src/background/paired-phones.ts';
import { noteAsked } from '../../src/background/permissions.ts';
import type { Effects, SignIn } from '../../src/background/sign-in.ts';
import type { SignInRecord } from '../../src/background/storage.ts';
import * as storage from '../../src/background/storage.ts';
import { type Need, permissionsFor } from '../../src/extension/permissions.ts';
import type { View } from '../../src/extension/view.ts';
import { fromBase64, toBase64 } from '../../src/protocol/encoding.ts';
import { type Message, pack, unpack } from '../../src/protocol/messages.ts';
import { parseQrLink } from '../../src/protocol/qr-link.ts';
import { openFrom, openingOf, openingOfPairing, phoneEnd, sealFrom } from '../../src/protocol/seal.ts';
import { closingOf, type Given, outcomeOf } from '../../src/protocol/session/browser.ts';
import browser from '../fakes/browser.ts';
import { fakeTabs, SITE } from '../fakes/tabs.ts';
import { endAll, pairingOf, RELAY, recordFor, surround } from './background-in-memory.ts';

/** Waits for as long as a busy machine takes. */
const until = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000, interval: 2 });

let around: Awaited<ReturnType<typeof surround>>;
beforeEach(async () => {
  around = await surround();
  const tabs = fakeTabs();
  for (const id of [1, 2]) tabs.show(id, []);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await browser.storage.managed.clear();
  await endAll();
});

/** Effects that send what is to be sent, and hand what would be filled in to the test. */
function effectsOf(signIn: SignIn, deliver: (given: Given) => void = () => {}): Effects {
  const { record } = signIn;
  return {
    async 'send-request'() {
      const plaintext = pack('request', {
        v: 1,
        t: 'request',
        topOrigin: SITE,
        frameOrigin: SITE,
        title: '',
        browser: 'Test 1',
        os: '',
        kind: 'password',
        time: Date.now(),
      });
      record.asked = {
        attempt: record.view.session.attempt,
        hash: 'A'.repeat(43),
        kind: 'password',
        frameOrigin: SITE,
      };
      await signIn.send('request', plaintext);
    },
    'check-tab': async ({ given }) => void (await signIn.apply({ t: 'tab-ok', given })),
    async deliver({ given }) {
      deliver(given);
      await signIn.apply({ t: 'filled' });
      await signIn.apply({ t: 'outcome', result: 'signed-in' });
    },
    'watch-outcome': async () => {},
    'ask-otp': async () => {},
    'fill-otp': async () => {},
    'send-outcome': () => signIn.send('outcome', pack('outcome', outcomeOf(record.view.session))),
    close: async () => signIn.close(closingOf(record.view.session)),
  };
}

describe('a sign-in', () => {
  /** A whole sign-in with a phone that the test plays. @param words what it says before its answer @returns everything that was ever stored meanwhile */
  async function wholeSignIn({ near = true, ...view }: Partial<View> = {}, words: Message<'followUp'>[] = []) {
    const stored: string[] = [];
    const { set } = browser.storage.session;
    vi.spyOn(browser.storage.session, 'set').mockImplementation(async (values) => {
      stored.push(JSON.stringify(values));
      return set(values);
    });
    const filledIn: Given[] = [];
    const signIns = await around.signIns((one) => effectsOf(one, (given) => filledIn.push(given)));
    const record = await recordFor(1);
    Object.assign(record.view, view);
    const signIn = await signIns.add(record);
    if (!signIn) throw new Error('the tab is there');
    await signIns.connect(signIn);
    const [connection] = around.connections;
    if (!connection) throw new Error('nobody connected');
    const { tell } = connection;
    const hear = (t: string) =>
      until(() => {
        const frame = connection.said.find((one) => one.t === t);
        if (!frame) throw new Error(`${t} was not said`);
        return frame as { pk: string; n: number; m: string };
      });
    const { pk } = await hear('open');
    const opening = await openingOf(parseQrLink(record.view.drawing?.link ?? ''));
    const newEnd = () => phoneEnd(opening, fromBase64(pk));
    const end = await newEnd();
    tell({ t: 'opened' });
    tell({ t: 'peer', near, second: false });
    const hello = pack('hello', { v: 1, t: 'hello', phone: 'Phone', attempt: 1 });
    tell({ t: 'msg', n: 0, m: toBase64(await end.seal(0, hello)) });
    const { n, m } = await hear('send');
    unpack('request', await openFrom('b', end.shared, n, fromBase64(m)));
    const answer: Message<'answer'> = {
      v: 1,
      t: 'credential',
      request: 'A'.repeat(43),
      frameOrigin: SITE,
      username: 'li',
      password: 'correct horse',
    };
    for (const [at, word] of words.entries())
      tell({ t: 'msg', n: at + 1, m: toBase64(await sealFrom('p', end.shared, at + 1, pack('followUp', word))) });
    const last = words.length + 1;
    tell({ t: 'msg', n: last, m: toBase64(await end.seal(last, pack('answer', answer))) });
    await until(() => expect(signIn.live).toBe(false));
    return { signIn, stored, filledIn, connection, tell, end, newEnd };
  }

  test('hands the credential on as a value: it is filled in once and stored at no moment', async () => {
    const { filledIn, stored } = await wholeSignIn();
    expect(filledIn).toMatchObject([{ username: 'li', password: 'correct horse' }]);
    expect(stored.length).toBeGreaterThan(3);
    expect(stored.filter((one) => one.includes('correct horse'))).toEqual([]);
  });

  test('hears that its person has confirmed while the phone holds its answer back', async () => {
    const { filledIn, stored } = await wholeSignIn({ near: false }, [{ v: 1, t: 'holding' }]);
    expect(stored.some((one) => one.includes('"state":"holding"'))).toBe(true);
    expect(filledIn).toMatchObject([{ username: 'li' }]);
  });

  test('forgets its secrets when it has ended', async () => {
    const { signIn } = await wholeSignIn();
    await until(async () => {
      const [record] = await storage.readSignIns();
      expect(record).toMatchObject({ keys: null, view: { sid: signIn.sid, session: { state: 'done' } } });
      expect(record).not.toHaveProperty('hello');
    });
  });

  test('lets the companion forget a hello that comes after its end, and hears what follows it', async () => {
    const { signIn, connection, tell, end, newEnd } = await wholeSignIn();
    await until(() => expect(signIn.record.keys).toBeNull());
    const hello = pack('hello', { v: 1, t: 'hello', phone: 'Phone', attempt: 2 });
    tell({ t: 'msg', n: 2, m: toBase64(await (await newEnd()).seal(2, hello)) });
    const word = pack('followUp', { v: 1, t: 'remember', yes: true, phone: 'A'.repeat(22) });
    tell({ t: 'msg', n: 3, m: toBase64(await sealFrom('p', end.shared, 3, word)) });
    await until(() => expect(signIn.record.view.pairing).toBe('asked'));
    for (const n of [2, 3]) expect(connection.said).toContainEqual({ t: 'ack', n });
    expect(around.connections).toHaveLength(1);
  });

  test('with a phone that is far away offers no pairing, and hears none', async () => {
    const { signIn, connection, tell, end } = await wholeSignIn({ near: false });
    await until(() => expect(signIn.record.keys).toBeNull());
    const word = pack('followUp', { v: 1, t: 'remember', yes: true, phone: 'A'.repeat(22) });
    tell({ t: 'msg', n: 2, m: toBase64(await sealFrom('p', end.shared, 2, word)) });
    await until(() => expect(connection.said).toContainEqual({ t: 'ack', n: 2 }));
    await signIn.pair(true);
    expect(signIn.record.view.session).toMatchObject({ state: 'done', result: 'signed-in' });
    expect(signIn.record.view.pairing).toBeUndefined();
    expect(signIn.record.pairingOffer).toBeUndefined();
    expect(connection.said.filter(({ t }) => t === 'send')).toHaveLength(2);
    expect(await around.pairings.all()).toEqual([]);
  });

  test('goes well under a policy that nobody can read by then, and remembers no phone', async () => {
    await browser.storage.managed.set({ noPairing: 'yes' });
    const { signIn } = await wholeSignIn();
    await until(() => expect(signIn.record.keys).toBeNull());
    expect(signIn.record.view.session).toMatchObject({ state: 'done', result: 'signed-in' });
    expect(signIn.record.view.pairing).toBeUndefined();
  });

  test('that the companion has given up says nothing more, and remembers nobody', async () => {
    const { signIn, tell } = await wholeSignIn();
    await until(() => expect(signIn.record).toMatchObject({ keys: null, view: { pairing: 'offered' } }));
    expect(signIn.record.mail.outbox).not.toEqual([]);
    const problem = { type: 'about:blank', title: 'gone', status: 404, code: 'session-gone' };
    tell({ t: 'gone', problem });
    await until(() => expect(signIn.record.mail.outbox).toEqual([]));
    expect(signIn.record).not.toHaveProperty('pairingOffer');
    expect(signIn.record.view).not.toHaveProperty('pairing');
  });

  test.each<[string, Partial<View>, string | undefined, number]>([
    ['remembers the phone once both have said yes', {}, 'remembered', 1],
    ['in a private window remembers none, whatever the phone or the popup says', { incognito: true }, undefined, 0],
  ])('%s', async (_what, view, pairing, remembered) => {
    const { signIn, tell, end } = await wholeSignIn(view);
    await until(() => expect(signIn.record.keys).toBeNull());
    const word = pack('followUp', { v: 1, t: 'remember', yes: true, phone: 'A'.repeat(22) });
    tell({ t: 'msg', n: 2, m: toBase64(await sealFrom('p', end.shared, 2, word)) });
    await until(() => expect(around.connections[0]?.said).toContainEqual({ t: 'ack', n: 2 }));
    await signIn.pair(true);
    expect(signIn.record.view.pairing).toBe(pairing);
    expect(await around.pairings.all()).toHaveLength(remembered);
  });

  test('of a remembered phone takes no step of its key for a hello that has no place', async () => {
    const [pairingId, psk] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(32))];
    const id = toBase64(pairingId);
    const record = await recordFor(1);
    if (!record.keys) throw new Error('it has just begun');
    record.keys.secret = toBase64(psk);
    record.pairedRequest = { pairing: id, box: 'A'.repeat(22), time: 1, proof: 'A'.repeat(43) };
    await around.pairings.add(await pairingOf('one', { id, sid: record.view.sid }));
    const signIns = await around.signIns(effectsOf);
    const signIn = await signIns.add(record);
    if (!signIn) throw new Error('the tab is there');
    await signIns.connect(signIn);
    const [connection] = around.connections;
    const tell = (frame: object) => connection?.tell(frame);
    const opening = openingOfPairing(RELAY, pairingId, fromBase64(record.view.sid), psk);
    const end = await phoneEnd(opening, fromBase64(record.keys.publicKey));
    const hello = (attempt: number) => pack('hello', { v: 1, t: 'hello', phone: 'Phone', attempt });
    const stepped = async () => (await around.pairings.find(id))?.stepped;
    tell({ t: 'opened' });
    // Nobody has joined yet, so nobody can be greeted.
    tell({ t: 'msg', n: 0, m: toBase64(await end.seal(0, hello(1))) });
    await until(() => expect(connection?.said).toContainEqual({ t: 'ack', n: 0 }));
    expect(await stepped()).toBeUndefined();
    tell({ t: 'peer', near: true, second: false });
    const again = await phoneEnd(opening, fromBase64(record.keys.publicKey));
    tell({ t: 'msg', n: 1, m: toBase64(await again.seal(1, hello(1))) });
    await until(async () => expect(await stepped()).toBe(record.view.sid));
  });

  test('goes on with the companion that it began with when the worker is a new one', async () => {
    const record = await recordFor(1, { relay: 'https://first.example' });
    await storage.writeSignIn({ ...record, mail: { ...record.mail, known: true } });
    await storage.writeCompanion({ relay: 'https://second.example', phoneOrigin: null, providers: [] });
    await around.signIns(effectsOf);
    await until(() => expect(around.connections[0]?.said).toMatchObject([{ t: 'resume', sid: record.view.sid }]));
    expect(around.connections.map(({ relay }) => relay)).toEqual(['https://first.example']);
  });

  test('whose tab was closed while it was made is not opened', async () => {
    const signIns = await around.signIns(effectsOf);
    expect(await signIns.add(await recordFor(9))).toBeUndefined();
    expect(signIns.all()).toEqual([]);
    expect(await storage.readSignIns()).toEqual([]);
  });
});

describe('a permission that was lent to a sign-in', () => {
  const need: Need = { why: 'frame', origin: 'https://frame.example' };
  const isGiven = () => browser.permissions.contains(permissionsFor(need));
  const use = async (tabId: number, change: Partial<View>) => {
    const record = await recordFor(tabId, { allowed: need });
    return { ...record, view: { ...record.view, ...change } };
  };
  /** The person was asked, and said yes. */
  async function lend() {
    await noteAsked(need, false);
    await browser.permissions.request(permissionsFor(need));
  }
  beforeEach(lend);
  afterEach(() => browser.permissions.remove(permissionsFor(need)));

  /** @param second a sign-in beside it */
  async function two(second: SignInRecord) {
    const signIns = await around.signIns(effectsOf);
    // A worker that has just begun finds nobody to whom it was lent.
    await lend();
    const one = await signIns.add(await use(1, {}));
    const other = await signIns.add(second);
    if (!one || !other) throw new Error('both tabs are there');
    return { one, other, signIns };
  }
  const end = (signIn: SignIn) => signIn.apply({ t: 'cancel' });

  test('ends with it', async () => {
    const { one } = await two(await recordFor(2));
    await end(one);
    expect(await isGiven()).toBe(false);
    expect(await storage.readLent()).toEqual([]);
  });

  test.each<[string, () => Promise<SignInRecord>]>([
    ['works under it', async () => use(2, {})],
    ['works under it at another port', async () => use(2, { origin: `${SITE}:8443` })],
    ['is still waiting for it', async () => ({ ...(await use(2, { need })), allowed: undefined })],
  ])('stays as long as another one %s, and ends with that', async (_how, second) => {
    const { one, other } = await two(await second());
    await end(one);
    expect(await isGiven()).toBe(true);
    await end(other);
    expect(await isGiven()).toBe(false);
  });

  test.each<[string, () => Promise<void>]>([
    ['a site signs in by itself', () => storage.writeAutomatic([{ origin: need.origin, pairing: 'phone' }])],
    ['the person gave it for good', () => noteAsked(need, true)],
  ])('stays where there is more use for it: %s', async (_how, keep) => {
    const { one } = await two(await recordFor(2));
    await keep();
    await end(one);
    expect(await isGiven()).toBe(true);
  });

  test('goes back when the browser ended in the middle of it', async () => {
    await around.signIns(effectsOf);
    expect(await isGiven()).toBe(false);
  });

  test('stays when only the worker ended in the middle of it', async () => {
    await storage.writeSignIn(await use(1, {}));
    await around.signIns(effectsOf);
    expect(await isGiven()).toBe(true);
  });

  test('goes back at once when the person answers after its end', async () => {
    const { one, signIns } = await two(await recordFor(2));
    // The question is still open, and the popup that asked it is gone.
    await browser.permissions.remove(permissionsFor(need));
    await end(one);
    await browser.permissions.request(permissionsFor(need));
    await signIns.takeUp();
    expect(await isGiven()).toBe(false);
    expect(await storage.readLent()).toEqual([]);
  });

  test('goes back later where the browser would not take it at once', async () => {
    const { one, signIns } = await two(await recordFor(2));
    const remove = vi.spyOn(browser.permissions, 'remove').mockRejectedValueOnce(new Error('not now'));
    await end(one);
    expect(await isGiven()).toBe(true);
    await signIns.takeUp();
    expect(await isGiven()).toBe(false);
    remove.mockRestore();
  });

  test('goes back with the other address of its site that was asked for together with it', async () => {
    const both: Need = { why: 'outcome', origin: SITE, sister: 'https://login.site.example' };
    const { one } = await two({ ...(await use(2, {})), allowed: undefined });
    one.record.allowed = both;
    await noteAsked(both, false);
    await browser.permissions.request(permissionsFor(both));
    await end(one);
    for (const origins of permissionsFor(both).origins ?? [])
      expect(await browser.permissions.contains({ origins: [origins] })).toBe(false);
  });
});

test('a sign-in that begins where the site is allowed is never shown to need that', async () => {
  const need: Need = { why: 'outcome', origin: SITE };
  await browser.permissions.request(permissionsFor(need));
  const stored = vi.spyOn(browser.storage.session, 'set');
  const signIns = await around.signIns(effectsOf);
  const record = await recordFor(1);
  const signIn = await signIns.add({ ...record, view: { ...record.view, need } });
  expect(signIn?.record).toMatchObject({ allowed: need });
  expect(JSON.stringify(stored.mock.calls)).not.toContain('"need"');
  await browser.permissions.remove(permissionsFor(need));
});

test.each([
  ['the relay that it is stored with', 'https://own.example', 'https://own.example'],
  ['its own phone page, stored before relays were', undefined, 'https://phone.example'],
])('a pairing that is ended tells %s, not the companion in force', async (_name, relay, told) => {
  const { relay: _none, ...pairing } = await pairingOf('one', { box: 'box', origin: 'https://phone.example' });
  await around.pairings.add(relay === undefined ? pairing : { ...pairing, relay });
  await storage.writeCompanion({ relay: 'https://in-force.example', phoneOrigin: null, providers: [] });
  await endPairing(around, pairing.id);
  await until(() =>
    expect(around.connections).toMatchObject([{ relay: told, said: [{ t: 'end-link', box: 'box', why: 'ended' }] }]),
  );
  expect(await around.pairings.all()).toEqual([]);
  around.connections[0]?.tell({ t: 'link-ended' });
});
