// Sites that a provider's word alone signs in to, on this remembered computer: the password lies here sealed under a key of which
// half is here and half is at the companion. A visit to the provider's page brings the other half, for one sign-in (R36).
import * as v from 'valibot';
import browser from 'webextension-polyfill';
import { ask } from '../protocol/ask.ts';
import { type Clock, pause } from '../protocol/clock.ts';
import { type Bytes, concat, fromBase64, fromUtf8, randomBytes, toBase64, utf8 } from '../protocol/encoding.ts';
import { ScankeyError } from '../protocol/errors.ts';
import { ProviderId } from '../protocol/providers.ts';
import * as storage from './storage.ts';

const StoredSecret = v.object({
  origin: v.string(),
  provider: ProviderId,
  username: v.string(),
  /** Relay address of the companion that has the other half, our name for it and our proof. */
  relay: v.string(),
  id: v.string(),
  auth: v.string(),
  /** Our half, 32 bytes; everything here is base64url. */
  half: v.string(),
  iv: v.string(),
  sealed: v.string(),
});
export type StoredSecret = v.InferOutput<typeof StoredSecret>;
/** 32 bytes in base64url. */
const Half = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/));
const Secret = v.object({ username: v.string(), password: v.string(), extra: v.string() });
export type Secret = v.InferOutput<typeof Secret>;

/** The name that it has always been stored by. */
const KEY = 'halves';

export async function readSplitKeys(): Promise<StoredSecret[]> {
  const parsed = v.safeParse(v.array(StoredSecret), (await browser.storage.local.get(KEY))[KEY]);
  return parsed.success ? parsed.output : [];
}
const write = (all: StoredSecret[]): Promise<void> => browser.storage.local.set({ [KEY]: all });

/** Asks the companion about split keys; without a JSON content type, so that the browser asks for no leave first. @throws ScankeyError */
const askAbout = <T>(relay: string, body: object, schema: v.GenericSchema<unknown, T>): Promise<T> =>
  ask(schema, new URL('/v1/half', relay), body, { headers: {}, credentials: 'omit', redirect: 'error' });

/** Neither half tells anything of the key (HKDF-SHA256, RFC 5869, over both). */
async function keyOf(ours: Bytes, theirs: Bytes, origin: string): Promise<CryptoKey> {
  const ikm = await crypto.subtle.importKey('raw', concat(ours, theirs), 'HKDF', false, ['deriveKey']);
  const info = utf8(`scankey/1 split ${origin}`);
  const derived = { name: 'AES-GCM', length: 256 } as const;
  return crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }, ikm, derived, false, [
    'encrypt',
    'decrypt',
  ]);
}

/** The companion's half, while a phone is asked whether the password may be stored. */
type Made = NonNullable<storage.SignInRecord['splitKey']>;

/** Seals what the phone has released to be stored; the companion's half is forgotten here. */
export async function store(origin: string, made: Made, secret: Secret): Promise<void> {
  const [ours, iv] = [randomBytes(32), randomBytes(12)];
  const key = await keyOf(ours, fromBase64(made.half), origin);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, utf8(JSON.stringify(secret)));
  const { relay } = await storage.readCompanion();
  const stored: StoredSecret = {
    origin,
    provider: made.provider,
    username: secret.username,
    relay,
    id: made.id,
    auth: made.auth,
    half: toBase64(ours),
    iv: toBase64(iv),
    sealed: toBase64(new Uint8Array(sealed)),
  };
  await write([
    ...(await readSplitKeys()).filter((one) => one.origin !== origin || one.provider !== made.provider),
    stored,
  ]);
}

/** Opens what is stored with the companion's half. @throws ScankeyError `not-opened` */
export async function unseal(stored: StoredSecret, theirs: string): Promise<Secret> {
  try {
    const key = await keyOf(fromBase64(stored.half), fromBase64(theirs), stored.origin);
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: fromBase64(stored.iv) },
      key,
      fromBase64(stored.sealed),
    );
    return v.parse(Secret, JSON.parse(fromUtf8(new Uint8Array(opened))));
  } catch (cause) {
    throw new ScankeyError('not-opened', { cause });
  }
}

/** Forgets what is stored for a site, here and at the companion. */
export async function drop(origin: string, provider: string): Promise<void> {
  const all = await readSplitKeys();
  const gone = all.filter((one) => one.origin === origin && one.provider === provider);
  await write(all.filter((one) => !gone.includes(one)));
  for (const { relay, id, auth } of gone) await askAbout(relay, { t: 'drop', id, auth }, v.object({})).catch(() => {});
}

const LOOK_MS = 1_000;
const VISIT_MS = 180_000;

/** A visit to the provider's page in a tab of its own; over once the companion has heard, or the tab is closed. */
async function visit<T>(
  clock: Clock,
  relay: string,
  provider: string,
  then: (secret: string) => Promise<T>,
): Promise<T> {
  const secret = toBase64(randomBytes(32));
  const { to } = await askAbout(relay, { t: 'begin', provider, secret }, v.object({ to: v.pipe(v.string(), v.url()) }));
  const { phoneOrigin } = await storage.readCompanion();
  // The way leads by the companion itself and nowhere else.
  if (new URL(to).origin !== phoneOrigin) throw new ScankeyError('bad-message');
  const tab = await browser.tabs.create({ url: to });
  try {
    for (const end = clock.now() + VISIT_MS; clock.now() < end; ) {
      await pause(clock, LOOK_MS);
      // Also what keeps a worker alive while the person is there.
      const there = tab.id !== undefined && (await browser.tabs.get(tab.id).catch(() => undefined));
      try {
        return await then(secret);
      } catch (error) {
        if (!(error instanceof ScankeyError) || error.code !== 'provider-state') throw error;
        if (!there) throw new ScankeyError('provider-cancelled');
      }
    }
    throw new ScankeyError('expired');
  } finally {
    if (tab.id !== undefined) await browser.tabs.remove(tab.id).catch(() => {});
  }
}

/** A half of a new key, for whoever the provider says this is. @throws ScankeyError */
export async function make(clock: Clock, provider: ProviderId): Promise<Made> {
  const { relay } = await storage.readCompanion();
  const New = v.object({ id: v.string(), half: Half, auth: v.string() });
  return {
    provider,
    ...(await visit(clock, relay, provider, (secret) => askAbout(relay, { t: 'make', secret }, New))),
  };
}

/** The password that is stored for a site, once the provider says that it is the same person. @throws ScankeyError */
export async function open(clock: Clock, stored: StoredSecret): Promise<Secret> {
  const { relay, provider, id, auth } = stored;
  const { half } = await visit(clock, relay, provider, (secret) =>
    askAbout(relay, { t: 'open', secret, id, auth }, v.object({ half: Half })),
  );
  return unseal(stored, half);
}
