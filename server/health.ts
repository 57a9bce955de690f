// Whether the companion could take a sign-in right now: it writes as much as one does.
import type { Store } from './store/store.ts';

/** How long an answer holds, ms: whoever asks all the time makes nothing be written all the time. */
const HOLDS_MS = 1_000;
const KEPT_MS = 60_000;
/** Characters, as of a session that waits for its phone; less might still find room where that finds none. */
const SIZE = 8 * 1024;

/** @returns what looks, and throws what the store does where nothing can be written */
export function newHealth(store: Store, now: () => number = Date.now): () => Promise<void> {
  let asked = Number.NEGATIVE_INFINITY;
  let answer: Promise<void> = Promise.resolve();
  const look = async () => {
    const before = await store.get('health');
    // Another one that was faster has written, too.
    await store.put('health', String(now()).padEnd(SIZE), now() + KEPT_MS, before?.rev ?? 0);
  };
  return () => {
    if (now() - asked >= HOLDS_MS) {
      asked = now();
      answer = look();
    }
    return answer;
  };
}
