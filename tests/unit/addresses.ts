// Arbitrary host names for property tests: fast-check's own take a second to build, in each file anew.
import fc from 'fast-check';

const label = fc.string({ unit: fc.constantFrom(...'abcxyz019-'), minLength: 1, maxLength: 12 });
const ending = fc.constantFrom('com', 'co.uk', 'github.io', 'example', 'xn--fiqs8s', 'museum');

/** Mostly valid; a label may begin or end with a hyphen. */
export const hostName: fc.Arbitrary<string> = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), ending)
  .map(([labels, last]) => [...labels, last].join('.'));

/** What may stand behind the host: path, query and fragment, also with what has to be escaped. */
export const rest: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom('/', '?', '#', '%', '@', ':', '=', '&', '..', '%2f'), fc.string({ maxLength: 10 })), {
    maxLength: 6,
  })
  .map((parts) => `/${parts.join('')}`);
