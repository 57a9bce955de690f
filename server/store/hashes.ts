// Secrets as the store holds them: by their SHA-256 alone, so that whoever reads the database can show nothing with it.
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 32 random bytes, base64url: a secret that nobody can guess. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** SHA-256 of `text` as UTF-8, base64url. */
export const hashOf = (text: string): string => hash('sha256', text, 'base64url');

/** Whether two hashes are equal, in time that depends on their lengths alone; none (`''`) equals no hash. */
export const sameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
