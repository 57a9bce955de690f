// The issuer's keys: what it signs tokens and cookies with, and what seals its records, in a file apart from the database that holds
// those. It signs with one key after the other; each is published before it does, and stays as long as what it signed.
import { createPrivateKey, generateKeyPair, type JsonWebKey, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { newToken } from '../../store/hashes.ts';
import { SIGNATURES } from '../team-file.ts';

type Signature = (typeof SIGNATURES)[number];

const DAY = 86_400_000;
/** A key signs for so long. */
const SIGNS_MS = 90 * DAY;
/** It is published so long before it first does: sites look at the key set about once a day. */
const AHEAD_MS = 2 * DAY;
/** It is checked against so long afterwards: ID tokens come back as hints while somebody's grant lasts. */
const KEPT_MS = 14 * DAY;
/** A key that could not be written is not made anew before: each takes the processor a while. */
const RETRY_MS = 600_000;

const SigningKey = v.object({ jwk: v.looseObject({ kid: v.string() }), madeAt: v.number() });
export type SigningKey = v.InferOutput<typeof SigningKey>;

export const Keys = v.object({
  /** For each signature a chain of its own, the newest first. */
  signing: v.pipe(v.array(SigningKey), v.minLength(1)),
  cookies: v.string(),
  records: v.string(),
});
export type Keys = v.InferOutput<typeof Keys>;

const newPair = promisify(generateKeyPair);

const PAIRS: Record<Signature, () => Promise<{ privateKey: KeyObject }>> = {
  RS256: () => newPair('rsa', { modulusLength: 2048 }),
  ES256: () => newPair('ec', { namedCurve: 'P-256' }),
  EdDSA: () => newPair('ed25519'),
};

/** @param now ms since 1970 */
async function newSigningKey(alg: Signature, now: number): Promise<SigningKey> {
  const { privateKey } = await PAIRS[alg]();
  const jwk = privateKey.export({ format: 'jwk' });
  return { jwk: { ...jwk, use: 'sig', alg, kid: randomBytes(8).toString('base64url') }, madeAt: now };
}

/** By its type and curve (RFC 7518 section 6, RFC 8037 section 2): an operator's key need not say what it signs with. */
const SIGNS: Record<string, Signature> = { RSA: 'RS256', 'EC P-256': 'ES256', 'OKP Ed25519': 'EdDSA' };
const chainOf = (signing: readonly SigningKey[], alg: Signature): SigningKey[] =>
  signing.filter(({ jwk }) => {
    const { kty, crv, alg: says = alg, use = 'sig' } = jwk;
    return SIGNS[[kty, crv].filter(Boolean).join(' ')] === alg && says === alg && use === 'sig';
  });

/** Whether the newest has to have a successor by now, to be published ahead. */
const isDue = ([newest]: readonly SigningKey[], now: number): boolean =>
  newest === undefined || newest.madeAt <= now - SIGNS_MS + AHEAD_MS;

/** What a site may still meet: all but those whose successor has signed for long enough. */
const live = (signing: readonly SigningKey[], now: number): SigningKey[] =>
  signing.filter((_key, at) => (signing[at - 1]?.madeAt ?? now) + AHEAD_MS + KEPT_MS > now);

/** The keys to publish of one chain, the one to sign with first: the newest that was published long enough ahead, or else the oldest. */
function keySetAt(signing: readonly SigningKey[], now: number): SigningKey[] {
  const current = signing.find(({ madeAt }) => madeAt <= now - AHEAD_MS) ?? signing.at(-1);
  const others = live(signing, now).filter((key) => key !== current);
  return [...signing.filter((key) => key === current), ...others];
}

/** The whole file or none of it, for this user alone. */
export function writeKeys(path: string, keys: Keys): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(keys)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** @throws Error in words for an operator, without anything of what stands in the file */
function readKeys(path: string): Keys {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    // What Node's file system throws says why by a code.
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${path}: the issuer's keys cannot be read (${code}).`);
  }
  try {
    const keys = v.parse(Keys, JSON.parse(text));
    for (const { jwk } of keys.signing) createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
    return keys;
  } catch {
    throw new Error(
      `${path}: these are not the issuer's keys, in the form that the companion writes itself (docs/operating.md).`,
    );
  }
}

