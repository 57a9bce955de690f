// What somebody can have back by a provider's word: halves of split keys, the way to a vault, and the visits that lead to either.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { Answers } from '../../server/team/answers.ts';
import { Escrows } from '../../server/team/escrows.ts';
import type { Identity } from '../../server/team/providers/provider.ts';
import { SplitKeys } from '../../server/team/split-keys.ts';
import { Visits } from '../../server/team/visits.ts';
import { newToken } from './party.ts';

let now = 0;
let store: Store;
beforeEach(() => {
  now = Date.now();
  store = openSqlite(':memory:', () => now);
});
afterEach(() => store.close());

describe('half of a split key', () => {
  test('is given to its owner with the browser’s proof, and to nobody by either alone', async () => {
    const keys = new SplitKeys(store);
    const { id, half, auth } = await keys.make(['wechat:union:li']);
    expect(await keys.open(id, auth, ['wechat:app:x', 'wechat:union:li'])).toBe(half);
    await expect(keys.open(id, auth, ['wechat:union:thief'])).rejects.toMatchObject({ code: 'identity-wrong' });
    for (const wrong of [newToken(), ''])
      await expect(keys.open(id, wrong, ['wechat:union:li'])).rejects.toMatchObject({ code: 'not-found' });
    await expect(keys.check('A'.repeat(22), auth)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('lives half a year from its last use, and goes when its browser drops it', async () => {
    const keys = new SplitKeys(store, () => now);
    const [used, left] = [await keys.make(['a']), await keys.make(['a'])];
    now += 100 * 86_400_000;
    await keys.open(used.id, used.auth, ['a']);
    now += 100 * 86_400_000;
    await expect(keys.check(left.id, left.auth)).rejects.toMatchObject({ code: 'not-found' });
    await expect(keys.drop(used.id, newToken())).rejects.toMatchObject({ code: 'not-found' });
    await keys.check(used.id, used.auth);
    await keys.drop(used.id, used.auth);
    await expect(keys.check(used.id, used.auth)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('does not lie open beside the proof of its browser', async () => {
    const keys = new SplitKeys(store);
    const { auth } = await keys.make(['a']);
    expect(JSON.stringify(await store.list(''))).not.toContain(auth);
  });
});

test('the way to a vault is found under any name that the provider has for its owner, and the newest one stays', async () => {
  const escrows = new Escrows(store);
  await escrows.put(['wechat:union:li', 'wechat:app:o1'], 'AAAA');
  expect(await escrows.find(['wechat:app:o1'])).toBe('AAAA');
  await escrows.put(['wechat:app:o1'], 'BBBB');
  expect(await escrows.find(['wechat:app:o1', 'wechat:union:li'])).toBe('BBBB');
  await expect(escrows.find(['wechat:union:wang'])).rejects.toMatchObject({ code: 'no-backup' });
  expect(JSON.stringify(await store.list(''))).not.toContain('wechat');
});

describe('a visit', () => {
  const tokenOf = (address: string) => new URL(address).searchParams.get('ticket') ?? '';

  test('of an extension begins once and within two minutes, in whatever tab', async () => {
    const visits = new Visits(store, 'https://keys.example');
    const address = await visits.plan('wechat', 'handle');
    expect(new URL(address)).toMatchObject({ origin: 'https://keys.example', pathname: '/v1/kept/go' });
    expect(await visits.begin(tokenOf(address), 'any')).toEqual({ provider: 'wechat', handle: 'handle' });
    await expect(visits.begin(tokenOf(address), 'any')).rejects.toMatchObject({ code: 'provider-state' });
    const late = await visits.plan('wechat', 'handle');
    now += 121_000;
    await expect(visits.begin(tokenOf(late), 'any')).rejects.toMatchObject({ code: 'provider-state' });
  });

  test('of a phone page begins in its own browser alone', async () => {
    const visits = new Visits(store, 'https://keys.example');
    const address = await visits.plan('feishu', 'handle', 'mine');
    await expect(visits.begin(tokenOf(address), 'lured')).rejects.toMatchObject({ code: 'provider-state' });
    expect(await visits.begin(tokenOf(address), 'mine')).toMatchObject({ browser: 'mine' });
  });
});

describe('what a provider has said', () => {
  const identity: Identity = { subjects: ['wechat:union:li'], name: 'Li', member: false };

  test('is taken once, and the first answer under a name counts', async () => {
    const answers = new Answers(store);
    await answers.put('name', identity);
    await answers.put('name', { ...identity, subjects: ['wechat:union:other'] });
    await answers.look('name');
    expect(await answers.take('name')).toEqual(identity);
    for (const again of [answers.take('name'), answers.look('name')])
      await expect(again).rejects.toMatchObject({ code: 'provider-state' });
  });

  test('goes to one sign-in by a token, once, and to no other', async () => {
    const answers = new Answers(store);
    await answers.put('name', identity);
    const token = await answers.tokenFor('name', 'one');
    await expect(answers.take('name')).rejects.toMatchObject({ code: 'provider-state' });
    await expect(answers.redeem(token, 'two')).rejects.toMatchObject({ code: 'provider-state' });
    expect(await answers.redeem(token, 'one')).toEqual(identity);
    await expect(answers.redeem(token, 'one')).rejects.toMatchObject({ code: 'provider-state' });
  });
});
