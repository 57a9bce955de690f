// How long a password would stand, told while it is typed.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { say } from '../../parts/language.ts';

import { WEAK_BELOW } from '../../vault/health.ts';
import { strengths } from '../../vault/tasks.ts';

/** Guesses as a power of ten: from here on a password is strong. */
const STRONG_FROM = 12;

export function Strength({ of: password }: { of: string }) {
  const guesses = useSignal<number | undefined>(undefined);
  useEffect(() => {
    // Each has a worker of its own, and one that was asked earlier may answer later.
    let typed = true;
    const timer = setTimeout(async () => {
      const [told] = password === '' ? [] : await strengths([password]);
      if (typed) guesses.value = told;
    }, 150);
    return () => {
      typed = false;
      clearTimeout(timer);
    };
  }, [password]);
  // Its place is kept while nothing can be told, so that no field moves under a finger.
  if (guesses.value === undefined) return <div class="strength" />;
  const level = guesses.value < WEAK_BELOW ? 'weak' : guesses.value < STRONG_FROM ? 'fair' : 'strong';
  return (
    <div class={`strength ${level}`} role="status">
      <span class="bar-of" style={{ '--part': Math.min(1, guesses.value / 16) }} />
      <span>{say(`strength_${level}`)}</span>
    </div>
  );
}
