// The sign-in under way, as it is stored for a reload of the page.
import { readSealed, remove, writeSealed } from '../shell/database.ts';
import { queue } from '../shell/in-turn.ts';
import { Pending } from './start.ts';

// One after the other: sealing takes a moment, and a record written late would outlive the end of its sign-in.
const inTurn = queue();
export const writePending = (pending: Pending): Promise<void> => inTurn(() => writeSealed('pending', pending));

/** The sign-in that a reload interrupted, if any. */
export const readPending = (): Promise<Pending | undefined> => readSealed('pending', Pending);

export const dropPending = (): Promise<void> => inTurn(() => remove('pending'));
