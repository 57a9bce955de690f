// What a node knows of records that somebody watches there: it saves looks, and is never older than what was heard.
import * as v from 'valibot';
import { beforeEach, expect, test, vi } from 'vitest';
import { Known } from '../../server/store/known.ts';
import { Records } from '../../server/store/records.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { News, Store } from '../../server/store/store.ts';

const version = (rev: number) => ({ record: { rev }, value: '', rev });

test.each<[what: string, heard: News, rev: number, kept: boolean]>([
  ['the version that was heard of meanwhile is kept', { key: 'a', rev: 2 }, 2, true],
  ['an older one is not', { key: 'a', rev: 2 }, 1, false],
  ['one that was read as it went is not', { key: 'a', rev: 0 }, 1, false],
  ['nor is any of which something may have been missed', {}, 1, false],
])('%s', (_what, heard, rev, kept) => {
  const known = new Known<{ rev: number }>();
  known.watch(['a']);
  known.hear('a', undefined);
  const keep = known.begin('a');
  known.hear('a', heard);
  keep(version(rev));
  expect(known.get('a')?.rev).toBe(kept ? rev : undefined);
});

test('nothing is kept before it would be heard of, nor after the last has left', () => {
  const known = new Known<{ rev: number }>();
  const read = () => known.begin('a')(version(1));
  read();
  known.watch(['a']);
  read();
  expect(known.get('a')).toBeUndefined();
  known.hear('a', undefined);
  read();
  known.watch(['a']);
  known.hear('a', undefined);
  known.leave(['a']);
  expect(known.get('a')?.rev).toBe(1);
  const late = known.begin('a');
  known.leave(['a']);
  late(version(1));
  expect(known.get('a')).toBeUndefined();
});

test('of many, those that were last read or written are kept', () => {
  const known = new Known<{ rev: number }>();
  const ids = Array.from({ length: 1_000 }, (_, n) => String(n));
  known.watch(ids);
  for (const id of ids) {
    known.hear(id, undefined);
    known.begin(id)(version(1));
  }
  expect([known.get('0'), known.get('999')?.rev]).toEqual([undefined, 1]);
  expect(ids.filter((id) => known.get(id)).length).toBe(512);
});

let now = 0;
beforeEach(() => {
  now = 1_000_000;
});

test('a record that is watched is read once, anew when another node has written it, and not beyond its end', async () => {
  const store = openSqlite(':memory:', () => now);
  const get = vi.fn(store.get);
  const Counter = v.object({ count: v.number(), ends: v.number() });
  const node = (over: Store) => new Records(over, 'counter', Counter, { until: ({ ends }) => ends }, () => now);
  const [here, there] = [node({ ...store, get }), node(store)];
  await there.write('a', { count: 0, ends: now + 1_000 }, 0);
  await there.change('a', (one) => void one.count++);
  const heard = vi.fn();
  const stop = await here.watch(['a'], heard);
  for (let i = 0; i < 5; i++) expect((await here.read('a'))?.record.count).toBe(1);
  await here.change('a', (one) => void one.count++);
  expect([(await here.read('a'))?.rev, get.mock.calls.length]).toEqual([3, 1]);
  await expect(
    here.change('a', (one) => {
      one.count = 9;
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await there.change('a', (one) => void one.count++);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(5));
  expect(await here.read('a')).toEqual({ record: { count: 3, ends: 1_001_000 }, rev: 4 });
  expect(get).toHaveBeenCalledTimes(2);
  now += 1_000;
  expect(await here.read('a')).toBeUndefined();
  stop();
  store.close();
});
