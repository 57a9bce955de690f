// The browsers that this phone remembers, as they are stored: sealed under the vault's key, in no backup and no merge. Two phones that
// share a vault have pairings of their own, so that neither takes the other's steps for a copy's.
import * as v from 'valibot';
import { type Bytes, concat, fromUtf8, randomBytes, utf8 } from '../../protocol/encoding.ts';
import { ScankeyError } from '../../protocol/errors.ts';
import type { PhonePairing } from '../../protocol/pairing.ts';

const Key = v.string();
const State: v.GenericSchema<unknown, PhonePairing<string>> = v.object({
  current: Key,
  answered: v.array(
    v.object({
      sid: v.string(),
      kind: v.picklist(['main', 'probe']),
      // Stored before calls were kept apart by their time: before any other.
      time: v.optional(v.number(), 0),
      from: Key,
      next: Key,
    }),
  ),
  tripwires: v.array(Key),
  asked: v.array(v.string()),
  seen: v.array(v.string()),
  suspended: v.boolean(),
});

/** A remembered browser. Keys are 32 bytes in base64url. */
export const Computer = v.object({
  /** Pairing id, base64url. */
  id: v.string(),
  /** What the person calls it. */
  name: v.string(),
  box: v.string(),
  token: v.string(),
  addedAt: v.number(),
  usedAt: v.number(),
  /** The browser has said yes, too. */
  confirmed: v.boolean(),
  /** No request of it is shown until then, ms since 1970. */
  quietUntil: v.number(),
  state: State,
});
export type Computer = v.InferOutput<typeof Computer>;

const aad = { name: 'AES-GCM', additionalData: utf8('scankey/1 links') };

export async function sealComputers(computers: readonly Computer[], key: CryptoKey): Promise<Bytes> {
  const iv = randomBytes(12);
  const sealed = await crypto.subtle.encrypt({ ...aad, iv }, key, utf8(JSON.stringify(computers)));
  return concat(iv, new Uint8Array(sealed));
}

/**
 * Empty where nothing opens: records of a vault that is gone, or damaged.
 * @throws ScankeyError `vault-newer` for what opens and is nothing that this version writes
 */
export async function openComputers(sealed: Bytes | undefined, key: CryptoKey): Promise<Computer[]> {
  if (!sealed) return [];
  let opened: ArrayBuffer;
  try {
    opened = await crypto.subtle.decrypt({ ...aad, iv: sealed.slice(0, 12) }, key, sealed.slice(12));
  } catch {
    return [];
  }
  try {
    return v.parse(v.array(Computer), JSON.parse(fromUtf8(new Uint8Array(opened))));
  } catch (cause) {
    throw new ScankeyError('vault-newer', { cause });
  }
}
