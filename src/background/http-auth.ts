// HTTP's own sign-in (RFC 7617 Basic, RFC 7616 Digest): the browser asks in a window of its own, which no page can fill. With
// the person's permission for this one site the challenge is answered here, once.
import browser from 'webextension-polyfill';
import { onChallenge } from '../extension/quirks.ts';
import type { Clock } from '../protocol/clock.ts';
import type { Result } from '../protocol/outcomes.ts';

const ANSWER_MS = 20_000;

/**
 * Opens `url` in the tab again and answers its server's challenge with the credential, a second one not at all.
 * @param url of the confirmed origin
 * @returns how it ended: `refused` when the server challenged again, `cannot-tell` when it never answered
 */
export function answerChallenge(
  clock: Clock,
  tabId: number,
  url: string,
  { username, password }: { username: string; password: string },
): Promise<Result> {
  const { origin, protocol, hostname } = new URL(url);
  const filter = { urls: [`${protocol}//${hostname}/*`], tabId, types: ['main_frame' as const] };
  let asked = 0;
  return new Promise((resolve) => {
    const forget = onChallenge(filter, ({ isProxy, url: at }) => {
      // A proxy is not the site, and another port not the origin that was confirmed.
      if (isProxy || new URL(at).origin !== origin) return {};
      asked++;
      if (asked === 1) return { authCredentials: { username, password } };
      queueMicrotask(() => finish('refused'));
      return { cancel: true };
    });
    const completed = ({ statusCode, url: at }: { statusCode: number; url: string }) => {
      if (asked === 0 && new URL(at).origin === origin) finish(statusCode === 401 ? 'not-filled' : 'signed-in');
      else if (statusCode === 401 || statusCode === 403) finish('refused');
      else finish(statusCode < 500 ? 'signed-in' : 'cannot-tell');
    };
    const failed = () => finish(asked > 1 ? 'refused' : 'cannot-tell');
    const callOff = clock.after(ANSWER_MS, () => finish('cannot-tell'));
    function finish(result: Result): void {
      callOff();
      forget();
      browser.webRequest.onCompleted.removeListener(completed);
      browser.webRequest.onErrorOccurred.removeListener(failed);
      resolve(result);
    }
    browser.webRequest.onCompleted.addListener(completed, filter);
    browser.webRequest.onErrorOccurred.addListener(failed, filter);
    void browser.tabs.update(tabId, { url });
  });
}
