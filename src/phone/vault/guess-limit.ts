// Passphrases are not guessed here: after wrong ones the next has to wait.
import { codeOf, ScankeyError } from '../../protocol/errors.ts';
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
  /**
   * Tries a passphrase within the limit. One whose `attempt` ends `unreachable` was not tried, and does not count.
   * @throws ScankeyError `rate-limited`, and as `attempt` does
   */
  guarded<T>(attempt: () => Promise<T>): Promise<T>;
}

/** @param now ms since 1970 */
export function guessLimit({ readTries, writeTries }: TriesStore, now: () => number): GuessLimit {
  const inTurn = queue();
  const waitBeforeTry = async () => Math.max(0, (await readTries()).until - now());
  /** Counted before it is tried: closing the page does not give a try back. */
  const count = async () => {
    if ((await waitBeforeTry()) > 0) throw new ScankeyError('rate-limited');
    const wrong = (await readTries()).wrong + 1;
    const until = now() + delayAfter(wrong) * 1000;
    await writeTries({ wrong, until });
    return until;
  };
  /** Another may have been counted meanwhile, whose wait stays. */
  const takeBack = async (counted: number) => {
    const { wrong, until } = await readTries();
    await writeTries({ wrong: Math.max(0, wrong - 1), until: until === counted ? 0 : until });
  };
  return {
    waitBeforeTry,
    async guarded(attempt) {
      const counted = await inTurn(count);
      try {
        const done = await attempt();
        await writeTries({ wrong: 0, until: 0 });
        return done;
      } catch (error) {
        if (codeOf(error, 'wrong-passphrase') === 'unreachable') await inTurn(() => takeBack(counted));
        throw error;
      }
    },
  };
}
