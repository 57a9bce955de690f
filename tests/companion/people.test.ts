// Who is who at a team's sites, and whose word counts when two speak at once.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Given, readArguments } from '../../server/operate/arguments.ts';
import { runCommand } from '../../server/operate/commands.ts';
import { DATABASE } from '../../server/operate/copies.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { codeOfPerson, People, type Person } from '../../server/team/people.ts';
import type { Identity } from '../../server/team/providers/provider.ts';
import { SignIns } from '../../server/team/sign-ins.ts';

let store: Store;
let now: number;
beforeEach(() => {
  now = Date.now();
  store = openSqlite(':memory:', () => now);
});
afterEach(() => store.close());

const known = (...subjects: [string, ...string[]]): Identity => ({ subjects, name: 'Li', member: false });

/** The store as a sign-in sees it that is slow: before its first write to a person, `meanwhile` happens. */
function slow(meanwhile: () => Promise<unknown>): Store {
  let happened = false;
  return {
    ...store,
    async get(key) {
      const stored = await store.get(key);
      if (key.startsWith('person:') && !happened) {
        happened = true;
        await meanwhile();
      }
      return stored;
    },
  };
}

test('somebody who comes again is the same person, also by a name that came later', async () => {
  const people = new People(store, 'admitted');
  const first = await people.meet(known('wechat:app:o1'));
  const again = await people.meet(known('wechat:union:u1', 'wechat:app:o1'));
  expect(again).toMatchObject({ id: first.id, admitted: false, knownBy: ['wechat:app:o1', 'wechat:union:u1'] });
  expect((await people.meet(known('wechat:union:u1'))).id).toBe(first.id);
  expect((await people.meet(known('wechat:union:u2'))).id).not.toBe(first.id);
});

test('in gets whom the operator admits, who is a member, or anyone', async () => {
  const people = new People(store, 'admitted');
  const waiting = await people.meet(known('key:a'));
  expect(waiting.admitted).toBe(false);
  expect((await people.meet({ ...known('dingtalk:union:b'), member: true })).admitted).toBe(true);
  expect((await new People(store, 'anyone').meet(known('key:c'))).admitted).toBe(true);
  const code = codeOfPerson(waiting.id);
  expect(code).toMatch(/^[A-Z2-7]{4}-[A-Z2-7]{4}$/);
  await people.admit(` ${code.toLowerCase().replace('-', ' ')} `, { name: 'Li Na', email: 'li@example.org' });
  expect(await people.meet(known('key:a'))).toMatchObject({ admitted: true, name: 'Li Na', email: 'li@example.org' });
  expect(await people.admit('AAAA-AAAA', {})).toBeUndefined();
  // A site that knows people by these would take one for the other.
  const other = codeOfPerson((await people.meet(known('key:d'))).id);
  for (const details of [{ email: 'li@example.org' }, { username: 'LI@example.org' }])
    expect(await people.admit(other, details)).toBe('taken');
  expect(await people.meet(known('key:d'))).toMatchObject({ admitted: false, email: '', username: '' });
  expect(await people.admit(code, { email: 'li@example.org', username: 'li' })).toMatchObject({ username: 'li' });
});

