// The browser's own window for name and password: who is answered, and who never is.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { answerChallenge } from '../../src/background/http-auth.ts';
import { PlayedClock } from './played-relay.ts';

const URL_ = 'https://intranet.example/wiki';
const LOGIN = { username: 'li', password: 'Blue-Heron-7' };

type Details = Record<string, unknown>;
type Answer = { authCredentials?: object; cancel?: boolean };
type Heard = (details: Details, reply?: (answer: Answer) => void) => unknown;

function event() {
  const listeners = new Set<Heard>();
  return {
    listeners,
    addListener: (one: Heard) => void listeners.add(one),
    removeListener: (one: Heard) => void listeners.delete(one),
    tell: (details: Details) => {
      for (const one of [...listeners]) one(details);
    },
  };
}

let clock: PlayedClock;
let request: Record<'onAuthRequired' | 'onCompleted' | 'onErrorOccurred', ReturnType<typeof event>>;
beforeEach(() => {
  clock = new PlayedClock(0);
  request = { onAuthRequired: event(), onCompleted: event(), onErrorOccurred: event() };
  vi.stubGlobal('chrome', { webRequest: request });
  Object.assign(browser, { webRequest: request, tabs: { update: async () => ({}) } });
});
afterEach(() => vi.unstubAllGlobals());

/** What the browser is told at a challenge. */
function challenged(details: Details): Answer {
  let answer: Answer | undefined;
  for (const one of request.onAuthRequired.listeners)
    one({ isProxy: false, url: URL_, ...details }, (given) => {
      answer = given;
    });
  if (!answer) throw new Error('nobody answered');
  return answer;
}

describe('a challenge', () => {
  test('of the confirmed origin gets name and password, once', async () => {
    const ended = answerChallenge(clock, 1, URL_, LOGIN);
    expect(challenged({})).toEqual({ authCredentials: LOGIN });
    request.onCompleted.tell({ statusCode: 200, url: URL_ });
    expect(await ended).toBe('signed-in');
    expect([...request.onAuthRequired.listeners]).toEqual([]);
  });

  test('that comes again is cancelled: the password was refused', async () => {
    const ended = answerChallenge(clock, 1, URL_, LOGIN);
    challenged({});
    expect(challenged({})).toEqual({ cancel: true });
    expect(await ended).toBe('refused');
  });

  test.each([
    ['a proxy, also one that names the very address', { isProxy: true }],
    ['another port of the same host', { url: 'https://intranet.example:8443/wiki' }],
    ['the same host without encryption', { url: 'http://intranet.example/wiki' }],
    ['another host', { url: 'https://elsewhere.example/wiki' }],
  ])('of %s gets nothing, and uses nothing up', async (_who, details) => {
    const ended = answerChallenge(clock, 1, URL_, LOGIN);
    expect(challenged(details)).toEqual({});
    expect(challenged({})).toEqual({ authCredentials: LOGIN });
    request.onCompleted.tell({ statusCode: 200, url: URL_ });
    expect(await ended).toBe('signed-in');
  });
});

test('nobody who asks: the page was open, or there is none', async () => {
  const open = answerChallenge(clock, 1, URL_, LOGIN);
  request.onCompleted.tell({ statusCode: 200, url: URL_ });
  expect(await open).toBe('signed-in');
  const gone = answerChallenge(clock, 1, URL_, LOGIN);
  request.onErrorOccurred.tell({ url: URL_ });
  expect(await gone).toBe('cannot-tell');
});

test('a server that never answers is waited for no longer than twenty seconds', async () => {
  const silent = answerChallenge(clock, 1, URL_, LOGIN);
  challenged({});
  expect(clock.pass(19_999)).toBe(false);
  expect(clock.pass(1)).toBe(true);
  expect(await silent).toBe('cannot-tell');
  for (const { listeners } of Object.values(request)) expect([...listeners]).toEqual([]);
});
