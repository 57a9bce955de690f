// Who is who at a team's sites, and whose word counts when two speak at once.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { codeOfPerson, People } from '../../server/team/people.ts';
import type { Identity } from '../../server/team/providers/provider.ts';

let store: Store;
beforeEach(() => {
  store = openSqlite(':memory:');
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

  test('an operator’s admission stands when two proofs become one person', async () => {
    const operator = new People(store, 'admitted');
    const { id } = await operator.meet(known('key:a'));
    const signIn = new People(
      slow(() => operator.admit(codeOfPerson(id), {})),
      'admitted',
    );
    expect(await signIn.link(id, known('dingtalk:union:b'))).toMatchObject({ id, admitted: true });
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

test('two of one kind are two people, and stay so', async () => {
  const people = new People(store, 'anyone');
  const [a, b] = [await people.meet(known('key:a', 'dingtalk:union:a')), await people.meet(known('dingtalk:union:b'))];
  expect(await people.link(a.id, known('dingtalk:union:b'))).toBeUndefined();
  expect(await people.get(b.id)).toEqual(b);
});

test('who is taken out is nobody, and comes again as somebody new', async () => {
  const people = new People(store, 'admitted');
  const { id } = await people.meet({ ...known('key:a'), member: true });
  await people.remove(codeOfPerson(id));
  expect(await people.get(id)).toBeUndefined();
  expect(await people.list()).toEqual([]);
  expect(await people.meet(known('key:a'))).toMatchObject({ admitted: false });
});
