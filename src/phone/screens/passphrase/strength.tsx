// How long a password would stand, told while it is typed.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { say } from '../../parts/language.ts';
import { Spoken } from '../../parts/voice.tsx';
import { WEAK_BELOW } from '../../vault/health.ts';
import type { Judged } from '../../vault/own-passphrase.ts';
import { strengths } from '../../vault/tasks.ts';

/** Guesses as a power of ten: from here on a password is strong. */
const STRONG_FROM = 12;
/** Whoever types slowly is not judged at each key: that would keep a slow phone busy just when the passphrase is wanted. */
const PAUSE_MS = 400;

/** @param onTold hears of each judgement */
export function Strength({ of: password, onTold }: { of: string; onTold?: (judged: Judged) => void }) {
  const guesses = useSignal<number | undefined>(undefined);
  useEffect(() => {
    // Each has a worker of its own, and one that was asked earlier may answer later.
    let typed = true;
    const timer = setTimeout(async () => {
      // Where no judgement comes, none is told.
      const [told] = password === '' ? [] : await strengths([password]).catch(() => []);
      if (!typed) return;
      guesses.value = told;
      if (told !== undefined) onTold?.({ passphrase: password, guesses: told });
    }, PAUSE_MS);
    return () => {
      typed = false;
      clearTimeout(timer);
    };
  }, [password]);
  // Its place is kept while nothing can be told, so that no field moves under a finger.
  if (guesses.value === undefined) return <div class="strength" />;
  const level = guesses.value < WEAK_BELOW ? 'weak' : guesses.value < STRONG_FROM ? 'fair' : 'strong';
  return (
    <Spoken class={`strength ${level}`}>
      <span class="bar-of" style={{ '--part': Math.min(1, guesses.value / 16) }} />
      <span>{say(`strength_${level}`)}</span>
    </Spoken>
  );
}
