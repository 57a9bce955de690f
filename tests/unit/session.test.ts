import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Evidence, GUARDS, type Guard, HOLD_MS, stepsFor } from '../../src/protocol/proximity.ts';
import { type CloseReason, LIMITS } from '../../src/protocol/relay.ts';
import {
  answered,
  closingOf as closingOfBrowser,
  newBrowserSession,
  stepBrowser,
} from '../../src/protocol/session/browser.ts';
import { hasEnded, nextTick } from '../../src/protocol/session/common.ts';
import {
  closingOf as closingOfPhone,
  newPhoneSession,
  type PhoneEvent,
  stepPhone,
} from '../../src/protocol/session/phone.ts';
import {
  BROWSER_STATES,
  type BrowserSession,
  ENDS,
  PHONE_STATES,
  type PhoneSession,
} from '../../src/protocol/session/types.ts';
import { BROWSER_EVENTS, browserIn, GIVEN, NOW, PHONE_EVENTS, phoneIn, SHOWN, TAP, table } from './session-table.ts';

const doc = readFileSync(join(import.meta.dirname, '../../docs/protocol.md'), 'utf8');

test.each(['browser', 'phone'] as const)('docs/protocol.md shows every pair of the %s as it is', (role) => {
  expect(doc).toContain(table(role).join('\n'));
});

test.each([0, NOW + 1e9])('nothing moves a session that has ended, whatever time it is', (now) => {
  for (const state of ENDS) {
    for (const event of BROWSER_EVENTS) {
      const session = browserIn(state);
      expect(stepBrowser(session, event, now)).toEqual({ session, effects: [], refused: 'session-gone' });
    }
    for (const event of PHONE_EVENTS) {
      const session = phoneIn(state);
      expect(stepPhone(session, event, now)).toEqual({ session, effects: [], refused: 'session-gone' });
    }
  }
});

test.each<[string, Partial<BrowserSession>, 'signed-in' | 'refused', boolean]>([
  ['nobody could tell', { result: 'cannot-tell' }, 'signed-in', true],
  ['nobody could tell', { result: 'cannot-tell' }, 'refused', true],
  ['nobody could tell, and why', { result: 'cannot-tell', code: 'page-blocked' }, 'signed-in', false],
  ['it was refused', { result: 'refused', text: 'Wrong' }, 'signed-in', false],
  ['it was signed in', { result: 'signed-in' }, 'refused', false],
])('what is seen by a look back where %s is told once, to nobody but the popup', (_what, end, result, counts) => {
  const session = { ...browserIn('done'), ...end };
  const event = { t: 'looked-back', result, text: 'Words' } as const;
  const after = stepBrowser(session, event, NOW);
  expect(after).toEqual(
    counts
      ? { session: { ...session, result, text: 'Words' }, effects: [] }
      : { session, effects: [], refused: 'session-gone' },
  );
  expect(stepBrowser(after.session, event, NOW).refused).toBe('session-gone');
});

test('a refused event changes nothing, and the function never changes its argument', () => {
  for (const state of BROWSER_STATES)
    for (const event of BROWSER_EVENTS) {
      const session = Object.freeze(browserIn(state));
      const after = stepBrowser(session, event, NOW);
      if (after.refused) expect(after).toEqual({ session, effects: [], refused: after.refused });
    }
  for (const state of PHONE_STATES)
    for (const event of PHONE_EVENTS) stepPhone(Object.freeze(phoneIn(state)), event, NOW);
});

test('a tick before its time changes nothing', () => {
  for (const state of BROWSER_STATES.filter((one) => !hasEnded(browserIn(one)))) {
    const session = browserIn(state);
    expect(stepBrowser(session, { t: 'tick' }, NOW - 1), state).toEqual({ session, effects: [] });
  }
  for (const state of PHONE_STATES.filter((one) => !hasEnded(phoneIn(one)))) {
    const session = phoneIn(state);
    expect(stepPhone(session, { t: 'tick' }, NOW - 1), state).toEqual({ session, effects: [] });
  }
});

