// The companion's sign-in page without a browser: the companion's answers, its relay and the phone are the test's, and time passes when
// it says so.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Socket } from '../../src/protocol/connection.ts';
import { fromBase64, toBase64 } from '../../src/protocol/encoding.ts';
import { type Message, pack, requestHash, unpack } from '../../src/protocol/messages.ts';
import { parseQrLink } from '../../src/protocol/qr-link.ts';
import { openFrom, openingOf, phoneEnd, sealFrom } from '../../src/protocol/seal.ts';
import { Interaction, type Surroundings } from '../../src/sign-in/interaction.ts';
import { PageSession } from '../../src/sign-in/session.ts';
import { PlayedClock } from './played-relay.ts';

const ORIGIN = 'https://id.example';
/** How long to wait for what happens by itself is no assertion. */
const SOON = { timeout: 20_000, interval: 5 };
const ABOUT = {
  name: 'The Wiki',
  host: 'wiki.example',
  providers: ['dingtalk'],
  draws: false,
  scanToo: false,
  complete: false,
};
const PROOF = { key: 'K'.repeat(87), signature: 'S'.repeat(86) };

let clock: PlayedClock;
/** Where the page has gone. */
let left: string[];
/** What the companion was asked, and what it answers by the end of the path. */
let asked: { path: string; body: unknown }[];
let answers: Record<string, { status?: number; body: object }>;
let sockets: { said: Record<string, unknown>[]; socket: Socket }[];
beforeEach(() => {
  clock = new PlayedClock(1_000_000_000);
  [left, asked, sockets] = [[], [], []];
  answers = { about: { body: ABOUT }, proof: { body: { complete: true } } };
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit = {}) => {
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    asked.push({ path: url.pathname, body });
    const answer = answers[url.pathname.split('/').at(-1) ?? ''];
    if (!answer || url.origin !== ORIGIN) throw new TypeError('nobody answers');
    return Response.json(answer.body, { status: answer.status ?? 200 });
  });
});
afterEach(() => void vi.unstubAllGlobals());

const around = (): Surroundings => ({
  clock,
  origin: ORIGIN,
  leave: (address) => void left.push(address),
  connect() {
    const one = {
      said: [] as Record<string, unknown>[],
      socket: {
        onopen: null,
        onmessage: null,
        onclose: null,
        send: (data) => void one.said.push(JSON.parse(data)),
        close() {},
      } as Socket,
    };
    sockets.push(one);
    queueMicrotask(() => one.socket.onopen?.(undefined as never));
    return one.socket;
  },
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
});

async function page() {
  const interaction = new Interaction('sign-in-1', around());
  const session = new PageSession(interaction, around());
  await interaction.read();
  await session.begin();
  return { interaction, session };
}
type Page = Awaited<ReturnType<typeof page>>;

const problemOf = (code: string, detail?: string) => ({
  status: 403,
  body: { code, ...(detail === undefined ? {} : { detail }) },
});

/** The relay and a phone behind it, which has scanned what the page shows. */
async function scanned({ session }: Page, near = true) {
  const one = sockets.at(-1);
  if (!one) throw new Error('nobody connected');
  const tell = (frame: object) => one.socket.onmessage?.({ data: JSON.stringify(frame) });
  const hear = (t: string, nth = 0) =>
    vi.waitFor(() => {
      const frame = one.said.filter((frame) => frame.t === t)[nth];
      if (!frame) throw new Error(`${t} was not said`);
      return frame as { t: string; sid: string; pk: string; n: number; m: string; reason: string };
    }, SOON);
  const { pk } = await hear('open');
  const end = await phoneEnd(await openingOf(parseQrLink(session.shown.value?.drawing.link ?? '')), fromBase64(pk));
  tell({ t: 'opened' });
  tell({ t: 'peer', near, second: false });
  const hello = pack('hello', { v: 1, t: 'hello', phone: 'Li’s phone', attempt: 1 });
  tell({ t: 'msg', n: 0, m: toBase64(await end.seal(0, hello)) });
  const sent = await hear('send');
  tell({ t: 'acked', n: sent.n });
  let answered = {};
  const plaintext = await openFrom('b', end.shared, sent.n, fromBase64(sent.m));
  return {
    hear,
    tell,
    end,
    request: unpack('request', plaintext),
    /** The phone says a word beside its answer. */
    async say(n: number, word: Message<'followUp'>) {
      tell({ t: 'msg', n, m: toBase64(await sealFrom('p', end.shared, n, pack('followUp', word))) });
    },
    hash: await requestHash(plaintext),
    async answer(answer: Message<'answer'>) {
      answered = { t: 'msg', n: 1, m: toBase64(await end.seal(1, pack('answer', answer))) };
      tell(answered);
    },
    repeat: () => tell(answered),
    /** What the page tells the phone of how it went. */
    async outcome() {
      const { n, m } = await hear('send', 1);
      const told = unpack('outcome', await openFrom('b', end.shared, n, fromBase64(m)));
      if (told.t !== 'outcome') throw new Error(`${told.t} is no outcome`);
      return { n, ...told };
    },
  };
}
const letPass = (ms: number) => {
  for (const until = clock.now() + ms; clock.now() < until; ) clock.pass(until - clock.now());
};
const proofs = () => asked.filter(({ path }) => path === '/sign-in/sign-in-1/proof').map(({ body }) => body);

