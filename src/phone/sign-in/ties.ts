// What lets somebody in as this vault's owner, at sites that ask the companion, and came to it later: told on every phone that has the
// vault.
import { effect, signal } from '@preact/signals';
import * as v from 'valibot';
import { ask } from '../../protocol/ask.ts';
import { signQuestion, Tie } from '../../protocol/identity-proof.ts';
import { isUnlocked, vault } from '../vault/vault.ts';

/** None while the vault is locked, or the companion cannot be reached, or is no team's. */
export const ties = signal<readonly Tie[]>([]);

/** What one calls a tie that was read about. */
export const nameOfTie = ({ by, at }: Tie): string => `tie:${by}:${at}`;

/** The key of a vault that has never shown a site who its owner is does not exist yet. */
async function read(identity: string): Promise<void> {
  const proof = await signQuestion(identity, location.origin, Date.now());
  const answer = await ask(v.object({ ties: v.array(Tie) }), '/v1/known-by', proof);
  if (isUnlocked.value) ties.value = answer.ties;
}

/** Asks the companion whenever the vault is opened. */
export const watchTies = (): void =>
  void effect(() => {
    ties.value = [];
    const identity = isUnlocked.value && vault.current.peek()?.document.identity;
    // One that says nothing is asked the next time.
    if (identity) void read(identity).catch(() => {});
  });