describe('while somebody signs in', () => {
  test('an operator’s admission stands', async () => {
    const operator = new People(store, 'admitted');
    const { id } = await operator.meet(known('key:a'));
    const signIn = new People(
      slow(() => operator.admit(codeOfPerson(id), { name: 'Li Na' })),
      'admitted',
    );
    expect(await signIn.meet(known('key:a', 'key:b'))).toMatchObject({ id, admitted: true, name: 'Li Na' });
    expect(await operator.get(id)).toMatchObject({ admitted: true, knownBy: ['key:a', 'key:b'] });
  });

  test('an operator’s admission stands when a proof is tied', async () => {
    const operator = new People(store, 'admitted');
    const { id } = await operator.meet(known('key:a'));
    const signIn = new People(
      slow(() => operator.admit(codeOfPerson(id), {})),
      'admitted',
    );
    expect(await signIn.tie(id, known('dingtalk:union:b'))).toMatchObject({ id, admitted: true });
    expect(await operator.get(id)).toMatchObject({ admitted: true, knownBy: ['key:a', 'dingtalk:union:b'] });
  });

  test('whom the operator takes out does not come back admitted', async () => {
    const operator = new People(store, 'admitted');
    const { id } = await operator.meet({ ...known('key:a'), member: true });
    const signIn = new People(
      slow(() => operator.remove(codeOfPerson(id))),
      'admitted',
    );
    expect((await signIn.meet(known('key:a'))).admitted).toBe(false);
    expect(await operator.get(id)).toBeUndefined();
  });

  test('no name is lost of two that come at once', async () => {
    const people = new People(store, 'admitted');
    const { id } = await people.meet(known('key:a'));
    const signIn = new People(
      slow(() => people.meet(known('key:a', 'key:b'))),
      'admitted',
    );
    await signIn.meet(known('key:a', 'key:c'));
    expect((await people.get(id))?.knownBy.toSorted()).toEqual(['key:a', 'key:b', 'key:c']);
  });
});

describe('a proof', () => {
  const DING = known('dingtalk:union:d');

  test('is tied to a person while nobody is known by it, and leads there from then on', async () => {
    const people = new People(store, 'anyone');
    const { id } = await people.meet(known('key:a'));
    expect(await people.tie(id, DING)).toMatchObject({ id, name: 'Li' });
    // Once more is no more.
    expect(await people.tie(id, DING)).toMatchObject({ id, knownBy: ['key:a', 'dingtalk:union:d'] });
    expect((await people.meet(DING)).id).toBe(id);
  });

  test('of somebody is not tied to anybody else, nor a second one of a kind to anybody', async () => {
    const people = new People(store, 'anyone');
    const [a, b] = [await people.meet(known('key:a')), await people.meet(DING)];
    expect(await people.tie(a.id, DING)).toBeUndefined();
    await people.tie(a.id, known('dingtalk:union:a'));
    expect(await people.tie(a.id, known('dingtalk:union:c'))).toBeUndefined();
    expect(await people.tie('nobody', known('dingtalk:union:e'))).toBeUndefined();
    expect(await people.get(b.id)).toEqual(b);
    expect((await people.meet(known('dingtalk:union:c'))).id).not.toBe(a.id);
  });

  test('that somebody else is known by in that moment is not told as one’s own', async () => {
    const people = new People(store, 'anyone', () => now);
    const { id } = await people.meet(known('key:a'));
    await people.tie(id, known('wechat:union:w'));
    // Nobody is known by it when it is looked at; before the person's record leads there, it is somebody's.
    let other: Person | undefined;
    const overtaken: Store = {
      ...store,
      async put(key, value, until, ifRev) {
        if (key === `subject:${DING.subjects[0]}` && !other) other = await people.meet(DING);
        return store.put(key, value, until, ifRev);
      },
    };
    expect(await new People(overtaken, 'anyone', () => now).tie(id, DING)).toBeUndefined();
    const left = await people.get(id);
    expect(left).toMatchObject({ knownBy: ['key:a', 'wechat:union:w'] });
    expect(left?.ties.map(({ by }) => by)).toEqual(['wechat']);
    expect((await people.find(DING))?.id).toBe(other?.id);
  });

  test('stays told when a name that comes with it later is somebody else’s by that moment', async () => {
    const people = new People(store, 'anyone', () => now);
    const { id } = await people.meet(known('key:a'));
    await people.tie(id, known('wechat:app:w'));
    let other: Person | undefined;
    const overtaken: Store = {
      ...store,
      async put(key, value, until, ifRev) {
        if (key === 'subject:wechat:union:u' && !other) other = await people.meet(known('wechat:union:u'));
        return store.put(key, value, until, ifRev);
      },
    };
    await new People(overtaken, 'anyone', () => now).meet(known('wechat:union:u', 'wechat:app:w'));
    expect(other?.id).not.toBe(id);
    expect(await people.get(id)).toMatchObject({ knownBy: ['key:a', 'wechat:app:w'], ties: [{ by: 'wechat' }] });
  });

  test('of a member of an organisation lets in nobody whom it is tied to', async () => {
    const people = new People(store, 'admitted');
    const { id } = await people.meet(known('key:a'));
    expect(await people.tie(id, { ...DING, member: true })).toMatchObject({ admitted: false });
  });

  test.each([
    [
      'the person has it and it leads nowhere',
      (id: string) => store.delete(`subject:${DING.subjects[0]}`).then(() => id),
    ],
    [
      'it leads to the person, who has not got it',
      async (id: string) => {
        const { value = '', rev = 0 } = (await store.get(`person:${id}`)) ?? {};
        await store.put(`person:${id}`, value.replace(',"dingtalk:union:d"', ''), now + 1_000_000, rev);
      },
    ],
  ])('that was cut short on its way is nobody’s: %s', async (_how, cut) => {
    const people = new People(store, 'anyone', () => now);
    const { id } = await people.meet(known('key:a'));
    await people.tie(id, DING);
    await cut(id);
    expect(await people.find(DING)).toBeUndefined();
    const other = await people.meet(DING);
    expect(other.id).not.toBe(id);
    expect((await people.meet(known('key:a'))).id).toBe(id);
    expect((await people.meet(DING)).id).toBe(other.id);
  });

  test('that led to somebody stays there when a name that two have in common comes later', async () => {
    const people = new People(store, 'anyone');
    const website = await people.meet(known('wechat:web:o1'));
    const account = await people.meet(known('wechat:union:u', 'wechat:account:o2'));
    for (let times = 0; times < 2; times++) {
      expect((await people.meet(known('wechat:union:u', 'wechat:web:o1'))).id).toBe(website.id);
      expect((await people.meet(known('wechat:union:u', 'wechat:account:o2'))).id).toBe(account.id);
    }
  });
});

