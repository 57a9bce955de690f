// Two phones that went apart come together, and nothing that was written is lost (F2).
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Account, newAccount, replaced } from '../../src/phone/vault/document.ts';
import { mergeAccounts } from '../../src/phone/vault/merge.ts';

const RUNS = Number(process.env.MERGE_RUNS ?? 1_000);

const account = (id: string, known: Partial<Account> = {}): Account =>
  newAccount({
    id,
    sites: ['https://a.example'],
    username: 'ann',
    password: 'one',
    passwordAt: 1,
    changedAt: 1,
    ...known,
  });

type Edit = {
  at: number;
  id: string;
  what: 'password' | 'username' | 'notes' | 'totp' | 'site' | 'delete' | 'add';
  to: string;
};

/** What a person does on one phone, in the order of time. */
function play(start: readonly Account[], edits: readonly Edit[], phone: string): Account[] {
  let all = [...start];
  for (const [index, { id, what, to, at }] of [...edits].sort((a, b) => a.at - b.at).entries()) {
    if (what === 'add') all.push(account(`${phone}-${index}`, { username: to, changedAt: at }));
    else if (what === 'delete') all = all.filter((one) => one.id !== id);
    else
      all = all.map((one) => {
        if (one.id !== id) return one;
        const next =
          what === 'site' ? { ...one, sites: [...one.sites, `https://${to}.example`] } : { ...one, [what]: to };
        return replaced(one, next, at);
      });
  }
  return all;
}

const ids = ['x', 'y', 'z'];
const edit = (phone: string): fc.Arbitrary<Edit> =>
  fc.record({
    at: fc.integer({ min: 2, max: 10_000 }),
    id: fc.constantFrom(...ids),
    what: fc.constantFrom('password', 'username', 'notes', 'totp', 'site', 'delete', 'add'),
    to: fc.integer({ min: 1, max: 6 }).map((n) => `${phone}${n}`),
  });
const story = fc.record({
  base: fc.subarray(ids).map((chosen) => chosen.map((id) => account(id))),
  left: fc.array(edit('a'), { maxLength: 6 }),
  right: fc.array(edit('b'), { maxLength: 6 }),
});

const sorted = (all: readonly Account[]) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
/** Every secret and name that can be found in a vault, wherever in it. */
const said = (all: readonly Account[]): Set<string> =>
  new Set(
    all.flatMap(({ password, username, totp, notes, sites, history }) => [
      ...[password, username, totp, ...sites, ...notes.split('\n'), ...history.map((before) => before.password)],
    ]),
  );

describe('a three-way merge', () => {
  test(`loses nothing that either phone has, in ${RUNS} stories`, () => {
    fc.assert(
      fc.property(story, ({ base, left, right }) => {
        const [a, b] = [play(base, left, 'a'), play(base, right, 'b')];
        const merged = mergeAccounts(base, a, b);
        const found = said(merged);
        const deleted = new Set([...left, ...right].filter(({ what }) => what === 'delete').map(({ id }) => id));
        for (const one of [...a, ...b]) {
          // One that was deleted over there and not touched here is gone: that is what deleting means.
          if (deleted.has(one.id) && !merged.some(({ id }) => id.startsWith(one.id))) continue;
          const was = base.find(({ id }) => id === one.id);
          for (const word of said([one])) if (!was || !said([was]).has(word)) expect(found).toContain(word);
        }
      }),
      { numRuns: RUNS },
    );
  }, 120_000);

  test('gives both phones the same, whichever merges', () => {
    fc.assert(
      fc.property(story, ({ base, left, right }) => {
        const [a, b] = [play(base, left, 'a'), play(base, right, 'b')];
        expect(mergeAccounts(base, a, b)).toEqual(mergeAccounts(base, b, a));
      }),
      { numRuns: RUNS },
    );
  }, 120_000);

  test('with a phone that changed nothing gives the other’s, and once more changes nothing', () => {
    fc.assert(
      fc.property(story, ({ base, left, right }) => {
        const [a, b] = [play(base, left, 'a'), play(base, right, 'b')];
        expect(mergeAccounts(base, a, base)).toEqual(sorted(a));
        const merged = mergeAccounts(base, a, b);
        expect(mergeAccounts(b, merged, b)).toEqual(sorted(merged));
        expect(mergeAccounts(base, merged, merged)).toEqual(sorted(merged));
      }),
      { numRuns: RUNS },
    );
  }, 120_000);

  test.each([
    [
      'a password changed on both: the later is in force, the other in the history',
      { password: 'L' },
      { password: 'R' },
    ],
    ['password here, note there: both', { password: 'L' }, { notes: 'R' }],
  ])('%s', (_name, left, right) => {
    const base = account('x');
    const a = replaced(base, { ...base, ...left }, 10);
    const b = replaced(base, { ...base, ...right }, 20);
    const [merged, ...more] = mergeAccounts([base], [a], [b]);
    expect(more).toEqual([]);
    expect(merged).toMatchObject(right);
    expect([merged?.password, ...(merged?.history ?? []).map(({ password }) => password)]).toContain('L');
  });

  test('both phones tell when an account was given away last, and to what computer', () => {
    const base = account('x');
    const used = (usedAt: number, os: string) => ({ usedAt, usedOn: { browser: 'Chrome 156', os } });
    const a = { ...base, ...used(30, 'Windows'), notes: 'a', changedAt: 10 };
    const b = { ...base, ...used(20, 'Linux'), changedAt: 40 };
    for (const both of [mergeAccounts([base], [a], [b]), mergeAccounts([base], [b], [a])])
      expect(both).toMatchObject([{ ...used(30, 'Windows'), notes: 'a' }]);
  });

  test('a phone that knows the time alone does not take from the other to what computer it was', () => {
    const base = account('x');
    const usedOn = { browser: 'Chrome 156', os: 'Windows' };
    const [knows, later] = [
      { ...base, usedAt: 30, usedOn, changedAt: 10 },
      { ...base, usedAt: 40, changedAt: 20 },
    ];
    const alone = { ...base, usedAt: 30, changedAt: 40 };
    expect(mergeAccounts([base], [knows], [alone])[0]?.usedOn).toEqual(usedOn);
    expect(mergeAccounts([base], [alone], [knows])[0]?.usedOn).toEqual(usedOn);
    // Of a later time it knows nothing.
    expect(mergeAccounts([base], [later], [knows])[0]).toMatchObject({ usedAt: 40 });
    expect(mergeAccounts([base], [later], [knows])[0]?.usedOn).toBeUndefined();
  });

  test('two names for one account make two accounts; deleted here and changed there stays', () => {
    const base = account('x');
    const a = replaced(base, { ...base, username: 'bob' }, 10);
    const b = replaced(base, { ...base, username: 'cyd' }, 20);
    expect(mergeAccounts([base], [a], [b]).map(({ username }) => username)).toEqual(['cyd', 'bob']);
    expect(mergeAccounts([base], [], [b])).toEqual([b]);
    expect(mergeAccounts([base], [], [base])).toEqual([]);
  });
});
