// What a page asks its site for from when it is filled in, as the browser tells an extension: the page's own scripts are told of a
// request only once it is answered, and of one whose answer nobody reads not even then.
import browser from 'webextension-polyfill';
import { siteOf } from '../extension/permissions.ts';
import { losesClick } from '../extension/quirks.ts';

type Details = Record<'method' | 'requestId', string> & { statusCode?: number };

/** What brings nothing along is asked for by pages at all times. */
const CARRIES_NOTHING = /^(GET|HEAD|OPTIONS)$/;

/** Whether the browser tells of what a page asks its own site for: the person's click is word enough in one, a site's permission in the other. */
export const hearsRequests = async (origin: string): Promise<boolean> =>
  !losesClick() || browser.permissions.contains({ origins: [siteOf(origin)] });

export class Requests {
  /** Whether one that the page makes of its own site would be heard of. */
  readonly isHeard: boolean;
  readonly #open = new Set<string>();
  readonly #answers: number[] = [];
  readonly #stop: () => void;

  /** Listens, until it is stopped. */
  constructor(tabId: number, isHeard: boolean) {
    this.isHeard = isHeard;
    const filter = { urls: ['<all_urls>'], tabId, types: ['xmlhttprequest' as const] };
    const { onBeforeRequest, onCompleted, onErrorOccurred } = browser.webRequest;
    const begun = ({ requestId }: Details) => void this.#open.add(requestId);
    const failed = ({ requestId }: Details) => void this.#open.delete(requestId);
    const answered = ({ requestId, method, statusCode = 0 }: Details) => {
      if (this.#open.delete(requestId) && !CARRIES_NOTHING.test(method)) this.#answers.push(statusCode);
    };
    onBeforeRequest.addListener(begun, filter);
    onCompleted.addListener(answered, filter);
    onErrorOccurred.addListener(failed, filter);
    this.#stop = () => {
      onBeforeRequest.removeListener(begun);
      onCompleted.removeListener(answered);
      onErrorOccurred.removeListener(failed);
    };
  }

  /** Something is asked for, or was answered that brought something along: a sign-in may be on its way. */
  get isAsked(): boolean {
    return this.#open.size > 0 || this.#answers.length > 0;
  }

  /** The HTTP status of the only one that brought something along; 0 where there is none, and where it could be any of several. */
  get status(): number {
    const [status = 0, another] = this.#answers;
    return another === undefined && this.#open.size === 0 ? status : 0;
  }

  stop(): void {
    this.#stop();
  }
}
