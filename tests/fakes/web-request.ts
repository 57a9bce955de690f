// The browser's own window for name and password, as an extension sees it: what a server asks, and how it is answered.
import { vi } from 'vitest';
import browser from './browser.ts';

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

/** Puts `webRequest` into the browser of unit tests, also where only `chrome` has it; `vi.unstubAllGlobals` takes that away. */
export function fakeWebRequest() {
  const request = { onAuthRequired: event(), onBeforeRequest: event(), onCompleted: event(), onErrorOccurred: event() };
  vi.stubGlobal('chrome', { webRequest: request });
  Object.assign(browser, { webRequest: request });
  return {
    ...request,
    /** What the browser is told at a challenge. */
    challenged(details: Details): Answer {
      let answer: Answer | undefined;
      for (const one of request.onAuthRequired.listeners)
        one({ isProxy: false, ...details }, (given) => {
          answer = given;
        });
      if (!answer) throw new Error('nobody answered');
      return answer;
    },
    /** Whether nobody listens any more. */
    isLeft: () => Object.values(request).every(({ listeners }) => listeners.size === 0),
  };
}
