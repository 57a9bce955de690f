// Passwords made by the phone. Those of words, which can be typed on a television, are in strength.ts with their list.

export const LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';
export const DIGITS = '23456789';
export const SIGNS = '-_.!#*+=';
export const ALPHABET = LETTERS + DIGITS + SIGNS;

/** An integer below `limit` (at most 65,536), every one equally likely. */
export function below(limit: number): number {
  const fair = 65_536 - (65_536 % limit);
  for (;;) {
    const [drawn = 0] = crypto.getRandomValues(new Uint16Array(1));
    if (drawn < fair) return drawn % limit;
  }
}

/** A password of `length` characters (about 6 bits each) with at least one letter, one digit and one sign. */
export function generatePassword(length = 20): string {
  for (;;) {
    const password = Array.from({ length }, () => ALPHABET.charAt(below(ALPHABET.length))).join('');
    if ([LETTERS, DIGITS, SIGNS].every((kind) => [...password].some((character) => kind.includes(character))))
      return password;
  }
}
