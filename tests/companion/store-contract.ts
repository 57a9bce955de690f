// What every engine keeps of the store's contract.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Entry, FOR_EVER, type Store } from '../../server/store/store.ts';
import { once, overwrite } from '../../server/store/values.ts';

/** Ends are as far away as no test takes: an engine may look at a clock of its own, too. */
const HOUR = 3_600_000;

/** @param open gives the engine, empty, by the clock of the test */
export function keepsTheContract(engine: string, open: (now: () => number) => Store | Promise<Store>): void {
  describe(engine, () => {
    let now = 0;
    let store: Store;
    beforeEach(async () => {
      now = 1_000_000;
      store = await open(() => now);
    });
    afterEach(() => store.close());

    test('writes only over the revision that was read', async () => {
      expect(await store.put('k', 'a', now + HOUR, 0)).toBe(true);
      expect(await store.put('k', 'b', now + HOUR, 0)).toBe(false);
      expect(await store.put('k', 'b', now + HOUR, 1)).toBe(true);
      expect(await store.put('k', 'c', now + HOUR, 1)).toBe(false);
      expect(await store.put('k', 'c', now + HOUR, 3)).toBe(false);
      expect(await store.put('none', 'c', now + HOUR, 1)).toBe(false);
      expect([await store.get('k'), await store.get('none')]).toEqual([{ value: 'b', rev: 2 }, undefined]);
    });

    test('keeps every character', async () => {
      const value = `${'é中🔑\u0000"\\\n'.repeat(3)}${'A'.repeat(100_000)}`;
      await store.put(value.slice(0, 30), value, now + HOUR, 0);
      expect(await store.get(value.slice(0, 30))).toEqual({ value, rev: 1 });
      await store.put('empty', '', now + HOUR, 0);
      expect(await store.get('empty')).toEqual({ value: '', rev: 1 });
    });

    test('of twenty writers over one revision takes one', async () => {
      const won = await Promise.all(Array.from({ length: 20 }, (_, n) => store.put('k', String(n), now + HOUR, 0)));
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    test('has nothing that has expired, swept or not, and begins it anew', async () => {
      await store.put('short', 'a', now + HOUR, 0);
      await store.put('long', 'a', FOR_EVER, 0);
      await store.put('short', 'b', now + HOUR, 1);
      now += HOUR;
      expect([await store.get('short'), await store.list('')]).toEqual([undefined, ['a']]);
      expect(await store.put('short', 'c', now + HOUR, 2)).toBe(false);
      expect(await store.put('short', 'c', now + HOUR, 0)).toBe(true);
      expect(await store.get('short')).toEqual({ value: 'c', rev: 1 });
      now += HOUR;
      await store.sweep();
      expect(await store.get('long')).toEqual({ value: 'a', rev: 1 });
    });

    test('has its end put off, or brought forward to now', async () => {
      await store.put('k', 'a', now + HOUR, 0);
      await store.put('k', 'a', FOR_EVER, 1);
      now += HOUR;
      expect(await store.get('k')).toEqual({ value: 'a', rev: 2 });
      expect(await store.put('k', '', 0, 2)).toBe(true);
      expect([await store.get('k'), await store.put('k', 'b', FOR_EVER, 3)]).toEqual([undefined, false]);
      expect(await store.put('k', 'b', now + HOUR, 0)).toBe(true);
    });

    test('deletes, also what is not there', async () => {
      await store.put('k', 'a', now + HOUR, 0);
      for (let i = 0; i < 2; i++) await store.delete('k');
      expect(await store.get('k')).toBeUndefined();
      expect(await store.put('k', 'b', now + HOUR, 1)).toBe(false);
    });

    test('lists by key what begins with a prefix, and nothing beside', async () => {
      for (const key of ['person:b', 'persons', 'person:a', 'perso', 'Person:c', 'person:', 'person*:d', 'a:person:'])
        await store.put(key, key, FOR_EVER, 0);
      expect(await store.list('person:')).toEqual(['person:', 'person:a', 'person:b']);
      expect([await store.list('person*'), await store.list('person?')]).toEqual([['person*:d'], []]);
    });

    test('tells all it has, with its end, but for what has expired', async () => {
      for (const [key, expires] of [
        ['a', now + HOUR],
        ['b', FOR_EVER],
        ['c', now + 1],
      ] as const)
        await store.put(key, `${key} value`, expires, 0);
      now += 1;
      const entries: Entry[] = [];
      for await (const entry of store.entries()) entries.push(entry);
      expect(entries.sort((one, other) => (one.key < other.key ? -1 : 1))).toEqual([
        { key: 'a', value: 'a value', expires: now + HOUR - 1 },
        { key: 'b', value: 'b value', expires: FOR_EVER },
      ]);
    });

    test('says what it takes, which grows with what is put and shrinks with what goes', async () => {
      const taken = () => {
        now += 10_000;
        return store.bytes();
      };
      // Large enough for what else an engine has in its memory to be nothing beside it.
      const empty = await taken();
      for (let i = 0; i < 20; i++) await store.put(`k${i}`, 'A'.repeat(100_000), now + HOUR, 0);
      const full = await taken();
      expect(full - empty).toBeGreaterThanOrEqual(1_600_000);
      expect(full - empty).toBeLessThan(3_000_000);
      for (let i = 0; i < 10; i++) await store.delete(`k${i}`);
      expect(await taken()).toBeLessThan(full - 600_000);
      for (let i = 10; i < 20; i++) await store.put(`k${i}`, '', 0, 1);
      await store.sweep();
      expect(await taken()).toBeLessThan(empty + 400_000);
    });

    describe('whoever watches', () => {
      /** Watches `keys`; how often it was called, and when it was called so often. */
      async function watcher(...keys: string[]) {
        let called = 0;
        let wanted = { times: 0, come: () => {} };
        const stop = await store.watch(keys, () => {
          called++;
          if (called >= wanted.times) wanted.come();
        });
        const times = (count: number) =>
          new Promise<void>((resolve) => {
            wanted = { times: count, come: resolve };
            if (called >= count) resolve();
          });
        return { stop, times, called: () => called };
      }

      test('is called at once, at each write and delete, and no more once it has stopped', async () => {
        const [one, two, other] = await Promise.all([watcher('k', 'l'), watcher('k'), watcher('other')]);
        expect([one, two, other].map(({ called }) => called())).toEqual([1, 1, 1]);
        await store.put('k', 'a', now + HOUR, 0);
        await Promise.all([one.times(2), two.times(2)]);
        one.stop();
        one.stop();
        await store.put('k', 'b', now + HOUR, 1);
        await two.times(3);
        await store.delete('k');
        await store.put('other', 'a', now + HOUR, 0);
        await Promise.all([two.times(4), other.times(2)]);
        expect([one, two, other].map(({ called }) => called())).toEqual([2, 4, 2]);
        for (const { stop } of [two, other]) stop();
      });

      test('is not called for what was not written', async () => {
        const one = await watcher('k', 'l');
        await store.put('k', 'a', now + HOUR, 1);
        await store.put('l', 'a', now + HOUR, 0);
        await one.times(2);
        expect(one.called()).toBe(2);
        one.stop();
      });

      test('has looked at the last change, whenever that came', async () => {
        for (let round = 0; round < 50; round++) {
          const key = `k${round}`;
          const writes = async () => {
            for (let rev = 0; rev < 3; rev++) await store.put(key, String(rev), now + HOUR, rev);
          };
          const seen = Promise.withResolvers<void>();
          const look = async () => (await store.get(key))?.rev === 3 && seen.resolve();
          const [stop] = await Promise.all([store.watch([key], () => void look()), writes()]);
          await seen.promise;
          stop();
        }
      });

      test('is known to, as long as anybody does', async () => {
        expect(await store.isWatched('k')).toBe(false);
        const [one, two] = [await watcher('k', 'l'), await watcher('k')];
        one.stop();
        expect([await store.isWatched('k'), await store.isWatched('kk')]).toEqual([true, false]);
        two.stop();
        await expect.poll(() => store.isWatched('k'), { timeout: 10_000 }).toBe(false);
      });
    });

    test('has one value for all who make it at the same moment, and the last of those who write over it', async () => {
      const made = await Promise.all(Array.from({ length: 10 }, (_, n) => once(store, 'k', String(n), now + HOUR)));
      expect(new Set(made).size).toBe(1);
      expect(await store.get('k')).toEqual({ value: made[0], rev: 1 });
      await Promise.all(Array.from({ length: 10 }, (_, n) => overwrite(store, 'k', String(n), now + HOUR)));
      expect((await store.get('k'))?.rev).toBe(11);
    });
  });
}
