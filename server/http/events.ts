// What happens in a companion, for those who count it: each by a word of a closed list, so that nobody can be found in it.
import { EventEmitter } from 'node:events';
import type { ProblemCode } from '../../src/protocol/errors.ts';
import type { CloseReason } from '../../src/protocol/relay.ts';

/** How a push went. */
export type Pushed = 'sent' | 'gone' | 'failed';

interface Happening {
  /** A request was answered: the template of its route, the status, and ms that it took. */
  answered: [route: string, status: number, ms: number];
  /** Somebody was told no, by HTTP or on a WebSocket. */
  refused: [code: ProblemCode, by: 'http' | 'relay'];
  opened: [];
  joined: [];
  /** …as one of the two has said. Of a session whose time is over nobody says so. */
  ended: [reason: CloseReason];
  pushed: [how: Pushed];
}

/** Told as it happens, by whoever does it; who hears it does not make it wait. */
export class Events extends EventEmitter<Happening> {}
