// What of a page's requests tells that a sign-in is on its way, and that nothing was sent.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Before, decide, type Reading, read } from '../../src/background/judge.ts';
import { Requests } from '../../src/background/requests.ts';
import { watch } from '../../src/background/steps.ts';
import type { Look } from '../../src/extension/page-api.ts';
import { fakeTabs, lookOf } from '../fakes/tabs.ts';
import { fakeWebRequest } from '../fakes/web-request.ts';
import { HurriedClock } from './background-in-memory.ts';

afterEach(() => vi.unstubAllGlobals());

/** What is known once those events have come, of requests by their number. */
function after(
  ...events: [event: 'asks' | 'is answered' | 'fails', id: string, method?: string, statusCode?: number][]
) {
  const browser = fakeWebRequest();
  const requests = new Requests(1, true);
  const of = { asks: browser.onBeforeRequest, 'is answered': browser.onCompleted, fails: browser.onErrorOccurred };
  for (const [event, requestId, method = 'POST', statusCode] of events)
    of[event].tell({ requestId, method, statusCode });
  const { isAsked, status } = requests;
  requests.stop();
  expect(browser.isLeft()).toBe(true);
  return { isAsked, status };
}

describe('of what a page asks its site for it is known', () => {
  test.each<[string, Parameters<typeof after>, ReturnType<typeof after>]>([
    ['that nothing was asked', [], { isAsked: false, status: 0 }],
    ['that an answer is still to come', [['asks', 'a']], { isAsked: true, status: 0 }],
    [
      'how it was answered',
      [
        ['asks', 'a'],
        ['is answered', 'a', 'POST', 401],
      ],
      { isAsked: true, status: 401 },
    ],
    [
      'that nothing arrived',
      [
        ['asks', 'a'],
        ['fails', 'a'],
      ],
      { isAsked: false, status: 0 },
    ],
    [
      'no more of what carried nothing',
      [
        ['asks', 'a', 'GET'],
        ['is answered', 'a', 'GET', 401],
      ],
      { isAsked: false, status: 0 },
    ],
    ['that a name may be on its way in what carries nothing', [['asks', 'a', 'GET']], { isAsked: true, status: 0 }],
    [
      'not which of several answers is the form’s',
      [
        ['asks', 'a'],
        ['is answered', 'a', 'POST', 401],
        ['asks', 'b'],
        ['is answered', 'b', 'POST', 200],
      ],
      { isAsked: true, status: 0 },
    ],
    ['nothing of what was asked before', [['is answered', 'a', 'POST', 401]], { isAsked: false, status: 0 }],
  ])('%s', (_what, events, known) => {
    expect(after(...events)).toEqual(known);
  });
});

const HEAD = ['Shop', 'Sign in', 'User name', 'Password'];
const form = { step: 'sign-in', typed: true, lines: HEAD, sent: false } as const;

/** Looks every 300 ms at a page that stands as it was. @returns what is told, and when; nothing in fifteen seconds */
function stand(look: Partial<Look>, before: Partial<Before>) {
  const readings: Reading[] = [];
  for (let at = 0; at < 15_000; at += 300) {
    readings.push(
      read(lookOf({ ...form, ...look }), { mark: 'first', alert: '', lines: HEAD, ...before }, readings, at),
    );
    const told = decide(readings);
    if (told) return { result: told.result, inTime: at < 8_000 };
  }
  return undefined;
}

describe('a button that does nothing', () => {
  test('is told within eight seconds where the page’s requests are heard', () => {
    expect(stand({}, { isHeard: true })).toEqual({ result: 'not-sent', inTime: true });
  });

  test.each<[string, Partial<Look>, Partial<Before>]>([
    ['where nobody hears of requests', {}, {}],
    ['while something was asked', { sent: true }, { isHeard: true }],
    ['where the page has said something since', { lines: [...HEAD, 'Ward 7'] }, { isHeard: true }],
    [
      'where the button turns a wheel in place of its word',
      { lines: HEAD.filter((line) => line !== 'Sign in') },
      { isHeard: true },
    ],
  ])('is not called one %s', (_where, look, before) => {
    expect(stand(look, before)).toBeUndefined();
  });
});

test.each<[string, { isAsked: boolean; status: number }, string]>([
  ['a site that thinks without a word has not been sent nothing', { isAsked: true, status: 0 }, 'cannot-tell'],
  ['an answer that nobody reads, and that refuses, is a refusal', { isAsked: true, status: 401 }, 'refused'],
  ['a site that was asked nothing', { isAsked: false, status: 0 }, 'not-sent'],
])('%s', async (_what, heard, result) => {
  const clock = new HurriedClock();
  const tabs = fakeTabs();
  tabs.show(1, [{ look: lookOf(form) }]);
  const told = watch(clock, { tabId: 1 }, { mark: 'first', alert: '', lines: HEAD }, { isHeard: true, ...heard });
  expect((await told).result).toBe(result);
  clock.stop();
});
