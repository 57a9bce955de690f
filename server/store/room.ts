// What anybody may leave in the store without being anybody: how much of it, and for how long.
import * as v from 'valibot';
import type { Store } from './store.ts';

const DAY = 86_400_000;
/** Bytes that the database may take where nothing is said. */
export const ROOM_BYTES = 2 * 1024 ** 3;

/** How full the room may be for whom: when strangers have filled what they can, those who were here before still find some. */
const SHARES = { strangers: 1 / 2, known: 3 / 4, sessions: 1 } as const;

export class Room {
  readonly #store: Pick<Store, 'bytes'>;
  readonly #bytes: number;

  /** @param bytes what the whole database may take */
  constructor(store: Pick<Store, 'bytes'>, bytes: number = ROOM_BYTES) {
    this.#store = store;
    this.#bytes = bytes;
  }

  /** Whether there is room for so many bytes more. */
  async holds(more: number, whose: keyof typeof SHARES): Promise<boolean> {
    return (await this.#store.bytes()) + more <= this.#bytes * SHARES[whose];
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
