// The browser's own window for name and password: who is answered, and who never is.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { answerChallenge } from '../../src/background/http-auth.ts';
import browser from '../fakes/browser.ts';
import { fakeWebRequest } from '../fakes/web-request.ts';
import { PlayedClock } from './played-relay.ts';

const URL_ = 'https://intranet.example/wiki';
const LOGIN = { username: 'li', password: 'Blue-Heron-7' };

let clock: PlayedClock;
let request: ReturnType<typeof fakeWebRequest>;
beforeEach(() => {
  clock = new PlayedClock(0);
  request = fakeWebRequest();
  Object.assign(browser, { tabs: { update: async () => ({}) } });
});
afterEach(() => {
  vi.unstubAllGlobals();
});
const challenged = (details: object) => request.challenged({ url: URL_, ...details });

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

test.each([
  [200, 'signed-in'],
  [401, 'refused'],
  [403, 'refused'],
  [503, 'cannot-tell'],
])('a server that answers %i to name and password is told as %s', async (statusCode, result) => {
  const ended = answerChallenge(clock, 1, URL_, LOGIN);
  challenged({});
  request.onCompleted.tell({ statusCode, url: URL_ });
  expect(await ended).toBe(result);
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
  expect(request.isLeft()).toBe(true);
});