describe('the operator’s word that two are one', () => {
  test.each([
    ['the vault’s', 'key:a', 'dingtalk:union:d'],
    ['the provider’s', 'dingtalk:union:d', 'key:a'],
  ])(
    'lets %s person stay, who was there first, and whatever is said later lead there',
    async (_name, first, second) => {
      const people = new People(store, 'admitted', () => now);
      const older = await people.meet(known(first));
      now += 1;
      const younger = await people.meet({ ...known(second), member: true });
      for (const codes of [
        ['', ''],
        [codeOfPerson(older.id), codeOfPerson(older.id)],
        [codeOfPerson(older.id), ''],
      ])
        expect(await people.join(codes[0] ?? '', codes[1] ?? '')).toBeUndefined();
      const joined = await people.join(codeOfPerson(younger.id), codeOfPerson(older.id));
      expect(joined).toMatchObject({ id: older.id, admitted: true, knownBy: [first, second] });
      for (const subject of [first, second]) expect((await people.meet(known(subject))).id).toBe(older.id);
      expect(await people.get(younger.id)).toBeUndefined();
      expect(await people.list()).toHaveLength(1);
    },
  );

  test('lets whose code comes first stay of two from before it was kept who was there first', async () => {
    const rows = ['a', 'b'].map((id) => ({ id, name: id, email: '', admitted: true, knownBy: [`key:${id}`] }));
    const codes = rows.map(({ id }) => codeOfPerson(id));
    const data = mkdtempSync(join(tmpdir(), 'scankey-unit-'));
    openSqlite(join(data, DATABASE)).close();
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      store.close();
      store = openSqlite(':memory:', () => now);
      for (const row of rows) {
        await store.put(`person:${row.id}`, JSON.stringify(row), now + 1000, 0);
        await store.put(`subject:key:${row.id}`, row.id, now + 1000, 0);
      }
      const [one, other] = order.map((at) => codes[at] ?? '');
      const said: string[] = [];
      const out = vi.spyOn(process.stdout, 'write').mockImplementation((line) => said.push(String(line)) > 0);
      const given = readArguments(['join', one ?? '', other ?? '', '--data', data]) as Given;
      // The command closes what it has opened.
      const open = async () => ({ ...store, close: () => {} });
      const asked = { given, team: undefined, open };
      const went = await runCommand('join', asked).finally(() => out.mockRestore());
      expect([went, said.join('')]).toEqual([true, expect.stringContaining(`joined; ${one} stays`)]);
      const people = new People(store, 'admitted', () => now);
      expect((await people.list()).map(({ id }) => codeOfPerson(id))).toEqual([one]);
    }
  });

  test('is told once, though one of them signs in at that moment', async () => {
    const people = new People(store, 'anyone', () => now);
    const [a, b] = [await people.meet(known('key:a')), await people.meet(known('wechat:app:w'))];
    const operator = new People(
      slow(() => people.meet(known('wechat:union:u', 'wechat:app:w'))),
      'anyone',
      () => now,
    );
    const joined = await operator.join(codeOfPerson(a.id), codeOfPerson(b.id));
    expect(joined?.knownBy).toEqual(['key:a', 'wechat:app:w', 'wechat:union:u']);
    expect(joined?.ties.map(({ by }) => by)).toEqual(['key', 'wechat']);
  });

  test('makes nobody new of somebody who signs in at that moment', async () => {
    const operator = new People(store, 'anyone');
    const [a, b] = [await operator.meet(known('key:a')), await operator.meet(known('dingtalk:union:d'))];
    const signIn = new People(
      slow(() => operator.join(codeOfPerson(a.id), codeOfPerson(b.id))),
      'anyone',
    );
    expect((await signIn.meet(known('dingtalk:union:d'))).id).toBe(a.id);
    expect(await operator.list()).toHaveLength(1);
  });
});