test('a session that the companion gives up for a reason of its own has failed for that', () => {
  const gone = { t: 'gone', code: 'rate-limited' } as const;
  for (const { session } of [stepBrowser(browserIn('joined'), gone, NOW), stepPhone(phoneIn('waiting'), gone, NOW)])
    expect(session).toMatchObject({ state: 'failed', code: 'rate-limited' });
});

describe('the browser', () => {
  const events = fc.array(fc.tuple(fc.constantFrom(...BROWSER_EVENTS), fc.nat(40_000)), { maxLength: 30 });

  test('delivers at most once, after a hello and a credential, whatever happens', () => {
    fc.assert(
      fc.property(events, (story) => {
        let session = newBrowserSession(NOW);
        let now = NOW;
        const told: string[] = [];
        for (const [event, ms] of story) {
          now += ms;
          const after = stepBrowser(session, event, now);
          session = after.session;
          told.push(...after.effects.map(({ t }) => t));
          const delivered = told.filter((effect) => effect === 'deliver').length;
          expect(delivered).toBeLessThanOrEqual(1);
          if (delivered) expect(told.indexOf('send-request')).toBeLessThan(told.indexOf('check-tab'));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('is over 300 seconds after it began, if anybody looks', () => {
    fc.assert(
      fc.property(events, (story) => {
        let session = newBrowserSession(NOW);
        let now = NOW;
        for (const [event, ms] of story) {
          now += ms;
          session = stepBrowser(session, event, now).session;
        }
        const cap = NOW + (session.extended ? 600_000 : 300_000);
        expect(nextTick(session)).toBeLessThanOrEqual(cap);
        session = stepBrowser(session, { t: 'tick' }, Math.max(now, cap)).session;
        expect(hasEnded(session)).toBe(true);
      }),
    );
  });

  test('lasts ten minutes where the phone has a vault to make: once, before anything was approved, and by nothing else', () => {
    fc.assert(
      fc.property(events, (story) => {
        let session = newBrowserSession(NOW);
        let now = NOW;
        for (const [event, ms] of story) {
          now += ms;
          const { session: after, refused } = stepBrowser(session, event, now);
          const begins = event.t === 'setting-up' && !refused;
          if (begins) expect([session.state, session.extended]).toEqual(['requested', undefined]);
          if (after.extended !== session.extended) expect(begins).toBe(true);
          session = after;
        }
      }),
      { numRuns: 2000 },
    );
    const setUp = stepBrowser(browserIn('requested'), { t: 'setting-up' }, NOW).session;
    expect(nextTick(setUp)).toBe(setUp.startedAt + 600_000);
    const asks = stepBrowser(setUp, { t: 'set-up' }, NOW + 400_000).session;
    expect([asks.state, nextTick(asks)]).toEqual(['requested', NOW + 520_000]);
    const late = stepBrowser(setUp, { t: 'set-up' }, NOW + 590_000).session;
    expect(nextTick(late)).toBe(setUp.startedAt + 600_000);
    expect(stepBrowser(asks, { t: 'setting-up' }, NOW + 400_001).refused).toBe('out-of-order');
  });

  test.each(['requested', 'setting-up'] as const)(
    '%s, with a hello that may not be answered, ends with why',
    (state) => {
      const asked = stepBrowser(browserIn(state), { t: 'hello', attempt: 1 }, NOW);
      expect(asked.effects).toEqual([{ t: 'send-request' }]);
      const refused = stepBrowser(asked.session, { t: 'not-filled', code: 'site-not-allowed' }, NOW);
      expect(refused).toMatchObject({ session: { state: 'failed', code: 'site-not-allowed' } });
      expect(refused.effects).toEqual([{ t: 'send-outcome' }]);
    },
  );

  test('ends after the third message that does not open', () => {
    let session: BrowserSession = browserIn('joined');
    for (const expected of ['joined', 'joined', 'failed']) {
      session = stepBrowser(session, { t: 'bad-message' }, NOW).session;
      expect(session.state).toBe(expected);
    }
    expect(session.code).toBe('bad-message');
  });

  test('takes three hellos at most, each with a higher attempt, and none once something is released', () => {
    let session = browserIn('joined');
    for (const [attempt, refused] of [
      [1, false],
      [1, true],
      [2, false],
      [3, false],
      [4, true],
    ] as const) {
      const after = stepBrowser(session, { t: 'hello', attempt }, NOW);
      expect(after.refused !== undefined, `attempt ${attempt}`).toBe(refused);
      session = after.session;
    }
    session = stepBrowser(session, { t: 'credential', given: GIVEN }, NOW).session;
    expect(stepBrowser(session, { t: 'hello', attempt: 3 }, NOW).refused).toBe('out-of-order');
  });

  test('asks for one code at most, takes it once, and only when it was asked for', () => {
    const filled = browserIn('filled');
    expect(stepBrowser(filled, { t: 'otp', code: '123456' }, NOW).refused).toBe('out-of-order');
    const asked = stepBrowser(filled, { t: 'otp-wanted' }, NOW);
    expect(asked.effects).toEqual([{ t: 'ask-otp' }]);
    expect(stepBrowser(asked.session, { t: 'otp-wanted' }, NOW).refused).toBe('out-of-order');
    const given = stepBrowser(asked.session, { t: 'otp', code: '123456' }, NOW);
    expect(given.effects).toEqual([{ t: 'fill-otp', code: '123456' }]);
    for (const event of [{ t: 'otp', code: '123456' }, { t: 'otp-wanted' }] as const)
      expect(stepBrowser(given.session, event, NOW).refused).toBe('out-of-order');
    const phone = stepPhone(phoneIn('sealed'), { t: 'otp-wanted' }, NOW);
    expect(phone.effects).toEqual([{ t: 'send-otp' }]);
    expect(stepPhone(phone.session, { t: 'otp-wanted' }, NOW).refused).toBe('out-of-order');
  });

  test('a worker that comes back watches the page, but not while the phone is asked for the code', () => {
    const restarted = (otp?: 'asked' | 'given') =>
      stepBrowser({ ...browserIn('filled'), ...(otp ? { otp } : {}) }, { t: 'restarted' }, NOW).effects;
    expect([restarted(), restarted('asked'), restarted('given')]).toEqual([
      [{ t: 'watch-outcome' }],
      [],
      [{ t: 'watch-outcome' }],
    ]);
  });

  test('a page that has told already how it went is not watched', () => {
    const watched = (told: boolean) => stepBrowser(browserIn('delivering'), { t: 'filled', told }, NOW).effects;
    expect([watched(false), watched(true)]).toEqual([[{ t: 'watch-outcome' }], []]);
  });

  test('a step gives it thirty more seconds, the hard cap none', () => {
    const walking = stepBrowser(browserIn('delivering'), { t: 'step' }, NOW - 1).session;
    expect(walking.deadline).toBe(NOW - 1 + 30_000);
    expect(nextTick({ ...walking, startedAt: NOW - 290_000 })).toBe(NOW + 10_000);
  });

  test('does not give the person more time for a new attempt', () => {
    const first = stepBrowser(browserIn('joined'), { t: 'hello', attempt: 1 }, NOW).session;
    const second = stepBrowser(first, { t: 'hello', attempt: 2 }, NOW + 50_000).session;
    expect(second.deadline).toBe(first.deadline);
  });

  test('knows of a hold for as long as one takes, and waits for the person again where nothing comes of it', () => {
    const holds = stepBrowser(browserIn('requested'), { t: 'holding' }, NOW).session;
    expect([holds.state, nextTick(holds)]).toEqual(['holding', NOW + 15_000]);
    // The first was broken off, which nobody has said.
    const again = stepBrowser(holds, { t: 'holding' }, NOW + 9_000).session;
    expect([again.state, nextTick(again)]).toEqual(['holding', NOW + 24_000]);
    // A phone that was loaded anew over its vault's making has not said that there is one.
    expect(stepBrowser(browserIn('setting-up'), { t: 'holding' }, NOW).session.state).toBe('holding');
    expect(stepBrowser(holds, { t: 'credential', given: GIVEN }, NOW + 10_000).session.state).toBe('approved');
    const stopped = stepBrowser(holds, { t: 'tick' }, NOW + 15_000).session;
    expect([stopped.state, nextTick(stopped)]).toEqual(['requested', NOW + 135_000]);
    const reloaded = stepBrowser(holds, { t: 'hello', attempt: 2 }, NOW + 5_000);
    expect([reloaded.session.state, reloaded.effects]).toEqual(['requested', [{ t: 'send-request' }]]);
    const late = { ...holds, startedAt: NOW - 290_000 };
    expect(stepBrowser(late, { t: 'tick' }, NOW + 10_000).session.state).toBe('expired');
  });

  test('gives a phone that has to be found all the time there is, and one that scans the life of a code', () => {
    expect(newBrowserSession(NOW, 'call').deadline).toBe(NOW + LIMITS.sessionMs);
    expect(newBrowserSession(NOW, 'code').deadline).toBe(NOW + LIMITS.joinableMs);
  });

  test.each<[CloseReason, object]>([
    ['cancelled', { state: 'cancelled', code: undefined }],
    ['denied', { state: 'denied', code: undefined }],
    ['stale', { state: 'failed', code: 'link-stale' }],
    ['suspended', { state: 'failed', code: 'link-suspended' }],
    ['done', { state: 'expired', code: 'expired' }],
  ])('tells the reason that the other side gave: %s', (reason, expected) => {
    const gone = { t: 'gone', code: 'session-gone', reason } as const;
    const { state, code } = stepBrowser(browserIn('requested'), gone, NOW).session;
    expect({ state, code }).toEqual(expected);
  });
});

const FAR: Evidence = { remembered: false, near: false };

describe('the phone', () => {
  const FAR_STRANGER = 'camera,digits,hold';
  const steps: [Evidence, Record<Guard, string>][] = [
    [
      { remembered: true, near: true },
      { none: '', number: 'digits', near: '', remembered: '' },
    ],
    [
      { remembered: true, near: false },
      { none: 'digits', number: 'digits', near: 'digits', remembered: 'digits' },
    ],
    [
      { remembered: false, near: true },
      { none: '', number: 'digits', near: '', remembered: 'refused' },
    ],
    [
      { remembered: false, near: false },
      { none: FAR_STRANGER, number: FAR_STRANGER, near: 'refused', remembered: 'refused' },
    ],
  ];
  test.each(steps.flatMap(([evidence, row]) => GUARDS.map((guard) => [evidence, guard, row[guard]] as const)))(
    'at %o an account set to "%s" asks as the table says: %s',
    (evidence, guard, expected) => {
      const asked = stepsFor(evidence, guard);
      expect(asked === 'refused' ? asked : asked.join()).toBe(expected);
    },
  );

  test('releases nothing before the tap and every step of its level, in any order of events', () => {
    const events = fc.array(
      fc.tuple(
        fc.constantFrom<PhoneEvent | { t: 'tick' }>(
          { t: 'camera' },
          { t: 'digits', right: true },
          { t: 'digits', right: false },
          TAP,
          { ...TAP, answer: { ...GIVEN, request: 'another' } },
          { t: 'interrupt' },
          { t: 'request', shown: SHOWN },
          { t: 'request', shown: { ...SHOWN, hash: 'another' } },
          { t: 'sent' },
          { t: 'tick' },
        ),
        fc.nat(12_000),
      ),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(events, (story) => {
        let session: PhoneSession = {
          ...newPhoneSession(NOW, 'navigation'),
          state: 'asking',
          shown: SHOWN,
          deadline: NOW + 120_000,
        };
        let now = NOW;
        let tappedAt = Number.POSITIVE_INFINITY;
        const seen = new Set<string>();
        for (const [event, ms] of story) {
          now += ms;
          const after = stepPhone(session, event, now);
          if (after.refused || hasEnded(session)) continue;
          if (event.t === 'camera') seen.add('camera');
          if (event.t === 'digits' && event.right) seen.add('digits');
          if (after.session.state === 'holding' && session.state === 'asking') tappedAt = now;
          const released = after.effects.find(({ t }) => t === 'release');
          if (released) {
            expect(released).toEqual({ t: 'release', answer: GIVEN });
            expect([...seen].sort()).toEqual(['camera', 'digits']);
            expect(now - tappedAt).toBeGreaterThanOrEqual(HOLD_MS);
          }
          session = after.session;
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('three wrong numbers end it, and the other side is told', () => {
    let session: PhoneSession = { ...phoneIn('asking'), evidence: FAR, deadline: NOW + 1 };
    const first = stepPhone(session, { t: 'digits', right: false }, NOW);
    expect(first.session.state).toBe('asking');
    session = stepPhone(first.session, { t: 'digits', right: false }, NOW).session;
    const third = stepPhone(session, { t: 'digits', right: false }, NOW);
    expect(third.session).toMatchObject({ state: 'failed', code: 'digits-wrong' });
    expect(third.effects).toEqual([{ t: 'send-denied' }]);
  });

  test('a code that its own camera found needs no second look; a link that was opened does', () => {
    const ask = (via: 'camera' | 'navigation') => {
      const session: PhoneSession = {
        ...newPhoneSession(NOW, via),
        state: 'asking',
        shown: SHOWN,
        deadline: NOW + 1000,
        evidence: FAR,
      };
      const typed = stepPhone(session, { t: 'digits', right: true }, NOW).session;
      return stepPhone(typed, TAP, NOW).session.state;
    };
    expect([ask('camera'), ask('navigation')]).toEqual(['holding', 'asking']);
  });

  test('a hold that meets the hard cap expires instead of releasing early', () => {
    const session: PhoneSession = { ...phoneIn('holding'), startedAt: NOW - 295_000, deadline: NOW + HOLD_MS };
    const after = stepPhone(session, { t: 'tick' }, NOW + 5_000);
    expect(after.session.state).toBe('expired');
    expect(after.effects).not.toContainEqual(expect.objectContaining({ t: 'release' }));
  });

  test('a tap counts for the request that was on the screen, and a request on the screen stays until it is answered', () => {
    const asking: PhoneSession = { ...phoneIn('asking'), deadline: NOW + 1000 };
    const tap = { ...TAP, answer: { ...GIVEN, request: 'another' } } as const;
    expect(stepPhone(asking, tap, NOW)).toEqual({ session: asking, effects: [], refused: 'out-of-order' });
    const another = { t: 'request', shown: { ...SHOWN, hash: 'another' } } as const;
    for (const state of ['asking', 'holding', 'confirming', 'sealed'] as const)
      expect(stepPhone(phoneIn(state), another, NOW).refused).toBe('out-of-order');
  });

  test.each([
    ['an account for remembered computers', 'remembered', { remembered: false, near: true }],
    ['an account for computers that are near', 'near', FAR],
  ] as const)('%s is released to no other by any tap', (_name, guard, evidence) => {
    const asking: PhoneSession = { ...phoneIn('asking'), evidence, passed: ['camera', 'digits'], deadline: NOW + 1000 };
    const tap = { ...TAP, guard };
    expect(stepPhone(asking, tap, NOW)).toEqual({ session: asking, effects: [], refused: 'out-of-order' });
  });

  test.each([
    ['camera', false, ['camera']],
    ['navigation', false, []],
    ['call', true, []],
  ] as const)('that was reached by %s begins with that much evidence and no more', (via, remembered, passed) => {
    expect(newPhoneSession(NOW, via)).toMatchObject({ evidence: { remembered, near: false }, passed });
  });

  test('tells of every hold: a second one, that of a page loaded anew, and one after a vault was made', () => {
    const far = {
      ...phoneIn('asking'),
      evidence: { remembered: false, near: false },
      passed: ['camera', 'digits'],
    } as const;
    const tells = (session: PhoneSession) => stepPhone(session, TAP, NOW).effects;
    const first = stepPhone({ ...far, attempt: 1 }, TAP, NOW);
    expect(first.effects).toEqual([{ t: 'tell-hold' }]);
    for (const session of [
      stepPhone(first.session, { t: 'interrupt' }, NOW).session,
      { ...far, attempt: 3 },
      { ...far, attempt: 1, extended: true },
    ])
      expect(tells(session)).toEqual([{ t: 'tell-hold' }]);
  });

  test('a hold whose answer is gone releases nothing', () => {
    const { held: _held, ...empty } = phoneIn('holding');
    expect(stepPhone(empty, { t: 'tick' }, NOW)).toMatchObject({
      session: { state: 'expired' },
      effects: [{ t: 'close' }],
    });
  });

  test.each([
    ['not-filled', { code: 'page-left' }, { state: 'failed', code: 'page-left' }, 'close'],
    ['not-filled', {}, { state: 'failed', code: 'no-form' }, 'close'],
    ['refused', { text: 'Wrong password' }, { state: 'done', text: 'Wrong password' }, 'close'],
    ['signed-in', {}, { state: 'done' }, 'part'],
  ] as const)('hears that it went so: %s %o', (result, more, expected, effect) => {
    const after = stepPhone(phoneIn('sealed'), { t: 'outcome', result, ...more }, NOW);
    expect(after.session).toMatchObject({ result, ...expected });
    expect('text' in after.session).toBe('text' in expected);
    expect(after.effects).toEqual([{ t: effect }]);
  });

  test.each<[CloseReason | undefined, object]>([
    ['cancelled', { state: 'cancelled', result: undefined }],
    ['failed', { state: 'expired', result: undefined }],
    ['done', { state: 'done', result: 'cannot-tell' }],
    [undefined, { state: 'done', result: 'cannot-tell' }],
  ])('whose answer has left, and whose session is over (%s), claims no more than it knows', (reason, expected) => {
    const gone = { t: 'gone', code: 'session-gone', ...(reason ? { reason } : {}) } as const;
    const { state, result } = stepPhone(phoneIn('sealed'), gone, NOW).session;
    expect({ state, result }).toEqual(expected);
  });

  test('what was released is held while the hold runs, and nowhere afterwards', () => {
    for (const event of PHONE_EVENTS) {
      const { session } = stepPhone(phoneIn('holding'), event, NOW);
      expect('held' in session, event.t).toBe(session.state === 'holding');
    }
  });
});

describe('an answer', () => {
  const asked = {
    hash: SHOWN.hash,
    kind: 'password',
    frameOrigin: GIVEN.frameOrigin,
  } as const;
  const identity = { v: 1, t: 'identity', request: SHOWN.hash, ticket: 'ticket' } as const;
  const saved = { v: 1, t: 'saved', request: SHOWN.hash } as const;
  test.each([
    ['a credential', GIVEN, asked],
    ['an identity', identity, { ...asked, kind: 'identity' }],
    ['a login that was saved', saved, { ...asked, kind: 'save' }],
    ['that there is a vault', saved, { ...asked, kind: 'set-up' }],
  ] as const)('%s counts where it was asked for', (_name, answer, what) => {
    expect(answered(answer, what).t).toBe(answer.t === 'saved' ? 'saved' : 'credential');
  });
  test.each([
    ['to another request', { ...GIVEN, request: 'another' }, asked],
    ['before anything was asked', GIVEN, undefined],
    ['for another frame', { ...GIVEN, frameOrigin: 'https://elsewhere.example' }, asked],
    ['of another kind', saved, asked],
    ['with a password where an identity was asked for', GIVEN, { ...asked, kind: 'identity' }],
    ['with an identity where a password was asked for', identity, asked],
  ] as const)('%s is refused', (_name, answer, what) => {
    expect(() => answered(answer as typeof GIVEN, what)).toThrow(expect.objectContaining({ code: 'bad-message' }));
  });
});

test.each(ENDS)('a session that has ended as %s is closed at the companion for that reason', (state) => {
  const own = state === 'cancelled' ? 'cancelled' : 'failed';
  expect(closingOfBrowser(browserIn(state))).toBe(state === 'denied' ? 'denied' : own);
  expect(closingOfPhone(phoneIn(state))).toBe(state === 'done' ? 'done' : own);
});
