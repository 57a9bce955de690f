// How often anybody may do what costs a companion something: so often, and not once more. How many sign-ins may be begun at the issuer has
// a file of its own (issuer-bounds).
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Limiters, newLimiters, TRAFFIC } from '../../server/http/limits.ts';
import { addressOf, newRecoveryKey } from '../../src/protocol/recovery.ts';
import { LIMITS } from '../../src/protocol/relay.ts';
import { companion, newSid, newToken, pair, party } from './party.ts';
import { elsewhere, type From, much, newBox, opening, proxies, strangersAt } from './strangers.ts';
import { teamCompanion } from './team-companion.ts';

/** One of those that are counted, and what is answered to it. */
type Once = () => Promise<string>;
type Counted = Exclude<keyof Limiters, 'connections' | 'traffic'>;

/** What the operator of this companion has set, so that few do for many. */
const SET = 3;
const OPERATOR = {
  ...{ opens: SET, misses: SET, boxes: SET, pushes: SET, practice: SET, backups: SET, backupWrites: SET },
  ...{ listens: 25, connections: 20 },
};
let server: Awaited<ReturnType<typeof companion>>;
beforeAll(async () => {
  server = await companion({ proxies }, {}, undefined, OPERATOR);
});
afterAll(() => server.close());
const { asBrowser, asPhone, post, backup } = strangersAt(() => server);

const OURS: Record<Counted, [points: number, seconds: number]> = {
  opens: [60, 120],
  misses: [200, 200],
  requests: [10, 600],
  listens: [2_000, 120],
  boxes: [200, 3_600],
  pushes: [30, 3_600],
  proofs: [600, 120],
  questions: [1_200, 600],
  roundsFrom: [120, 120],
  roundsAround: [1_200, 120],
  roundsFor: [1_200, 120],
  guesses: [30, 600],
  practice: [60, 600],
  callbacks: [10, 60],
  backups: [300, 3_600],
  backupGrowth: [32 * 1024, 86_400],
  backupWrites: [30, 3_600],
};
test('as nobody has set otherwise', () => {
  const { connections, traffic: _traffic, ...counted } = newLimiters();
  const found = Object.entries(counted).map(([name, { points, duration }]) => [name, [points, duration]]);
  expect(Object.fromEntries(found)).toEqual(OURS);
  expect(TRAFFIC).toEqual({ burst: 4_000, perSecond: 200, connection: 5 });
  // What a small computer gives one process bears some thousands.
  expect(connections.most).toBeGreaterThan(4_000);
});

const listening = (from: From, ...boxes: object[]) => asPhone(from, { t: 'listen', boxes });
const key = () => addressOf(newRecoveryKey());
const calling = async (box: string) => opening({ call: { box, time: 1, proof: newToken() } });
const heard = async () => {
  const { box, token } = newBox();
  await listening(elsewhere(), { box, token });
  return box;
};

