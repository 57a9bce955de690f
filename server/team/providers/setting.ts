// Kinds of values that stand in a team's file, each with what is said of a wrong one.
import { readFileSync } from 'node:fs';
import * as v from 'valibot';

export const name = v.pipe(
  v.string('must be text'),
  v.minLength(1, 'must not be empty'),
  v.maxLength(80, 'is too long'),
);

export const id = v.pipe(
  v.string('must be text'),
  v.regex(/^[\w.:-]{1,64}$/, 'may hold letters, digits and . : _ - only'),
);

/** `$NAME` is the environment's, anything else a file. */
export const secret = v.pipe(
  v.string('must be $NAME of the environment, or the path of a file'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const from = dataset.value;
    try {
      const value = from.startsWith('$') ? process.env[from.slice(1)] : readFileSync(from, 'utf8').trim();
      if (value) return value;
    } catch {}
    const where = from.startsWith('$') ? 'the environment has no such variable' : 'no such file, or it is empty';
    addIssue({ message: `names a secret that is not there: ${where}` });
    return NEVER;
  }),
);

/** Where a browser is sent back to: https, or this computer itself; compared character by character (RFC 9700 section 4.1.3). */
export const address = v.pipe(
  v.string('must be an address'),
  v.check((text) => {
    if (!URL.canParse(text) || text.includes('*')) return false;
    const { protocol, hostname, username, password, hash, href } = new URL(text);
    const safe = protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname));
    return safe && !username && !password && !hash && (href === text || href === `${text}/`);
  }, 'must be a whole https address (http for this computer alone), without user, fragment or anything to normalise'),
);

/** None counts as an empty one. */
export const list = <T extends v.GenericSchema>(item: T) => v.optional(v.array(item, 'must be a list'), []);

/** Another address for a provider's hosts: the international one (Lark), or a stand-in on this computer for tests. */
export const hosts = v.optional(v.record(v.string(), address), {});
