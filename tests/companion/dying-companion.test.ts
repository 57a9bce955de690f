// The companion dies between any two of its writes, and the next one stands before whatever was written: nothing that somebody was
// answered is lost, and what was not answered is said again and done once.
import { expect, test } from 'vitest';
import { Backups } from '../../server/backup/backups.ts';
import { newLimiters } from '../../server/http/limits.ts';
import { Refusal } from '../../server/http/problems.ts';
import { newPushKeys } from '../../server/push/push-keys.ts';
import { Pusher } from '../../server/push/pusher.ts';
import { Boxes } from '../../server/relay/boxes.ts';
import { Relay } from '../../server/relay/relay.ts';
import { hashOf } from '../../server/store/hashes.ts';
import { Room } from '../../server/store/room.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { StoreAdapter } from '../../server/team/issuer/adapter.ts';
import { codeOfPerson, People } from '../../server/team/people.ts';
import type { Identity } from '../../server/team/providers/provider.ts';
import { newSid, newToken } from './party.ts';

class Died extends Error {}

/** A store as a companion sees it that dies at its write number `last`, just before that is stored or just after. */
function until(store: Store, last: number, stored: boolean): Store {
  let writes = 0;
  const write = async <T>(work: () => Promise<T>): Promise<T> => {
    const number = writes++;
    if (number < last) return work();
    if (number === last && stored) await work();
    throw new Died();
  };
  return {
    ...store,
    put: (...given) => write(() => store.put(...given)),
    delete: (...given) => write(() => store.delete(...given)),
  };
}

/**
 * Plays a story again and again until no companion has died in it: each dies one write later, and whoever was not answered says the
 * same to the next one.
 * @param begin a companion over a store, and what it is asked; each question throws if its answer is not what it should be
 * @returns how many have died
 */
async function dieAnywhere<C>(begin: (store: Store) => C, questions: readonly ((companion: C) => Promise<unknown>)[]) {
  let deaths = 0;
  for (const stored of [false, true])
    for (let last = 0, died = true; died; last++) {
      died = false;
      const store = openSqlite(':memory:');
      let companion = begin(until(store, last, stored));
      for (const ask of questions)
        await ask(companion).catch(async (error: unknown) => {
          if (!(error instanceof Died))
            throw new Error(`dead ${stored ? 'after' : 'before'} ${last}`, { cause: error });
          died = true;
          deaths++;
          companion = begin(store);
          await ask(companion);
        });
      store.close();
    }
  return deaths;
}

const codeOf = (work: Promise<unknown>) => work.then(() => 'done').catch((error: unknown) => codeIn(error));
/** What was refused; a death is no answer. */
function codeIn(error: unknown): string {
  if (error instanceof Refusal) return error.code;
  throw error;
}

test('a sign-in goes on, each message arrives until it is acknowledged, and the end is told to both', async () => {
  const [sid, b, p] = [newSid(), newToken(), newToken()];
  const here = { networks: ['192.0.2.7/32'], signsIn: false };
  const [browser, phone] = [
    { sid, role: 'b' },
    { sid, role: 'p' },
  ] as const;
  const waits = async (relay: Relay) => {
    const { b: fromBrowser, p: fromPhone } = (await relay.session(sid)) ?? {};
    return [fromBrowser, fromPhone].map((lane) => lane?.waiting.map(({ m }) => m).join());
  };
  const back = (relay: Relay) =>
    Promise.all([
      relay.resume({ t: 'resume', ...browser, token: b, lastSeen: -1 }, here.networks),
      relay.resume({ t: 'resume', ...phone, token: p, lastSeen: -1 }, here.networks),
    ]);
  const deaths = await dieAnywhere(
    (store) => new Relay(store, new Room(store)),
    [
      (relay) => relay.open({ t: 'open', sid, pk: 'key', tokenHash: hashOf(b) }, here),
      async (relay) =>
        expect(await relay.join({ t: 'join', sid, tokenHash: hashOf(p) }, here.networks)).toMatchObject({
          pk: 'key',
          near: true,
        }),
      (relay) => relay.send(phone, { t: 'send', n: 0, m: 'hello' }, []),
      async (relay) => expect(await waits(relay)).toEqual(['', 'hello']),
      (relay) => relay.send(browser, { t: 'send', n: 0, m: 'request' }, []),
      (relay) => relay.ack(browser, [0]),
      async (relay) => expect(await waits(relay)).toEqual(['request', '']),
      async (relay) => expect((await back(relay)).map(({ next }) => next)).toEqual([1, 1]),
      // Said by whoever has heard of no end yet.
      async (relay) =>
        expect(await codeOf(back(relay).then(() => relay.end(phone, 'done')))).toMatch(/done|session-gone/),
      async (relay) => {
        expect(await relay.reasonOf(browser)).toBe('done');
        for (const one of [browser, phone]) expect(await codeOf(back(relay)), one.role).toBe('session-gone');
      },
    ],
  );
  expect(deaths).toBeGreaterThan(10);
});