describe('somebody of whom no site was told', () => {
  const DAY_MS = 86_400_000;
  const seen = async (days: number, subject: string) => {
    now += days * DAY_MS;
    return new People(store, 'admitted', () => now).find(known(subject));
  };

  test('and whom nobody has let in is forgotten in days', async () => {
    const people = new People(store, 'admitted', () => now);
    for (let n = 0; n < 20; n++) await people.meet(known(`key:${n}`));
    expect(await seen(6, 'key:0')).toBeDefined();
    expect(await seen(2, 'key:0')).toBeUndefined();
    await store.sweep();
    expect(await store.list('')).toEqual([]);
  });

  test('is kept once one was, or the operator has said so; and who was forgotten is somebody new', async () => {
    const people = new People(store, 'admitted', () => now);
    const [told, admitted] = [await people.meet(known('key:told')), await people.meet(known('key:admitted'))];
    await people.keep(told.id);
    await people.admit(codeOfPerson(admitted.id), {});
    expect(await seen(399, 'key:told')).toMatchObject({ id: told.id });
    expect(await seen(0, 'key:admitted')).toMatchObject({ id: admitted.id });
    // Coming again is being seen again.
    await people.meet(known('key:told'));
    expect(await seen(2, 'key:told')).toMatchObject({ id: told.id });
    expect(await seen(0, 'key:admitted')).toBeUndefined();
    expect((await people.meet(known('key:admitted'))).id).not.toBe(admitted.id);
  });
});

