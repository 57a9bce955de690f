// What anybody may leave in the store without being anybody: how much of it, and for how long.
import * as v from 'valibot';
import type { Store } from './store.ts';

const DAY = 86_400_000;
/** Bytes that the database may take where nothing is said. */
export const ROOM_BYTES = 2 * 1024 ** 3;

/** How full the room may be for whom: when strangers have filled what they can, those who were here before still find some. */
const SHARES = { strangers: 1 / 2, known: 3 / 4 } as const;
/** Sessions last minutes and have bounds of their own: no backup takes this from them, which comes on top of the room. */
const FOR_SESSIONS = 1 / 4;
type Whose = keyof typeof SHARES | 'sessions';

export class Room {
  readonly #store: Pick<Store, 'bytes'>;
  /** What the whole database may take. */
  readonly bytes: number;
  /** What was there at the start: more than the room where there was no bound before, or a larger one. */
  #before: number | undefined;

  constructor(store: Pick<Store, 'bytes'>, bytes: number = ROOM_BYTES) {
    this.#store = store;
    this.bytes = bytes;
  }

  /** Whether there is room for so many bytes more. */
  async holds(more: number, whose: Whose): Promise<boolean> {
    const taken = await this.#store.bytes();
    this.#before ??= taken;
    const bound =
      whose === 'sessions'
        ? Math.max(this.bytes, this.#before) + this.bytes * FOR_SESSIONS
        : this.bytes * SHARES[whose];
    return taken + more <= bound;
  }
}

/** What a record says of itself that a stranger can make. One that says nothing is from before, and counts as known. */
export const MADE = {
  /** ms since 1970. */
  made: v.optional(v.number(), 0),
  /** Somebody has come back to it. */
  known: v.optional(v.boolean(), true),
};
type Made = { made: number; known: boolean };

/** Somebody uses the record: to do so a day after it was made, or later, is to come back. */
export function comeBack(record: Made, now: number): void {
  record.known ||= now - record.made >= DAY;
}

/** How long it is kept after its last use, ms. */
export const keptMs = ({ known }: Made, ms: { known: number; new: number }): number => (known ? ms.known : ms.new);
