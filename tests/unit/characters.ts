// Any character of Unicode, for strings of fast-check: its own unit 'binary' is the same, and takes two seconds to be made.
import fc from 'fast-check';

/** Every code point but the halves of surrogate pairs, which are no characters. */
export const character = fc
  .oneof(
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
    { weight: 2, arbitrary: fc.integer({ min: 0x80, max: 0xd7ff }) },
    { weight: 2, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }) },
  )
  .map((code) => String.fromCodePoint(code));