test.each<[what: string, limit: number, taken: string, refused: string, begin: (from: From) => Once | Promise<Once>]>([
  ['opens', SET, 'opened', 'rate-limited', (from) => async () => asBrowser(from, await opening())],
  [
    'misses',
    SET,
    'session-gone',
    'rate-limited',
    (from) => () => asPhone(from, { t: 'resume', sid: newSid(), role: 'p', token: newToken(), lastSeen: -1 }),
  ],
  [
    'connections',
    OPERATOR.connections,
    'calls',
    'busy',
    (from) => async () => {
      const one = await party(server.port, server.page, from);
      onTestFinished(one.close);
      one.say({ t: 'listen', boxes: [] });
      const { t, problem } = await one.next();
      return problem?.code ?? t;
    },
  ],
  ['boxes', SET, 'calls', 'rate-limited', (from) => () => listening(from, newBox())],
  [
    'listens',
    OPERATOR.listens,
    'calls',
    'rate-limited',
    async (from) => {
      const box = newBox();
      await listening(elsewhere(), box);
      return () => listening(from, box);
    },
  ],
  [
    'pushes',
    SET,
    'bad-message',
    'rate-limited',
    (from) => () => {
      // Nobody is asked at an address that is none of a push service's.
      const push = { endpoint: 'https://127.0.0.1/', p256dh: much(87), auth: much(22) };
      return asPhone(from, { t: 'listen', boxes: [] }, { t: 'push', push });
    },
  ],
  [
    'calls at one phone at the same time',
    LIMITS.openCalls,
    'opened',
    'called-too-often',
    async () => {
      const box = await heard();
      return async () => asBrowser(elsewhere(), await calling(box));
    },
  ],
  [
    'requests, each given up',
    LIMITS.callsPerTenMinutes,
    'session-gone',
    'called-too-often',
    async () => {
      const box = await heard();
      return async () => asBrowser(elsewhere(), await calling(box), { t: 'close', reason: 'cancelled' });
    },
  ],
  [
    'practice',
    SET,
    '403',
    'rate-limited',
    (from) => () => post('/practice', from, '', { 'content-type': 'application/x-www-form-urlencoded' }),
  ],
  ['backups', SET, 'no-backup', 'rate-limited', (from) => async () => backup(from, await key(), { t: 'read' })],
  [
    'backupWrites',
    SET,
    '200',
    'rate-limited',
    async () => {
      const [own, from] = [await key(), elsewhere];
      let rev = 0;
      return () => backup(from(), own, { t: 'write', ifRev: rev, rev: ++rev, blob: 'AAAA' });
    },
  ],
])('%s: %d', async (_what, limit, taken, refused, begin) => {
  const say = await begin(elsewhere());
  const answers: string[] = [];
  for (let n = 0; n < limit; n++) answers.push(await say());
  expect(answers).toEqual(Array(limit).fill(taken));
  expect(await say()).toBe(refused);
});

test('answers of a provider that one browser brings, and steps of sign-ins and questions of a network, of a team', async () => {
  const t = await teamCompanion({ limits: { callbacks: SET, proofs: SET, questions: SET } });
  onTestFinished(t.close);
  const host = new URL(t.here).host;
  const times = async (many: number, once: Once) => {
    const answers: string[] = [];
    for (let n = 0; n < many; n++) answers.push(await once());
    return answers;
  };
  const codeOf = ({ body }: { body: string }) => (JSON.parse(body) as { code: string }).code;
  const answered = (from: From, browser: string) => async () =>
    codeOf(await t.plain('/v1/callback/dingtalk?state=none&code=1', { host, ...from, cookie: `scankey=${browser}` }));
  const browser = newToken();
  expect(await times(SET + 1, () => answered(elsewhere(), browser)())).toEqual([
    ...Array(SET).fill('provider-state'),
    'rate-limited',
  ]);
  const from = elsewhere();
  expect(await times(SET + 1, () => answered(from, newToken())())).toEqual([
    ...Array(SET).fill('provider-state'),
    'rate-limited',
  ]);
  const asked = async () => {
    const headers = { ...from, origin: t.here, 'content-type': 'application/json' };
    return codeOf({
      body: await (await fetch(`${t.here}/v1/known-by`, { method: 'POST', headers, body: '{}' })).text(),
    });
  };
  expect(await times(SET + 1, asked)).toEqual([...Array(SET).fill('bad-message'), 'rate-limited']);
});

test('but for all of them together: then who has waited longest makes way, and nobody in a sign-in does', async () => {
  const own = await companion({}, {}, undefined, { allConnections: 4 });
  onTestFinished(own.close);
  const { browser, phone } = await pair(own);
  const waiting = async () => {
    const one = await party(own.port, own.page);
    one.say({ t: 'listen', boxes: [] });
    expect((await one.next()).t).toBe('calls');
    return one;
  };
  const [first, second] = [await waiting(), await waiting()];
  const third = await waiting();
  expect((await first.next()).problem).toMatchObject({ code: 'busy', retryAfter: 30 });
  await first.closed;
  phone.say({ t: 'send', n: 0, m: 'AAAA' });
  expect([(await phone.next()).t, (await browser.next()).t]).toEqual(['acked', 'msg']);
  // In sign-ins alone: then it is who comes that is told.
  const another = await pair({ ...own, port: own.port });
  expect([await second.problem(), await third.problem()]).toEqual(['busy', 'busy']);
  expect(await (await party(own.port, own.page)).problem()).toBe('busy');
  for (const one of [browser, phone, another.browser, another.phone]) one.close();
});