test('a session whose end was written down before its companion died takes nobody in, and is forgotten', async () => {
  const [sid, b, p] = [newSid(), newToken(), newToken()];
  const here = { networks: ['192.0.2.7/32'], signsIn: false };
  const open = { t: 'open', sid, pk: 'key', tokenHash: hashOf(b) } as const;
  const comeBack: [string, (relay: Relay) => Promise<unknown>][] = [
    ['the browser opens', (relay) => relay.open(open, here)],
    ['the phone joins', (relay) => relay.join({ t: 'join', sid, tokenHash: hashOf(p) }, [])],
    ['the browser resumes', (relay) => relay.resume({ t: 'resume', sid, role: 'b', token: b, lastSeen: -1 }, [])],
    ['the phone resumes', (relay) => relay.resume({ t: 'resume', sid, role: 'p', token: p, lastSeen: -1 }, [])],
    // Whoever was no party of it is told no reason.
    ['a stranger resumes', (relay) => relay.resume({ t: 'resume', sid, role: 'p', token: b, lastSeen: -1 }, [])],
  ];
  for (const [who, comes] of comeBack) {
    const store = openSqlite(':memory:');
    const before = new Relay(store, new Room(store));
    await before.open(open, here);
    await before.join({ t: 'join', sid, tokenHash: hashOf(p) }, []);
    const dying = until(store, 0, true);
    await expect(new Relay(dying, new Room(dying)).end({ sid, role: 'p' }, 'denied'), who).rejects.toThrow(Died);
    const next = new Relay(store, new Room(store));
    expect(await next.session(sid), who).toBeDefined();
    const told = who.startsWith('a stranger') ? undefined : 'denied';
    const refused = await comes(next).catch((error: unknown) => error);
    expect(refused instanceof Refusal && [refused.code, refused.extra.reason], who).toEqual(['session-gone', told]);
    expect(await next.session(sid), who).toBeUndefined();
    store.close();
  }
});

test('a paired browser’s request waits at the box once, and an ended pairing stays ended', async () => {
  const [box, token, sid] = [newSid(), newToken(), newSid()];
  const pusher = new Pusher(newPushKeys(), { contact: 'https://scankey.example' });
  const listening = [{ box, token }];
  const begin = (store: Store) => new Boxes(store, new Room(store), pusher, newLimiters());
  const deaths = await dieAnywhere(begin, [
    async (boxes) => expect((await boxes.listen(listening, 'one')).own).toEqual([box]),
    (boxes) => boxes.add({ box, sid, time: 1, proof: 'proof' }),
    async (boxes) => expect(await boxes.waiting(listening)).toMatchObject({ calls: [{ sid }], ended: [] }),
    (boxes) => boxes.drop(box, sid),
    async (boxes) => expect(await boxes.waiting(listening)).toMatchObject({ calls: [], ended: [] }),
    (boxes) => boxes.end(box, 'ended', 'one'),
    async (boxes) => expect(await boxes.waiting(listening)).toMatchObject({ ended: [{ box, why: 'ended' }] }),
  ]);
  expect(deaths).toBeGreaterThan(7);
});

