// The page that is signed in to: looked at when the person clicks, filled when the phone confirmed, watched afterwards.
// Every call names the document; a page that has moved on is never spoken to.
import type { ContentApi, FillOrder, FillReport, Look } from '../protocol/extension.ts';
import type { Result } from '../protocol/session.ts';

declare global {
  var scankey: ContentApi | undefined;
}

export interface Page {
  look: Look;
  documentId: string | undefined;
}

const WATCH_MS = 15_000;
const LOOK_AGAIN_MS = 250;

type Target = { tabId: number; documentId?: string | undefined };

const injection = ({ tabId, documentId }: Target): chrome.scripting.InjectionTarget =>
  documentId === undefined ? { tabId } : { tabId, documentIds: [documentId] };

/** Injects the content script (once a document) and looks. @throws where extensions may not work */
async function examine(tabId: number): Promise<Page | undefined> {
  await chrome.scripting.executeScript({ target: { tabId }, files: ['content.js'] });
  const [result] = await chrome.scripting.executeScript({
    target: { tabId },
    func: () => globalThis.scankey?.look(),
  });
  return result?.result ? { look: result.result, documentId: result.documentId } : undefined;
}

/** What the tab shows, or undefined where extensions may not work. */
export const lookAt = (tabId: number): Promise<Page | undefined> => examine(tabId).catch(() => undefined);

/** What the document that was examined before looks like now; undefined when it is gone. */
export async function lookAgain(target: Target): Promise<Look | undefined> {
  try {
    const [result] = await chrome.scripting.executeScript({
      target: injection(target),
      func: () => globalThis.scankey?.look(),
    });
    return result?.result;
  } catch {
    return undefined;
  }
}

/** Hands the credential to the document and reports; a document that vanished while it submitted counts as filled. */
export async function fill(target: Target, order: FillOrder): Promise<FillReport> {
  try {
    const [result] = await chrome.scripting.executeScript({
      target: injection(target),
      func: (given: FillOrder) => globalThis.scankey?.signIn(given),
      args: [order],
    });
    return result?.result ?? { done: 'filled' };
  } catch {
    return { done: 'filled' };
  }
}

/** One word of the judgement below: `undefined` means look again. */
function judge(look: Look, before: { mark: string; alert: string }): Result | undefined {
  if (!look.loaded) return undefined;
  if (look.code) return 'more';
  if (!look.form) return 'signed-in';
  const newDocument = look.mark !== before.mark;
  if (newDocument || (look.alert !== '' && look.alert !== before.alert)) return 'refused';
  return undefined;
}

/**
 * Watches how the sign-in ends: looks again and again, in the same document or in the one that replaced it, until two
 * looks in a row agree. Leaving for a place where we may not look, and a form that just stays, are `cannot-tell`.
 */
export async function watch(
  tabId: number,
  before: { mark: string; alert: string },
  pause: (ms: number) => Promise<void>,
): Promise<{ result: Result; text: string }> {
  let last: Result | undefined;
  let blind = 0;
  let seen: Look | undefined;
  for (let waited = 0; waited < WATCH_MS && blind < 12; waited += LOOK_AGAIN_MS) {
    await pause(LOOK_AGAIN_MS);
    const look = (await lookAt(tabId))?.look;
    blind = look ? 0 : blind + 1;
    const verdict = look && judge(look, before);
    if (verdict && verdict === last) return { result: verdict, text: verdict === 'refused' ? (look?.alert ?? '') : '' };
    last = verdict;
    seen = look ?? seen;
  }
  // A form that was emptied and still stands has been refused; one that still holds the password may be at work.
  if (blind === 0 && seen?.form && !seen.typed) return { result: 'refused', text: seen.alert };
  return { result: 'cannot-tell', text: '' };
}
