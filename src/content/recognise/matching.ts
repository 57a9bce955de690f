// Finds the words of words.ts in what pages say.
import { compile } from '../../extension/spelling.ts';
import { type Meaning, VOCABULARY } from './words.ts';

const PATTERNS = Object.fromEntries(
  Object.entries(VOCABULARY).map(([meaning, lines]) => [meaning, compile(Object.values(lines))]),
) as Record<Meaning, RegExp>;

/** The first word of `meaning` in `text`, which has been normalised; undefined when it says none of them. */
export const wordOf = (meaning: Meaning, text: string): string | undefined => PATTERNS[meaning].exec(text)?.[0];