// The sites: `wiki` takes one proof, `ward` the vault's and DingTalk's. Two vaults and one identity, in every order.
describe('in every order of proofs and people', () => {
  const WAYS = ['K1', 'K2', 'D', 'K1 D', 'D K1', 'K2 D', 'D K2'];
  const orders = WAYS.flatMap((a) => WAYS.flatMap((b) => WAYS.map((c) => [a, b, c])));

  test(`of ${orders.length}, nobody becomes somebody else, and nothing joins that no vault has named`, async () => {
    const people = new People(store, 'anyone');
    const signIns = new SignIns(store, people, (client) => (client === 'ward' ? 'dingtalk' : undefined));
    let uids = 0;
    for (const [n, order] of orders.entries()) {
      /** Who a site was told that somebody is, by the proof. */
      const told = new Map<string, string>();
      /** By a phone that was shown it. */
      const named = new Set<string>();
      for (const way of order) {
        const uid = `u${uids++}`;
        const proofs = way.split(' ');
        await signIns.open(uid, { client: proofs.length > 1 ? 'ward' : 'wiki', host: '' }, 'browser');
        const [vault] = proofs.filter((proof) => proof.startsWith('K'));
        const show = async (proof: string) => {
          const { nonce, adds } = await signIns.about(uid);
          if (proof === 'D') return signIns.prove(uid, { by: 'dingtalk', identity: known(`dingtalk:union:${n}`) });
          if (adds) named.add(`${proof} ${adds.subjects[0]}`);
          return signIns.prove(uid, { by: 'pop', identity: known(`key:${proof}:${n}`), nonce });
        };
        try {
          for (const proof of proofs) await show(proof);
          // Shown what becomes its own, the phone confirms.
          if (vault && (await signIns.about(uid)).adds) await show(vault);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^identity-(apart|wrong)$/) });
          continue;
        }
        const { id } = await signIns.finish(await signIns.of(uid, 'browser'));
        for (const proof of proofs) {
          expect([order, way, told.get(proof) ?? id]).toEqual([order, way, id]);
          told.set(proof, id);
        }
      }
      const [k1, k2, d] = ['K1', 'K2', 'D'].map((proof) => told.get(proof));
      if (k1) expect(k1).not.toBe(k2);
      for (const [vault, id] of [['K1', k1] as const, ['K2', k2] as const])
        if (d !== undefined && d === id) expect(named).toContain(`${vault} dingtalk:union:${n}`);
    }
  });
});

test('of sign-ins that come at once, in whatever order the store is asked, each leads to the same person for ever', async () => {
  const paths = [
    known('wechat:union:u', 'wechat:web:o1'),
    known('wechat:web:o1'),
    known('wechat:union:u', 'wechat:account:o2'),
    known('dingtalk:union:d'),
  ];
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const own = openSqlite(':memory:');
      const at = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => scheduler.scheduleFunction(work);
      const delayed: Store = { ...own, get: at(own.get), put: at(own.put), delete: at(own.delete) };
      try {
        const people = new People(delayed, 'anyone');
        const setUp = new People(own, 'anyone');
        const [a, b] = [await setUp.meet(known('key:a')), await setUp.meet(known('key:b'))];
        const all = Promise.all([
          Promise.all([...paths, ...paths].map((path) => people.meet(path))),
          Promise.all([a, b].map(({ id }) => people.tie(id, known('dingtalk:union:d')))),
        ]);
        await scheduler.waitFor(all);
        const [met, tied] = await all;
        const again = await Promise.all([...paths, ...paths].map((path) => setUp.meet(path)));
        expect(met.map(({ id }) => id)).toEqual(again.map(({ id }) => id));
        const winners = tied.filter((one) => one !== undefined).map(({ id }) => id);
        expect(winners.length).toBeLessThanOrEqual(1);
        for (const id of winners) expect((await setUp.find(known('dingtalk:union:d')))?.id).toBe(id);
        // Nobody is known by what leads to somebody else.
        const everything = (await setUp.list()).flatMap(({ knownBy }) => knownBy);
        expect(everything).toHaveLength(new Set(everything).size);
      } finally {
        own.close();
      }
    }),
    { numRuns: Number(process.env.PEOPLE_RUNS ?? 30) },
  );
});

test('who is taken out is nobody, and comes again as somebody new', async () => {
  const people = new People(store, 'admitted');
  const { id } = await people.meet({ ...known('key:a'), member: true });
  await people.remove(codeOfPerson(id));
  expect(await people.get(id)).toBeUndefined();
  expect(await people.list()).toEqual([]);
  expect(await people.meet(known('key:a'))).toMatchObject({ admitted: false });
});
