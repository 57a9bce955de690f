// When the vault closes by itself, and how long a wrong passphrase keeps the next one waiting.
import { computed, signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import { autoLock, LOCK_MS } from '../../src/phone/vault/auto-lock.ts';
import { delayAfter, guessLimit } from '../../src/phone/vault/guess-limit.ts';
import { ScankeyError } from '../../src/protocol/errors.ts';

function watched(locksOnLeave = true) {
  const opened = signal(false);
  const page = { now: 1_000_000, hidden: false, timers: [] as { at: number; work: () => void }[] };
  const lock = autoLock(
    {
      isUnlocked: computed(() => opened.value),
      lock() {
        opened.value = false;
      },
    },
    {
      now: () => page.now,
      after(ms, work) {
        const timer = { at: page.now + ms, work };
        page.timers.push(timer);
        return () => {
          page.timers = page.timers.filter((one) => one !== timer);
        };
      },
      isHidden: () => page.hidden,
      locksOnLeave: () => locksOnLeave,
    },
  );
  /** Lets time pass; a frozen page's timers do not run. */
  const pass = (ms: number, frozen = false) => {
    page.now += ms;
    if (frozen) return;
    const due = page.timers.filter(({ at }) => at <= page.now);
    page.timers = page.timers.filter(({ at }) => at > page.now);
    for (const { work } of due) work();
  };
  const sight = (visible: boolean) => {
    page.hidden = !visible;
    lock.onSight(visible);
  };
  opened.value = true;
  return { ...lock, page, opened, pass, sight };
}

describe('the vault', () => {
  test('closes a minute after the last touch, and not before', () => {
    const { isFresh, touch, pass, opened } = watched();
    pass(LOCK_MS);
    expect(isFresh()).toBe(true);
    touch();
    pass(LOCK_MS);
    expect(isFresh()).toBe(true);
    pass(1);
    expect(isFresh()).toBe(false);
    expect(opened.value).toBe(false);
  });

  test('closes a second after the page was left, and not when it comes back before', () => {
    const { pass, sight, opened } = watched();
    sight(false);
    pass(999);
    sight(true);
    pass(5_000);
    expect(opened.value).toBe(true);
    sight(false);
    pass(1_000);
    expect(opened.value).toBe(false);
  });

  test('closes as a page comes back whose clocks stood still', () => {
    const { pass, sight, opened } = watched();
    sight(false);
    pass(1_001, true);
    expect(opened.value).toBe(true);
    sight(true);
    expect(opened.value).toBe(false);
  });

  test('stays open while a file is chosen, five minutes at most', () => {
    const one = watched();
    one.away();
    one.sight(false);
    one.pass(299_000);
    one.sight(true);
    // The time away is no minute without use.
    expect(one.isFresh()).toBe(true);
    const two = watched();
    two.away();
    two.sight(false);
    two.pass(300_001);
    two.sight(true);
    expect(two.opened.value).toBe(false);
  });

  test('stays open on leaving where the person wants it so, but for a minute alone', () => {
    const { pass, sight, opened } = watched(false);
    sight(false);
    pass(50_000);
    sight(true);
    expect(opened.value).toBe(true);
    sight(false);
    pass(LOCK_MS + 1);
    sight(true);
    expect(opened.value).toBe(false);
  });

  test('that opens on a page which was left meanwhile closes again', () => {
    const { page, opened, pass } = watched();
    opened.value = false;
    page.hidden = true;
    opened.value = true;
    pass(1_000);
    expect(opened.value).toBe(false);
  });
});

describe('a wrong passphrase', () => {
  test('makes the next wait: not after two, then longer each time, five minutes at most', () => {
    expect([1, 2, 3, 4, 5, 11, 12, 100].map(delayAfter)).toEqual([0, 0, 1, 2, 4, 256, 300, 300]);
  });

  function limited() {
    const at = { stored: { wrong: 0, until: 0 }, now: 1 };
    const store = {
      readTries: async () => at.stored,
      async writeTries(next: typeof at.stored) {
        at.stored = next;
      },
    };
    return { at, ...guessLimit(store, () => at.now) };
  }

  test('that could not be tried does not count: the next waits as if there had been none', async () => {
    const { at, guarded, waitBeforeTry } = limited();
    const wrong = () => guarded(() => Promise.reject(new ScankeyError('wrong-passphrase')));
    const untried = () => guarded(() => Promise.reject(new ScankeyError('unreachable')));
    for (let n = 0; n < 5; n++) await expect(untried()).rejects.toMatchObject({ code: 'unreachable' });
    await Promise.allSettled([untried(), untried()]);
    expect([at.stored.wrong, await waitBeforeTry()]).toEqual([0, 0]);
    // Nor does it make up for any that was.
    await Promise.allSettled([wrong(), wrong()]);
    await expect(untried()).rejects.toMatchObject({ code: 'unreachable' });
    expect([at.stored.wrong, await waitBeforeTry()]).toEqual([2, 0]);
    await expect(wrong()).rejects.toMatchObject({ code: 'wrong-passphrase' });
    expect([at.stored.wrong, await waitBeforeTry()]).toEqual([3, 1000]);
  });

  test('is counted before it is tried, refused while it has to wait, and forgotten with the right one', async () => {
    const { at, guarded, waitBeforeTry } = limited();
    const wrong = () => guarded(() => Promise.reject(new Error('wrong')));
    // The page is closed while it is tried.
    void guarded(() => new Promise(() => {}));
    // Two at once are two.
    await Promise.allSettled([wrong(), wrong()]);
    expect(at.stored.wrong).toBe(3);
    expect(await waitBeforeTry()).toBe(1000);
    await expect(guarded(async () => 'opened')).rejects.toMatchObject({ code: 'rate-limited' });
    at.now += 1000;
    expect(await guarded(async () => 'opened')).toBe('opened');
    expect(at.stored).toEqual({ wrong: 0, until: 0 });
  });
});
