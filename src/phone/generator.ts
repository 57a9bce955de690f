// Passwords made by the phone.

const LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';
const DIGITS = '23456789';
const SIGNS = '-_.!#*+=';
const ALPHABET = LETTERS + DIGITS + SIGNS;

/** One character of `alphabet`, every one equally likely. */
function pick(alphabet: string): string {
  const limit = 256 - (256 % alphabet.length);
  for (;;) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < limit) return alphabet.charAt(byte % alphabet.length);
  }
}

/** A password of `length` characters (about 6 bits each) with at least one letter, one digit and one sign. */
export function generatePassword(length = 20): string {
  for (;;) {
    const password = Array.from({ length }, () => pick(ALPHABET)).join('');
    if ([LETTERS, DIGITS, SIGNS].every((kind) => [...password].some((character) => kind.includes(character))))
      return password;
  }
}