describe('a code that a phone has scanned', () => {
  test('asks it who somebody is, by the name of the sign-in and for nothing else', async () => {
    const one = await page();
    const { request, end } = await scanned(one);
    expect(request).toMatchObject({
      kind: 'identity',
      signIn: 'sign-in-1',
      title: 'The Wiki',
      topOrigin: ORIGIN,
      frameOrigin: ORIGIN,
      browser: 'Firefox 140',
      os: 'Linux',
      forgets: true,
      time: clock.now(),
    });
    expect(one.session.shown.value).toMatchObject({ phone: 'Li’s phone', digits: end.shared.digits, near: true });
  });

  test('far away leaves code and digits on the page', async () => {
    const one = await page();
    await scanned(one, false);
    expect(one.session.shown.value).toMatchObject({ near: false, session: { state: 'requested' } });
  });

  test('far away is known to wait once its person has confirmed, and a phone that is new to make its vault', async () => {
    const one = await page();
    const { say } = await scanned(one, false);
    const reaches = (state: string) =>
      vi.waitFor(() => expect(one.session.shown.value?.session.state).toBe(state), SOON);
    await say(1, { v: 1, t: 'setting-up', done: false });
    await reaches('setting-up');
    await say(2, { v: 1, t: 'setting-up', done: true });
    await reaches('requested');
    await say(3, { v: 1, t: 'holding' });
    await reaches('holding');
  });

  test.each([
    ['a vault', PROOF],
    ['an app', { ticket: 'T'.repeat(43) }],
  ])('hands what %s has answered in, tells the phone, and only then goes on to the site', async (_who, proof) => {
    const { answer, hash, hear, outcome, repeat, tell } = await scanned(await page());
    await answer({ v: 1, t: 'identity', request: hash, ...proof });
    const { n, result } = await outcome();
    expect([proofs(), result]).toEqual([[proof], 'signed-in']);
    letPass(500);
    expect(left).toEqual([]);
    tell({ t: 'acked', n });
    // Said again, the answer is confirmed again, and after what came before it.
    repeat();
    await hear('ack', 2);
    letPass(20);
    expect(left).toEqual(['/sign-in/sign-in-1/go']);
  });

  test('goes on a second later where the companion does not say that it keeps the outcome', async () => {
    const { answer, hash, hear } = await scanned(await page());
    await answer({ v: 1, t: 'identity', request: hash, ...PROOF });
    await hear('ack', 1);
    letPass(999);
    expect(left).toEqual([]);
    letPass(1);
    expect(left).toEqual(['/sign-in/sign-in-1/go']);
  });

  test('stays where the site wants more, and asks how it stands', async () => {
    const one = await page();
    answers.proof = { body: { complete: false } };
    answers.about = { body: { ...ABOUT, confirm: 'dingtalk' } };
    const { answer, hash, outcome } = await scanned(one);
    await answer({ v: 1, t: 'identity', request: hash, ...PROOF });
    expect((await outcome()).result).toBe('more');
    await vi.waitFor(() => expect(one.interaction.about.value?.confirm).toBe('dingtalk'), SOON);
    letPass(5_000);
    expect(left).toEqual([]);
  });

  test('tells both sides why the companion takes a proof from nobody whom it does not know', async () => {
    const one = await page();
    answers.proof = problemOf('identity-unknown', 'ABCD-2345');
    const { answer, hash, outcome } = await scanned(one);
    await answer({ v: 1, t: 'identity', request: hash, ...PROOF });
    expect(await outcome()).toMatchObject({ result: 'not-filled', code: 'identity-unknown' });
    expect(one.interaction.failure.value).toEqual({ code: 'identity-unknown', detail: 'ABCD-2345' });
    expect(left).toEqual([]);
  });

  test.each<[string, (hash: string) => Message<'answer'>]>([
    ['another request', () => ({ v: 1, t: 'identity', request: 'A'.repeat(43), ...PROOF })],
    [
      'a password',
      (request) => ({ v: 1, t: 'credential', request, frameOrigin: ORIGIN, username: 'li', password: 'secret' }),
    ],
  ])('hands nothing in that answers %s', async (_what, answering) => {
    const one = await page();
    const { answer, hash, hear } = await scanned(one);
    await answer(answering(hash));
    await hear('ack', 1);
    expect(one.session.shown.value?.session.state).toBe('requested');
    expect(proofs()).toEqual([]);
  });

  test('is over where the phone declines', async () => {
    const one = await page();
    const { answer, hear } = await scanned(one);
    await answer({ v: 1, t: 'denied', reason: 'declined' });
    await vi.waitFor(() => expect(one.session.shown.value?.session.state).toBe('denied'), SOON);
    expect((await hear('close')).reason).toBe('denied');
  });
});