test('a backup that was taken is there, and of one that was deleted nothing is left', async () => {
  const by = { auth: 'auth', bucket: 'one' };
  const begin = (store: Store) => ({ store, backups: new Backups(store, new Room(store), newLimiters()) });
  const put =
    (rev: number) =>
    async ({ backups }: ReturnType<typeof begin>) => {
      const write = { t: 'write', id: 'mine', ifRev: rev - 1, rev, blob: `copy ${rev}` } as const;
      // Whoever was not answered looks, and finds what they have written.
      expect(await codeOf(backups.serve(write, by))).toMatch(/done|conflict/);
      expect(await backups.serve({ t: 'read', id: 'mine' }, by)).toEqual({ rev, blob: `copy ${rev}` });
    };
  const deaths = await dieAnywhere(begin, [
    put(1),
    async ({ backups, store }) => {
      expect(await codeOf(backups.serve({ t: 'delete', id: 'mine' }, by))).toMatch(/done|no-backup/);
      expect(await store.list('backup:')).toEqual([]);
    },
    put(1),
    put(2),
    put(3),
  ]);
  expect(deaths).toBeGreaterThan(20);
});

test('people stay who they are, by all that they are known by, and who was taken out is nobody', async () => {
  const known = (...subjects: [string, ...string[]]): Identity => ({ subjects, name: 'Li', member: false });
  const [key, ding, other] = [known('key:a'), known('dingtalk:union:u', 'dingtalk:app:o'), known('key:b')];
  let id = '';
  const deaths = await dieAnywhere(
    (store) => new People(store, 'anyone'),
    [
      async (people) => {
        id = (await people.meet(key)).id;
      },
      (people) => people.keep(id),
      async (people) => expect((await people.tie(id, ding))?.id).toBe(id),
      async (people) => expect((await people.meet(ding)).id).toBe(id),
      async (people) => expect((await people.meet(key)).id).toBe(id),
      async (people) => {
        const younger = await people.meet(other);
        if (younger.id !== id) await people.join(codeOfPerson(id), codeOfPerson(younger.id));
        expect((await people.find(other))?.id).toBe(id);
      },
      async (people) =>
        expect(new Set((await people.get(id))?.ties.map(({ by }) => by))).toEqual(new Set(['dingtalk', 'key'])),
      async (people) => {
        await people.remove(codeOfPerson(id));
        for (const one of [key, ding, other]) expect(await people.find(one)).toBeUndefined();
      },
    ],
  );
  expect(deaths).toBeGreaterThan(20);
});

test('what a code has given is taken back when the code is brought again', async () => {
  const exp = Date.now() / 1000 + 600;
  const begin = (store: Store) => {
    const of = (model: string) => new StoreAdapter(store, model, 'S'.repeat(43));
    return { code: of('AuthorizationCode'), access: of('AccessToken'), refresh: of('RefreshToken') };
  };
  type Issuer = ReturnType<typeof begin>;
  const give = (name: keyof Issuer) => (issuer: Issuer) => issuer[name].upsert(name, { grantId: 'grant', exp }, 600);
  // As the issuer does: a code that is used already, brought again, revokes all that came of its grant.
  const exchange = async (issuer: Issuer) => {
    const found = await issuer.code.find('code');
    if (found?.consumed) return issuer.code.revokeByGrantId('grant');
    if (!found) return;
    await issuer.code.consume('code');
    await give('access')(issuer);
    await give('refresh')(issuer);
  };
  const there = async (issuer: Issuer) =>
    Promise.all((['access', 'refresh'] as const).map(async (name) => (await issuer[name].find(name)) !== undefined));
  const deaths = await dieAnywhere(begin, [
    give('code'),
    exchange,
    async (issuer) => {
      await exchange(issuer);
      expect(await there(issuer)).toEqual([false, false]);
    },
  ]);
  expect(deaths).toBeGreaterThan(8);
});
