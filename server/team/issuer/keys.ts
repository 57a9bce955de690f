// The issuer's keys: what it signs tokens and cookies with, and what makes one person somebody else at every site.
import { generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { newToken } from '../../store/hashes.ts';
import { FOR_EVER, type Store } from '../../store/store.ts';

const KEY_AGE_MS = 90 * 86_400_000;

const Keys = v.object({
  /** Newest first; an older one stays as long as tokens that it signed may be looked at. */
  signing: v.array(v.object({ jwk: v.record(v.string(), v.unknown()), madeAt: v.number() })),
  cookies: v.string(),
  /** Makes the subjects of one site say nothing to another. */
  salt: v.string(),
});
export type Keys = v.InferOutput<typeof Keys>;

const newSigningKey = (now: number) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' }) as JsonWebKey & Record<string, unknown>;
  return { jwk: { ...jwk, use: 'sig', alg: 'RS256', kid: randomBytes(8).toString('base64url') }, madeAt: now };
};

/** The keys out of the store; a signing key that has served its time gets a successor, and is kept beside it. */
export async function loadKeys(store: Store, now: number = Date.now()): Promise<Keys> {
  const stored = await store.get('oidc:keys');
  const keys: Keys = stored
    ? v.parse(Keys, JSON.parse(stored.value))
    : { signing: [], cookies: newToken(), salt: newToken() };
  const [newest] = keys.signing;
  if (newest && newest.madeAt > now - KEY_AGE_MS) return keys;
  keys.signing = [newSigningKey(now), ...keys.signing].slice(0, 2);
  if (await store.put('oidc:keys', JSON.stringify(keys), FOR_EVER, stored?.rev ?? 0)) return keys;
  // Another process of the same companion was faster.
  return loadKeys(store, now);
}
