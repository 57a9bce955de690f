// Whether the vault's own passphrase would be guessed quickly. Whoever makes a vault while a computer waits does not wait for that to be
// known: what judges a passphrase is larger than all else that the sign-in needs.
import { signal } from '@preact/signals';
import { WEAK_BELOW } from './health.ts';
import { strengths } from './tasks.ts';

/** It was found weak after it had been taken; until there is another, or the page is left. */
export const passphraseWeak = signal(false);

/** A passphrase and the power of ten of the guesses that it stands. */
export interface Judged {
  passphrase: string;
  guesses: number;
}

/** Notes that `passphrase` is the vault's. @param judged what was known of its strength by then */
export async function noteTaken(passphrase: string, judged: Judged | undefined): Promise<void> {
  passphraseWeak.value = false;
  if (judged?.passphrase === passphrase) return;
  const [guesses = 0] = await strengths([passphrase]);
  passphraseWeak.value = guesses < WEAK_BELOW;
}
