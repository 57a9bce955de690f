// Records that several hold at the same time: nobody's change is lost, and whoever watches hears of each.
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Records } from '../../server/store/records.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { Store } from '../../server/store/store.ts';

const Counter = v.object({ count: v.number() });

let now = 0;
let store: Store;
beforeEach(() => {
  now = 1_000_000;
  store = openSqlite(':memory:', () => now);
});
afterEach(() => store.close());

const sliding = (over: Store = store) => new Records(over, 'counter', Counter, { unusedMs: 1000 }, () => now);

describe('a change', () => {
  test('of fifty at once, none is lost', async () => {
    const records = sliding();
    await records.write('a', { count: 0 }, 0);
    for (let round = 0; round < 5; round++)
      await Promise.all(Array.from({ length: 10 }, () => records.change('a', (one) => void one.count++)));
    expect((await records.read('a'))?.record).toEqual({ count: 50 });
  });

  test('is tried again with what somebody else has written meanwhile', async () => {
    const records = sliding();
    await records.write('a', { count: 1 }, 0);
    let interfered = false;
    const seen: number[] = [];
    const slow: Store = {
      ...store,
      async put(...written) {
        if (!interfered) await records.change('a', (one) => void Object.assign(one, { count: 10 }));
        interfered = true;
        return store.put(...written);
      },
    };
    await sliding(slow).change('a', (one) => {
      seen.push(one.count);
      one.count += 1;
    });
    expect(seen).toEqual([1, 10]);
    expect((await records.read('a'))?.record).toEqual({ count: 11 });
  });

  test('that never gets its turn is refused as busy', async () => {
    const records = sliding({ ...store, put: async () => false });
    await sliding().write('a', { count: 1 }, 0);
    await expect(records.change('a', (one) => void one.count++)).rejects.toMatchObject({ code: 'busy' });
  });

  test('of nothing is none, and one that throws writes nothing', async () => {
    const records = sliding();
    expect(await records.change('a', () => 'done')).toBeUndefined();
    await records.write('a', { count: 1 }, 0);
    const failing = records.change('a', (one) => {
      one.count = 5;
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await records.read('a')).toEqual({ record: { count: 1 }, rev: 1 });
  });
});

describe('a record that is taken', () => {
  test('is had once, by one of twenty who ask at the same moment', async () => {
    const records = sliding();
    await records.write('a', { count: 1 }, 0);
    const all = await Promise.all(Array.from({ length: 20 }, () => records.take('a')));
    expect(all.filter(Boolean)).toEqual([{ count: 1 }]);
    expect([await records.read('a'), await records.take('a')]).toEqual([undefined, undefined]);
    await store.sweep();
    expect(await records.write('a', { count: 2 }, 0)).toBe(true);
  });

  test('is left where it may not be taken, also by what it has become meanwhile', async () => {
    const records = sliding();
    await records.write('a', { count: 1 }, 0);
    expect(await records.take('a', ({ count }) => count > 1)).toBeUndefined();
    let interfered = false;
    const slow: Store = {
      ...store,
      async put(...written) {
        if (!interfered) await records.change('a', (one) => void one.count++);
        interfered = true;
        return store.put(...written);
      },
    };
    expect(await sliding(slow).take('a', ({ count }) => count === 1)).toBeUndefined();
    expect(await records.take('a')).toEqual({ count: 2 });
  });
});

describe('the end of a record', () => {
  test('is put off by each use where it slides', async () => {
    const records = sliding();
    await records.write('a', { count: 1 }, 0);
    now += 900;
    await records.change('a', () => {});
    now += 900;
    expect(await records.read('a')).toBeDefined();
    now += 100;
    expect(await records.read('a')).toBeUndefined();
  });

  test('is where the record says, and what is the same is not written again', async () => {
    const records = new Records(store, 'counter', Counter, { until: ({ count }) => 1_000_000 + count });
    await records.write('a', { count: 500 }, 0);
    await records.change('a', () => {});
    expect((await records.read('a'))?.rev).toBe(1);
    now += 500;
    expect(await records.read('a')).toBeUndefined();
  });
});

test('who watches hears at once, of what is written and of the end, and of no other record', async () => {
  const records = sliding();
  let heard = 0;
  const stop = await records.watch(['a'], () => heard++);
  await records.write('a', { count: 1 }, 0);
  await records.write('b', { count: 1 }, 0);
  expect(await records.write('a', { count: 2 }, 0)).toBe(false);
  await records.change('a', (one) => void one.count++);
  await records.delete('a');
  await vi.waitFor(() => expect(heard).toBe(4));
  stop();
  await records.write('a', { count: 1 }, 0);
  expect(heard).toBe(4);
});

describe('who waits for a record', () => {
  test('has it at once, when it is made, or when it is as wanted', async () => {
    const records = sliding();
    await records.write('a', { count: 1 }, 0);
    expect((await records.until('a', () => true, 1000))?.record.count).toBe(1);
    const made = records.until('b', () => true, 10_000);
    const ready = records.until('b', ({ count }) => count === 3, 10_000);
    await records.write('b', { count: 1 }, 0);
    for (let i = 0; i < 2; i++) await records.change('b', (one) => void one.count++);
    expect((await made)?.record.count).toBeLessThan(4);
    expect((await ready)?.record.count).toBe(3);
  });

  test('has it when it is made while the waiting begins', async () => {
    const slow: Store = {
      ...store,
      async watch(...watched) {
        await sliding().write('a', { count: 1 }, 0);
        return store.watch(...watched);
      },
    };
    expect((await sliding(slow).until('a', () => true, 1_000_000))?.record).toEqual({ count: 1 });
  });

  test('has nothing once the time is over', async () => {
    vi.useFakeTimers();
    const waiting = sliding().until('a', () => true, 10_000);
    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();
    expect(await waiting).toBeUndefined();
  });
});

test('only records of one kind are listed', async () => {
  const records = sliding();
  await records.write('a', { count: 1 }, 0);
  await new Records(store, 'counters', Counter, { unusedMs: 1000 }).write('b', { count: 2 }, 0);
  expect(await records.list()).toEqual([{ count: 1 }]);
});
