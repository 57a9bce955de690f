// Whether the companion could take a sign-in right now: it writes as much as one does. And what its operator is told of the room, of what
// cannot be deleted, and of a store that takes nothing.
import { Refusal } from './http/problems.ts';
import type { Room } from './store/room.ts';
import type { Store } from './store/store.ts';

/** How long an answer holds, ms: whoever asks all the time makes nothing be written all the time. */
const HOLDS_MS = 1_000;
const KEPT_MS = 60_000;
/** Characters, as of a session that waits for its phone; less might still find room where that finds none. */
const SIZE = 8 * 1024;

/** @returns what looks; it throws what the store does where nothing can be written, Refusal `store-unavailable` where no room is left */
export function newHealth(store: Store, room: Pick<Room, 'holds'>, now: () => number = Date.now): () => Promise<void> {
  let asked = Number.NEGATIVE_INFINITY;
  let answer: Promise<void> = Promise.resolve();
  const look = async () => {
    if (!(await room.holds(SIZE, 'sessions'))) throw new Refusal('store-unavailable');
    const before = await store.get('health');
    // Another one that was faster has written, too.
    await store.put('health', String(now()).padEnd(SIZE), now() + KEPT_MS, before?.rev ?? 0);
  };
  return () => {
    // A clock that was set back makes no answer last.
    if (Math.abs(now() - asked) >= HOLDS_MS) {
      asked = now();
      answer = look();
    }
    return answer;
  };
}

/** By what a store says that it takes nothing, why that is so. Of a Redis that is lost its engine tells by itself. */
const REFUSING = [
  [/disk is full|disk I\/O error/, 'The disk takes nothing: is it full?'],
  [/readonly database/, 'The database may not be written: who may, in --data?'],
  [/^READONLY/, 'Redis is a replica, which takes nothing: give REDIS_URL the one that is written to.'],
  [/^MISCONF/, 'Redis cannot write to its own disk, and takes nothing: see its log.'],
  [/^OOM/, 'Redis has no memory left, and takes nothing: give it more (maxmemory), or less --room.'],
] as const;

/** @returns `store`, of which it is said once when it takes nothing any more, and when it does again */
export function telling(store: Store, say: (sentence: string) => void): Store {
  let isTold = false;
  return {
    ...store,
    async put(...given) {
      try {
        const isWritten = await store.put(...given);
        if (isTold && isWritten) say('The store takes what it is given again.');
        isTold &&= !isWritten;
        return isWritten;
      } catch (error) {
        const why = error instanceof Error ? REFUSING.find(([words]) => words.test(error.message)) : undefined;
        if (why && !isTold) say(`${why[1]} Nobody can sign in until that is mended.`);
        isTold ||= why !== undefined;
        throw error;
      }
    },
  };
}

/** What is said where there is no room for whom; each is fuller than the one before. */
const FULL = [
  ['strangers', 'The room is half full: nobody can begin a backup. Start again with more --room (docs/operating.md).'],
  [
    'known',
    'The room is three quarters full: no backup grows, no phone is paired anew. Start again with more --room (docs/operating.md).',
  ],
  ['sessions', 'The room is full: nobody can sign in. Start again with more --room (docs/operating.md).'],
] as const;

/** @returns what looks at the room, and says how full it is when it is fuller than it ever was */
export function newRoomWatch(room: Pick<Room, 'holds'>, say: (sentence: string) => void): () => Promise<void> {
  let said = 0;
  return async () => {
    const found: string[] = [];
    for (const [whose, sentence] of FULL) if (!(await room.holds(SIZE, whose))) found.push(sentence);
    const fullest = found.at(-1);
    if (fullest !== undefined && found.length > said) say(fullest);
    said = Math.max(said, found.length);
  };
}

/** @returns what deletes all that has expired, and says so when that cannot be done, once however long it lasts */
export function newSweep(store: Pick<Store, 'sweep'>, say: (sentence: string) => void): () => Promise<void> {
  let isSwept = true;
  return async () => {
    const wasSwept = isSwept;
    isSwept = await store.sweep().then(
      () => true,
      () => false,
    );
    if (wasSwept && !isSwept) say('what has expired cannot be deleted: is the disk full?');
  };
}
