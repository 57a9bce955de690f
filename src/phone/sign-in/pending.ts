// The sign-in under way, as a reload of the page finds it again.
import * as v from 'valibot';
import { Mail } from '../../protocol/mailbox.ts';
import { readSealed, remove, writeSealed } from '../shell/database.ts';
import { queue } from '../shell/in-turn.ts';

/** A sign-in that a reload of the page must not lose. */
export const Pending = v.object({
  /** Session id, base64url. */
  sid: v.string(),
  /** The code's link; a remembered browser's request has none. */
  link: v.optional(v.string()),
  via: v.picklist(['camera', 'navigation', 'call']),
  startedAt: v.number(),
  attempt: v.number(),
  mail: Mail,
  /** Set once the answer was sealed: what is needed to open the outcome, base64url. */
  sealed: v.nullable(v.object({ encapsulated: v.string(), response: v.string() })),
  /** The account whose code may be asked for afterwards, by its id; none where the tap covers no code. */
  account: v.optional(v.string()),
});
export type Pending = v.InferOutput<typeof Pending>;

// One after the other: sealing takes a moment, and a record written late would outlive the end of its sign-in.
const inTurn = queue();
export const writePending = (pending: Pending): Promise<void> => inTurn(() => writeSealed('pending', pending));

/** The sign-in that a reload interrupted, if any. */
export const readPending = (): Promise<Pending | undefined> => readSealed('pending', Pending);

export const dropPending = (): Promise<void> => inTurn(() => remove('pending'));
