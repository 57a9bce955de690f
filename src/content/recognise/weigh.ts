// Weighs what signals find.
import type { Reason } from './form.ts';
import { wordOf } from './matching.ts';
import type { Signal } from './signals.ts';

/** Sums what `signals` find in `texts`, by kind. */
export function weigh<Kind extends string, Place extends string>(
  signals: readonly Signal<Kind, Place>[],
  texts: Record<Place, string>,
): { scores: ReadonlyMap<Kind, number>; reasons: Reason[] } {
  const scores = new Map<Kind, number>();
  const reasons: Reason[] = [];
  for (const [is, place, has, weight] of signals) {
    const text = texts[place];
    if (!text) continue;
    const found = typeof has === 'string' ? wordOf(has, text) : has.exec(text)?.[0];
    if (found === undefined) continue;
    scores.set(is, (scores.get(is) ?? 0) + weight);
    reasons.push({ is, in: place, found, weight });
  }
  return { scores, reasons };
}

/** The kind that most speaks for; undefined when nothing spoke. */
export const highest = <Kind>(scores: ReadonlyMap<Kind, number>): { kind: Kind; score: number } | undefined =>
  [...scores].map(([kind, score]) => ({ kind, score })).sort((a, b) => b.score - a.score)[0];
