// What a site asks of new passwords, in the words of Apple's `passwordrules` attribute
// (https://developer.apple.com/password-rules/), and a password that keeps to it.
import { ALPHABET, below, DIGITS, LETTERS, SIGNS } from './generator.ts';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const NUMBERS = '0123456789';
const SPECIAL = '-~!@#$%^&*_+=`|(){}[:;"\'<>,.?] ';
const CLASSES: Record<string, string> = {
  upper: UPPER,
  lower: LOWER,
  digit: NUMBERS,
  special: SPECIAL,
  'ascii-printable': UPPER + LOWER + NUMBERS + SPECIAL,
  unicode: UPPER + LOWER + NUMBERS + SPECIAL,
};

export interface Rules {
  min: number;
  max: number;
  /** One character at least of each. */
  required: readonly string[];
  /** Every character is one of these. */
  allowed: string;
  /** Equal characters in a row, at most. */
  consecutive: number;
}

const LENGTH = 20;
/** Bounds of what a hostile page can ask for. */
const SHORTEST = 4;
const LONGEST = 128;

const unique = (characters: string): string => [...new Set(characters)].join('');
/** Characters that a person can tell apart, where there are enough of them. */
const legible = (characters: string): string =>
  [...characters].filter((one) => ALPHABET.includes(one)).join('') || characters;

/** Names of classes and sets in brackets, as one set. A bracket may itself be in a set, at its end; a dash at its beginning. */
const setOf = (value: string): string =>
  unique(
    [...value.matchAll(/\[((?:[^\]]|\](?=\]))*)\]|([a-z-]+)/gi)]
      .map(([, own, name]) => (own ?? CLASSES[(name ?? '').toLowerCase()] ?? '').replace(/[^\x20-\x7e]/g, ''))
      .join(''),
  );

/** Reads rules; what it does not know counts as absent. */
export function parseRules(text: string): Rules {
  const rules = { min: 0, max: LONGEST, required: [] as string[], allowed: '', consecutive: LONGEST };
  // Semicolons within brackets belong to a set.
  for (const [, name = '', value = ''] of text.matchAll(/([a-z-]+)\s*:\s*((?:\[(?:[^\]]|\](?=\]))*\]|[^;[])*)/gi)) {
    const number = Number.parseInt(value, 10);
    if (/^minlength$/i.test(name) && number > 0) rules.min = Math.max(rules.min, number);
    else if (/^maxlength$/i.test(name) && number > 0) rules.max = Math.min(rules.max, number);
    else if (/^max-consecutive$/i.test(name) && number > 0) rules.consecutive = Math.min(rules.consecutive, number);
    else if (/^allowed$/i.test(name)) rules.allowed = unique(rules.allowed + setOf(value));
    else if (/^required$/i.test(name) && setOf(value)) rules.required.push(setOf(value));
  }
  const max = Math.max(SHORTEST, rules.max);
  const all = unique(rules.allowed + rules.required.join(''));
  // What is said twice is asked for once.
  return { ...rules, required: [...new Set(rules.required)], allowed: all, max, min: Math.min(rules.min, max) };
}

const DEFAULT: readonly string[] = [LETTERS, DIGITS, SIGNS];

/** A password that keeps to what the site says, 20 characters where it may be. */
export function passwordBy(text: string): string {
  const rules = parseRules(text);
  const length = Math.max(SHORTEST, Math.min(Math.max(LENGTH, rules.min), rules.max));
  const required = (rules.allowed ? rules.required : DEFAULT).map(legible);
  // Required kinds alone make a narrow alphabet wider only where the site allows no more.
  const alphabet = legible(rules.allowed || ALPHABET);
  // Rules that nothing can keep are not kept for ever.
  for (let tries = 0; ; tries++) {
    const password = Array.from({ length }, () => alphabet.charAt(below(alphabet.length)));
    // One place for each kind that has to be there, each place once.
    const places = Array.from({ length }, (_, at) => at);
    for (const kind of required.slice(0, length)) {
      const [place = 0] = places.splice(below(places.length), 1);
      password[place] = kind.charAt(below(kind.length));
    }
    if (longestRun(password) <= rules.consecutive || tries > 1000) return password.join('');
  }
}

function longestRun(characters: readonly string[]): number {
  let longest = 0;
  let run = 0;
  for (const [at, one] of characters.entries()) {
    run = one === characters[at - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}
