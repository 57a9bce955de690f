// Sites that sign in by themselves: nothing that a site does makes the phone ring again and again.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayCall, recordAfter } from '../../src/background/automatic.ts';
import type { SiteRecord } from '../../src/background/storage.ts';
import { newBrowserSession } from '../../src/protocol/session/browser.ts';
import type { BrowserSession } from '../../src/protocol/session/types.ts';

const NOW = 1_000_000_000;
const TAB = 7;
const NEW: SiteRecord = { tries: [], refused: false, signedInAt: 0 };
const ended = (change: Partial<BrowserSession>): BrowserSession => ({
  ...newBrowserSession(NOW, 'call'),
  state: 'done',
  ...change,
});
const ends = {
  signedIn: ended({ result: 'signed-in' }),
  refused: ended({ result: 'refused' }),
  cannotTell: ended({ result: 'cannot-tell' }),
  notFilled: ended({ state: 'failed', code: 'no-form' }),
  expired: ended({ state: 'expired', code: 'expired' }),
  denied: ended({ state: 'denied' }),
} as const;
const minutes = (count: number) => count * 60_000;

describe('a sign-in page that opens', () => {
  test('calls the phone when nothing speaks against it', () => {
    expect(mayCall(NEW, TAB, false, NOW)).toBe(true);
    // Nobody has signed in yet: a link within the site leads to its sign-in page, too.
    expect(mayCall(NEW, TAB, true, NOW)).toBe(true);
  });

  test('does not after a refused password, until somebody has signed in by hand', () => {
    const refused = recordAfter(NEW, ends.refused, TAB, true, NOW);
    expect(mayCall(refused, TAB, false, NOW + minutes(60 * 24))).toBe(false);
    const byHand = recordAfter(refused, ends.signedIn, TAB, false, NOW);
    expect(mayCall(byHand, TAB, false, NOW + minutes(3))).toBe(true);
  });

  test('does not when somebody has signed out, which leads there from the site itself', () => {
    const signedIn = recordAfter(NEW, ends.signedIn, TAB, true, NOW);
    expect(mayCall(signedIn, TAB, true, NOW + minutes(60))).toBe(false);
    // Opened anew, by its address or a bookmark, it does.
    expect(mayCall(signedIn, TAB, false, NOW + minutes(60))).toBe(true);
  });

  test('does not when the tab is sent back at once after a sign-in; another tab is somebody’s own doing', () => {
    for (const end of [ends.signedIn, ends.cannotTell]) {
      const record = recordAfter(NEW, end, TAB, true, NOW);
      expect(mayCall(record, TAB, false, NOW + minutes(1))).toBe(false);
      expect(mayCall(record, TAB + 1, false, NOW + minutes(1))).toBe(true);
      expect(mayCall(record, TAB, false, NOW + minutes(3))).toBe(true);
    }
  });

  test('does not after three tries that led nowhere, for ten minutes', () => {
    let record = NEW;
    for (const [index, end] of [ends.expired, ends.notFilled, ends.expired].entries()) {
      expect(mayCall(record, TAB, false, NOW + minutes(index))).toBe(true);
      record = recordAfter(record, end, TAB, true, NOW + minutes(index));
    }
    expect(mayCall(record, TAB, false, NOW + minutes(3))).toBe(false);
    expect(mayCall(record, TAB, false, NOW + minutes(11))).toBe(true);
  });

  test('does not after the person has declined once, for ten minutes', () => {
    const record = recordAfter(NEW, ends.denied, TAB, true, NOW);
    expect(mayCall(record, TAB, false, NOW + minutes(9))).toBe(false);
    expect(mayCall(record, TAB, false, NOW + minutes(11))).toBe(true);
  });

  test('takes a sign-in that wants more of the person for one that went well', () => {
    const more = recordAfter(NEW, ended({ result: 'more' }), TAB, true, NOW);
    expect(mayCall(more, TAB, true, NOW + minutes(60))).toBe(false);
    expect(mayCall(more, TAB, false, NOW + minutes(3))).toBe(true);
  });

  test('forgets its tries by a sign-in of the person’s own, and by none of its own', () => {
    const tried = recordAfter(NEW, ends.expired, TAB, true, NOW);
    expect(recordAfter(tried, ends.signedIn, TAB, true, NOW).tries).toHaveLength(1);
    expect(recordAfter(tried, ends.signedIn, TAB, false, NOW).tries).toHaveLength(0);
  });

  test('counts no try that the person began by hand', () => {
    let record = NEW;
    for (let i = 0; i < 5; i++) record = recordAfter(record, ends.expired, TAB, false, NOW);
    expect(mayCall(record, TAB, false, NOW)).toBe(true);
  });

  test('calls nine times at most in ten minutes, whatever a hostile site does with one tab', () => {
    const story = fc.array(
      fc.record({ ms: fc.nat(20_000), fromSite: fc.boolean(), end: fc.constantFrom(...Object.values(ends)) }),
      { minLength: 50, maxLength: 200, size: 'max' },
    );
    fc.assert(
      fc.property(story, (events) => {
        let record = NEW;
        let now = NOW;
        const calls: number[] = [];
        for (const { ms, fromSite, end } of events) {
          now += ms;
          if (!mayCall(record, TAB, fromSite, now)) continue;
          calls.push(now);
          record = recordAfter(record, end, TAB, true, now);
          expect(calls.filter((at) => at > now - minutes(10)).length).toBeLessThanOrEqual(9);
        }
      }),
      { numRuns: Number(process.env.SITE_RUNS ?? 60) },
    );
  });
});
