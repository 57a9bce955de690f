// Passphrases are not guessed here: after wrong ones the next has to wait.
import { ScankeyError } from '../../protocol/errors.ts';
import { queue } from '../shell/in-turn.ts';

/** Wrong passphrases in a row, and until when the next one is not taken (ms since 1970). */
interface Tries {
  wrong: number;
  until: number;
}

export interface TriesStore {
  readTries(): Promise<Tries>;
  writeTries(tries: Tries): Promise<void>;
}

/** Seconds to wait after `wrong` tries in a row: none for two, then doubling, five minutes at most. */
export const delayAfter = (wrong: number): number => (wrong < 3 ? 0 : Math.min(2 ** (wrong - 3), 300));

export interface GuessLimit {
  /** How long the next try has to wait, in ms. */
  waitBeforeTry(): Promise<number>;
  /** Tries a passphrase within the limit. @throws ScankeyError `rate-limited`, and as `attempt` does */
  guarded<T>(attempt: () => Promise<T>): Promise<T>;
}

/** @param now ms since 1970 */
export function guessLimit({ readTries, writeTries }: TriesStore, now: () => number): GuessLimit {
  const inTurn = queue();
  const waitBeforeTry = async () => Math.max(0, (await readTries()).until - now());
  /** Counted before it is tried: closing the page does not give a try back. */
  const count = async () => {
    if ((await waitBeforeTry()) > 0) throw new ScankeyError('rate-limited');
    const { wrong } = await readTries();
    await writeTries({ wrong: wrong + 1, until: now() + delayAfter(wrong + 1) * 1000 });
  };
  return {
    waitBeforeTry,
    async guarded(attempt) {
      await inTurn(count);
      const done = await attempt();
      await writeTries({ wrong: 0, until: 0 });
      return done;
    },
  };
}