describe('a fresh code', () => {
  test('makes the one before void, whatever is still said of it', async () => {
    const one = await page();
    const before = await scanned(one);
    const link = one.session.shown.value?.drawing.link;
    await one.session.begin();
    expect((await before.hear('close')).reason).toBe('cancelled');
    await before.answer({ v: 1, t: 'identity', request: before.hash, ...PROOF });
    await scanned(one);
    expect(one.session.shown.value?.drawing.link).not.toBe(link);
    expect(proofs()).toEqual([]);
  });

  test('asked for twice at once is one: no code is open that nobody sees', async () => {
    const one = await page();
    await Promise.all([one.session.begin(), one.session.begin()]);
    const said = (t: string) => sockets.filter((one) => one.said.some((frame) => frame.t === t)).length;
    await vi.waitFor(() => {
      for (const { socket } of sockets) socket.onmessage?.({ data: JSON.stringify({ t: 'opened' }) });
      expect([said('open') > 1, said('open') - said('close')]).toEqual([true, 1]);
    }, SOON);
  });

  test('is over after its time, and when the person cancels', async () => {
    const one = await page();
    letPass(76_000);
    await vi.waitFor(() => expect(one.session.shown.value?.session.state).toBe('expired'), SOON);
    await one.session.begin();
    await one.session.cancel();
    expect(one.session.shown.value?.session.state).toBe('cancelled');
  });
});

describe('the sign-in that the page is for', () => {
  const interaction = () => new Interaction('sign-in-1', around());

  test('says what the companion says of it, and that it cannot be reached', async () => {
    const one = interaction();
    answers.about = { body: { ...ABOUT, failure: { code: 'provider-cancelled' } } };
    await one.read();
    expect([one.about.value?.name, one.failure.value]).toEqual(['The Wiki', { code: 'provider-cancelled' }]);
    const other = interaction();
    answers = {};
    await other.read();
    expect([other.about.value, other.failure.value]).toEqual([undefined, { code: 'unreachable' }]);
  });

  test('takes a proof from the extension, and nonsense from nobody', async () => {
    const one = interaction();
    await one.handInAndGo('no json');
    expect([one.failure.value, left]).toEqual([{ code: 'bad-message' }, []]);
    await one.handInAndGo(JSON.stringify(PROOF));
    expect([proofs(), left]).toEqual([[PROOF], ['/sign-in/sign-in-1/go']]);
  });

  test('is declined where the companion says that the site hears of it', async () => {
    answers.cancel = { body: { to: 'https://id.example/oidc/auth/1' } };
    await interaction().decline();
    expect(left).toEqual(['https://id.example/oidc/auth/1']);
  });

  test('is looked at until a scan of a provider’s own code is known, and no more once nobody waits for it', async () => {
    const one = interaction();
    const watching = one.watch(new AbortController().signal);
    const looks = () => asked.length;
    await vi.waitFor(() => {
      letPass(1_500);
      expect(looks()).toBeGreaterThanOrEqual(2);
    }, SOON);
    expect(left).toEqual([]);
    answers.about = { body: { ...ABOUT, complete: true } };
    await vi.waitFor(() => {
      letPass(1_500);
      expect(left).toEqual(['/sign-in/sign-in-1/go']);
    }, SOON);
    await watching;

    const over = new AbortController();
    const before = looks();
    const given = one.watch(over.signal);
    over.abort();
    letPass(1_500);
    await given;
    expect(looks()).toBe(before);
  });
});
