// Work that a worker does: its answer, its refusal, its breaking down, and that it is ended with its task.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loaded } from '../../src/phone/shell/loaded.ts';
import { answer, employ, stayReady, task, type Workbench } from '../../src/phone/shell/workshop.ts';
import { createVault } from '../../src/phone/vault/format.ts';
import type { Secret } from '../../src/phone/vault/wraps.ts';
import { type Code, ScankeyError } from '../../src/protocol/errors.ts';
import { employCheaply } from '../fakes/workshop.ts';
import { phone } from './phone-in-memory.ts';

afterEach(() => {
  vi.useRealTimers();
});

const double = task<(n: number) => Promise<number>>('double', 'import-failed');

/** Employs workers that do what `work` says with each errand. */
function employed(
  work: (bench: Workbench, errand: Parameters<typeof answer>[1]) => void,
  started: Workbench[] = [],
): Workbench[] {
  const ended: Workbench[] = [];
  employ(() => {
    const bench: Workbench = {
      onmessage: null,
      onerror: null,
      postMessage: (errand) => work(bench, errand),
      terminate: () => void ended.push(bench),
    };
    started.push(bench);
    return bench;
  });
  return ended;
}
const say = (bench: Workbench, data: unknown) => bench.onmessage?.call(bench as Worker, { data } as MessageEvent);

test('the answer comes back, and each task has a worker of its own that is ended with it', async () => {
  const ended = employed(async (bench, errand) => say(bench, await answer({ double: (n: number) => 2 * n }, errand)));
  expect(await Promise.all([double(1), double(2)])).toEqual([2, 4]);
  expect(new Set(ended).size).toBe(2);
});

test('a refusal keeps its code, and what is no refusal of ours is a failure', async () => {
  const refuse = (error: Error) =>
    employed(async (bench, errand) =>
      say(
        bench,
        await answer(
          {
            double: () => {
              throw error;
            },
          },
          errand,
        ),
      ),
    );
  refuse(new ScankeyError('params-refused'));
  await expect(double(1)).rejects.toMatchObject({ code: 'params-refused' });
  const ended = refuse(new RangeError('stack'));
  await expect(double(1)).rejects.toMatchObject({ code: 'import-failed' });
  expect(ended).toHaveLength(1);
});

test('a worker that breaks down, or takes more than three minutes, fails and is ended', async () => {
  const broken = employed((bench) => void bench.onerror?.call(bench as Worker, new Event('error') as ErrorEvent));
  await expect(double(1)).rejects.toMatchObject({ code: 'unreachable' });
  vi.useFakeTimers();
  const silent = employed(() => {});
  const waiting = expect(double(1)).rejects.toMatchObject({ code: 'import-failed' });
  await vi.advanceTimersByTimeAsync(180_000);
  await waiting;
  expect([broken, silent].map(({ length }) => length)).toEqual([1, 1]);
});

/** Whoever makes or opens a vault has no file that could be damaged, and its own copy is not damaged either. */
describe('a passphrase that cannot be hashed, since', () => {
  const noMemory = async () => {
    throw new RangeError('could not allocate memory');
  };
  test.each<[string, Parameters<typeof employed>[0], Code]>([
    ['the worker cannot be loaded', (bench) => bench.onerror?.call(bench as Worker, {} as ErrorEvent), 'unreachable'],
    [
      'a part of the worker cannot be loaded',
      async (bench, errand) =>
        say(bench, await answer({ argon2id: () => loaded(Promise.reject(new TypeError('Failed to fetch'))) }, errand)),
      'unreachable',
    ],
    [
      'the phone has no memory for it',
      async (bench, errand) => say(bench, await answer({ argon2id: noMemory }, errand)),
      'overtaxed',
    ],
  ])('%s, is told as that, and leaves the vault as it is', async (_why, work, code) => {
    employCheaply();
    const passphrase: Secret = { k: 'pass', passphrase: 'correct horse battery' };
    const { tab, disk } = phone();
    await tab().vault.begin(await createVault([passphrase]));
    const before = [...disk.copies];
    employed(work);
    await expect(createVault([passphrase])).rejects.toMatchObject({ code });
    const { vault } = tab();
    await expect(vault.unlock(passphrase)).rejects.toMatchObject({ code });
    expect(vault.openedOlder.value).toBe(false);
    expect(disk.copies).toEqual(before);
  });
});

test('a worker that stood ready does the next task and is ended with it, and another stands ready then', async () => {
  const started: Workbench[] = [];
  const doubling = async (bench: Workbench, errand: Parameters<typeof answer>[1]) =>
    say(bench, await answer({ double: (n: number) => 2 * n }, errand));
  const ended = employed(doubling, started);
  stayReady();
  const [ready] = started;
  // One that is not asked for anything has nothing to end for.
  expect([started, ended].map(({ length }) => length)).toEqual([1, 0]);
  expect(await double(1)).toBe(2);
  expect(ended).toEqual([ready]);
  expect(started).toHaveLength(2);
  // Two at once have one each all the same.
  expect(await Promise.all([double(2), double(3)])).toEqual([4, 6]);
  expect(new Set(ended).size).toBe(3);
});

test('a worker that broke down while it stood ready is not waited for', async () => {
  const started: Workbench[] = [];
  employed(async (bench, errand) => say(bench, await answer({ double: (n: number) => 2 * n }, errand)), started);
  stayReady();
  const [broken] = started;
  if (broken) broken.postMessage = () => {};
  broken?.onerror?.call(broken as Worker, new Event('error') as ErrorEvent);
  expect(await double(1)).toBe(2);
});
