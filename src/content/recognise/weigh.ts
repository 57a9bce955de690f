// Weighs what signals find.
import type { Reason } from './form.ts';
import { wordOf } from './matching.ts';
import type { Signals } from './signals.ts';
import type { Meaning } from './words.ts';

/** What is found of `has` in `text`: a pattern of whole words, or the first word of each meaning. */
function find(place: string, has: string, text: string): string | undefined {
  if (/^(autocomplete|type|shape)$/.test(place)) return new RegExp(`\\b(?:${has})\\b`).exec(text)?.[0];
  const words = has.split(' ').map((meaning) => wordOf(meaning as Meaning, text));
  return words.includes(undefined) ? undefined : words.join(', ');
}

/** Sums what `signals` find in `texts`, by kind. */
export function weigh<Kind extends string, Place extends string>(
  signals: Signals<Kind, Place>,
  texts: Record<Place, string>,
): { scores: ReadonlyMap<Kind, number>; reasons: Reason[] } {
  const scores = new Map<Kind, number>();
  const reasons: Reason[] = [];
  for (const [is, places] of Object.entries(signals) as [Kind, Record<Place, Record<string, number>>][])
    for (const [at, weights] of Object.entries(places) as [Place, Record<string, number>][])
      for (const [has, weight] of Object.entries(weights)) {
        const found = find(at, has, texts[at]);
        if (found === undefined) continue;
        scores.set(is, (scores.get(is) ?? 0) + weight);
        reasons.push({ is, in: at, found, weight });
      }
  return { scores, reasons };
}

/** The kind that most speaks for, and how much; nothing when nothing spoke. */
export const highest = <Kind>(scores: Iterable<[Kind, number]>): [Kind, number] | [] =>
  [...scores].sort(([, a], [, b]) => b - a)[0] ?? [];
