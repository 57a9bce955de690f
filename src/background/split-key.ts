// Sites that a provider's word alone signs in to, on this remembered computer: the password lies here sealed under a key of which
// half is here and half is at the companion. A visit to the provider's page brings the other half, for one sign-in (R36).
import * as v from 'valibot';
import browser from 'webextension-polyfill';
import { siteOf } from '../extension/permissions.ts';
import { ask } from '../protocol/ask.ts';
import { pause } from '../protocol/clock.ts';
import { type Bytes, concat, fromBase64, fromUtf8, randomBytes, toBase64, utf8 } from '../protocol/encoding.ts';
import { ScankeyError } from '../protocol/errors.ts';
import { ProviderId, VISITED } from '../protocol/providers.ts';
import * as automatic from './automatic.ts';
import * as storage from './storage.ts';
import type { Surroundings } from './surroundings.ts';

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
const Secret = v.object({
  username: v.string(),
  password: v.string(),
  extra: v.string(),
  /** The other origin that the phone was shown, and let it be posted to. */
  sendsTo: v.optional(v.string()),
});
export type Secret = v.InferOutput<typeof Secret>;

/** By the name that they have always been stored by. */
const { read, write } = storage.storedList('halves', StoredSecret);
export const readSplitKeys = read;

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
export async function drop({ visits }: Surroundings, origin: string, provider: string): Promise<void> {
  const all = await readSplitKeys();
  const gone = all.filter((one) => one.origin === origin && one.provider === provider);
  await write(all.filter((one) => !gone.includes(one)));
  await giveLeaveBack(visits);
  for (const { relay, id, auth } of gone) await askAbout(relay, { t: 'drop', id, auth }, v.object({})).catch(() => {});
}

const LOOK_MS = 1_000;
const LEAVE_MS = 60_000;
const VISIT_MS = 180_000;

/** Leave to read the address of the companion's own page, where a visit ends. The popup asks for it, in the person's click. */
const leaveFor = (companion: string) => ({ origins: [siteOf(companion)] });

/** Leave is about to be asked for. What is given to this alone goes back. */
export async function noteLeave(): Promise<void> {
  const { phoneOrigin } = await storage.readCompanion();
  if (phoneOrigin !== null) await storage.writeVisitLeave(phoneOrigin);
}

/** Takes the leave back if it was lent, unless something is stored, for which a visit may be wanted again, or a visit or a phone may lead to that. */
export async function giveLeaveBack(visits: Surroundings['visits']): Promise<void> {
  const lent = await storage.readVisitLeave();
  if (lent === undefined || (await readSplitKeys()).length > 0 || (await automatic.covers(lent))) return;
  if ((await storage.readSignIns()).some(({ splitKey }) => splitKey)) return;
  // Looked at last: one may have begun meanwhile.
  if (visits.size > 0) return;
  // A note ends with the permission: the browser's question may still be open.
  if (!(await browser.permissions.contains(leaveFor(lent)))) return;
  if (await browser.permissions.remove(leaveFor(lent)).catch(() => false)) await storage.dropVisitLeave();
}

/** What a tab shows at the end of a visit, and no other tab: whoever was lured through somebody else's has it there, not here. */
function receiptIn(address: string | undefined, companion: string): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const { origin, pathname, hash } = new URL(address);
  return origin === companion && pathname === VISITED && hash.length > 1 ? hash.slice(1) : undefined;
}

/**
 * A visit to the provider's page in a tab of its own.
 * @param then what it is for: `secret` and `receipt` show the companion that it was begun here and ended in that tab
 * @throws ScankeyError `provider-cancelled` when the person closes the tab, or gives no leave to see where it ends
 */
async function visit<T>(
  { clock, visits }: Surroundings,
  relay: string,
  provider: string,
  then: (visit: { secret: string; receipt: string }) => Promise<T>,
): Promise<T> {
  const { phoneOrigin } = await storage.readCompanion();
  if (phoneOrigin === null) throw new ScankeyError('unreachable');
  let tabId: number | undefined;
  const mine = Symbol();
  visits.add(mine);
  try {
    for (const end = clock.now() + LEAVE_MS; !(await browser.permissions.contains(leaveFor(phoneOrigin))); ) {
      if (clock.now() >= end) throw new ScankeyError('provider-cancelled');
      await pause(clock, LOOK_MS);
    }
    const secret = toBase64(randomBytes(32));
    const Way = v.object({ to: v.pipe(v.string(), v.url()) });
    const { to } = await askAbout(relay, { t: 'begin', provider, secret }, Way);
    // The way leads by the companion itself and nowhere else.
    if (new URL(to).origin !== phoneOrigin) throw new ScankeyError('bad-message');
    tabId = (await browser.tabs.create({ url: to })).id;
    for (const end = clock.now() + VISIT_MS; clock.now() < end; ) {
      await pause(clock, LOOK_MS);
      // Also what keeps a worker alive while the person is there.
      const tab = tabId === undefined ? undefined : await browser.tabs.get(tabId).catch(() => undefined);
      if (!tab) throw new ScankeyError('provider-cancelled');
      const receipt = receiptIn(tab.url, phoneOrigin);
      if (receipt !== undefined) return await then({ secret, receipt });
    }
    throw new ScankeyError('expired');
  } finally {
    visits.delete(mine);
    if (tabId !== undefined) await browser.tabs.remove(tabId).catch(() => {});
  }
}

/** A half of a new key, for whoever the provider says this is; the caller gives the leave back. @throws ScankeyError */
export async function make(surroundings: Surroundings, provider: ProviderId): Promise<Made> {
  const { relay } = await storage.readCompanion();
  const New = v.object({ id: v.string(), half: Half, auth: v.string() });
  return {
    provider,
    ...(await visit(surroundings, relay, provider, (visited) => askAbout(relay, { t: 'make', ...visited }, New))),
  };
}

/** The password that is stored for a site, once the provider says that it is the same person; the caller gives the leave back. @throws ScankeyError */
export async function open(surroundings: Surroundings, stored: StoredSecret): Promise<Secret> {
  const { relay, provider, id, auth } = stored;
  const { half } = await visit(surroundings, relay, provider, (visited) =>
    askAbout(relay, { t: 'open', ...visited, id, auth }, v.object({ half: Half })),
  );
  return unseal(stored, half);
}
