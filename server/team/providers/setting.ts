// Kinds of values that stand in a team's file, each with what is said of a wrong one.
import { createPublicKey, type JsonWebKey } from 'node:crypto';
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

/** A whole address, in the one spelling that it is compared by (RFC 9700 section 4.1.3). */
function isWhole(text: string): boolean {
  if (!URL.canParse(text) || text.includes('*')) return false;
  const { protocol, username, password, hash, href } = new URL(text);
  return /^https?:$/.test(protocol) && !username && !password && !hash && (href === text || href === `${text}/`);
}

/** Whether nobody on the way can read what is sent to `address`: https, or this computer itself. */
export function isPrivate(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

export const address = v.pipe(
  v.string('must be an address'),
  v.check(
    (text) => isWhole(text) && isPrivate(text),
    'must be a whole https address (http for this computer alone), without user, fragment or anything to normalise',
  ),
);

/** An address of a site, which may have http alone. */
export const siteAddress = v.pipe(
  v.string('must be an address'),
  v.check(
    isWhole,
    'must be a whole https address (http with http: true), without user, fragment or anything to normalise',
  ),
);

/** The path of a JSON Web Key Set (RFC 7517 section 5) of public keys. */
export const publicKeys = v.pipe(
  v.string('must be the path of a file'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      const { keys } = JSON.parse(readFileSync(dataset.value, 'utf8')) as { keys: JsonWebKey[] };
      // What can sign as the site has no business here.
      const isPublic = keys.every((key) => key.d === undefined && createPublicKey({ key, format: 'jwk' }));
      if (isPublic && keys.length > 0) return keys;
    } catch {}
    addIssue({ message: 'names no file that holds a JSON Web Key Set of public keys alone' });
    return NEVER;
  }),
);

/** None counts as an empty one. */
export const list = <T extends v.GenericSchema>(item: T) => v.optional(v.array(item, 'must be a list'), []);

/** Another address for a provider's hosts: the international one (Lark), or a stand-in on this computer for tests. */
export const hosts = v.optional(v.record(v.string(), address), {});
