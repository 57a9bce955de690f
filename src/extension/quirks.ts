// Every difference between the browsers, and what webextension-polyfill does not reach: the only file that says `chrome`. It loads
// no polyfill itself, for the content script takes from it, too.

/** Whether the person's click on the button stops counting at the next document: in Firefox only a site's own permission reaches that. */
export const losesClick = (): boolean => globalThis.location?.protocol === 'moz-extension:';

/**
 * Closes our popup. In Firefox it keeps the focus from the page below it, where a field may rest until it is entered.
 * @returns whether one was open, and is none any more
 */
export function closePopup(): boolean {
  // A service worker sees no windows, and Chromium's pages need none closed.
  const popups = globalThis.chrome?.extension?.getViews?.({ type: 'popup' }) ?? [];
  for (const popup of popups) popup.close();
  return popups.length > 0;
}

/** The closed shadow tree of an element: each browser has a way of its own into it, for extensions alone. */
export function closedTree(element: HTMLElement): ShadowRoot | null {
  if (element.openOrClosedShadowRoot !== undefined) return element.openOrClosedShadowRoot;
  return globalThis.chrome?.dom?.openOrClosedShadowRoot(element) ?? null;
}
declare global {
  interface Element {
    /** Firefox has it, Chromium has not. */
    readonly openOrClosedShadowRoot?: ShadowRoot | null;
  }
}

/**
 * Answers what servers ask of the browser itself (HTTP 401), while the browser waits. The polyfill knows no listener that is handed a
 * callback, and Chromium none that gives a promise.
 * @param answer gives what the browser is to do; it may take the listener away only after it has returned
 * @returns takes the listener away
 */
export function onChallenge(
  filter: chrome.webRequest.RequestFilter,
  answer: (details: chrome.webRequest.OnAuthRequiredDetails) => chrome.webRequest.BlockingResponse,
): () => void {
  const listener = (
    details: chrome.webRequest.OnAuthRequiredDetails,
    reply?: (response: chrome.webRequest.BlockingResponse) => void,
  ) => {
    reply?.(answer(details));
    return undefined;
  };
  chrome.webRequest.onAuthRequired.addListener(listener, filter, ['asyncBlocking']);
  return () => chrome.webRequest.onAuthRequired.removeListener(listener);
}

/**
 * Has the content script tell the background of what is typed. The browser takes this function as text and runs it in the extension's
 * world of a page: no import reaches it there, so it speaks to the browser without the polyfill.
 */
export const tellOfTyping = (): void =>
  globalThis.scankey?.watch((typed) => void chrome.runtime.sendMessage(typed).catch(() => {}));