interface KeyFileOptions {
  path: string;
  /** An operator has made it, and changes it: it is read anew each time, and never written. */
  given?: boolean;
  /** What is to be signed with. */
  signatures?: readonly Signature[];
  now?: () => number;
  make?: (alg: Signature, now: number) => Promise<SigningKey>;
  /** For the operator's log: what is wrong, while the issuer goes on. */
  say?: (sentence: string) => void;
}

const toStderr = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
};

export class KeyFile {
  readonly #options: Required<KeyFileOptions>;
  #keys: Keys;
  #renewing: Promise<void> | undefined;
  #retryAt = 0;
  #hasSaid = false;

  /** @throws Error in words for an operator, where the file is not there, or not of this form, or has no key for one of the signatures */
  static async open(options: KeyFileOptions): Promise<KeyFile> {
    const {
      path,
      given = false,
      signatures = ['RS256'],
      now = Date.now,
      make = newSigningKey,
      say = toStderr,
    } = options;
    if (!given && !existsSync(path))
      writeKeys(path, {
        signing: await Promise.all(signatures.map((alg) => make(alg, now()))),
        cookies: newToken(),
        records: newToken(),
      });
    const file = new KeyFile({ path, given, signatures, now, make, say });
    const lacking = given && signatures.find((alg) => chainOf(file.#keys.signing, alg).length === 0);
    if (lacking) throw new Error(`${path}: there is no key for ${lacking}, which a client is to be signed for with.`);
    return file;
  }

  private constructor(options: Required<KeyFileOptions>) {
    this.#options = options;
    this.#keys = readKeys(options.path);
  }

  /** For cookies and records: the same as long as it is open. */
  get secrets(): Pick<Keys, 'cookies' | 'records'> {
    const { cookies, records } = this.#keys;
    return { cookies, records };
  }

  /**
   * The keys to publish now, of each signature the one to sign with first. Whoever asks when another one is due waits for it. Where
   * none can be had, the ones of before go on.
   */
  async signing(): Promise<SigningKey[]> {
    const { given, now } = this.#options;
    if (given) {
      await this.#change(() => ({ ...readKeys(this.#options.path), ...this.secrets }));
    } else if (this.#due().length > 0 && (this.#renewing || now() >= this.#retryAt)) {
      this.#renewing ??= this.#renew().finally(() => {
        this.#renewing = undefined;
      });
      await this.#renewing;
    }
    return SIGNATURES.flatMap((alg) => keySetAt(chainOf(this.#keys.signing, alg), now()));
  }

  /** What has no key, or none that would last. */
  #due(): Signature[] {
    const { signatures, now } = this.#options;
    return signatures.filter((alg) => isDue(chainOf(this.#keys.signing, alg), now()));
  }

  async #change(next: () => Keys | Promise<Keys>): Promise<void> {
    try {
      this.#keys = await next();
      this.#hasSaid = false;
    } catch (error) {
      const { message } = error as Error;
      // Once, however long it lasts.
      if (!this.#hasSaid) this.#options.say(`${message} The keys of before go on.`);
      this.#hasSaid = true;
    }
  }

  async #renew(): Promise<void> {
    const { path, now, make } = this.#options;
    this.#retryAt = now() + RETRY_MS;
    await this.#change(async () => {
      const made = await Promise.all(this.#due().map((alg) => make(alg, now())));
      const others = SIGNATURES.flatMap((alg) => live(chainOf(this.#keys.signing, alg), now()));
      const keys = { ...this.#keys, signing: [...made, ...others] };
      writeKeys(path, keys);
      return keys;
    });
  }
}
