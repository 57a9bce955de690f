// A remembered browser: the key that it shares with a phone steps on with every sign-in, so that a copy of the browser's
// profile is noticed as soon as both have been used. Key schedule and the two sides as pure functions; no I/O.
//
// What does not work: a counter or a hash chain with a window. A relay that delays and replays calls makes an old call look
// like a clone (false alarms in half of all hostile runs of a model). Here only somebody who *opens a hello* under an old key
// raises an alarm, and a relay cannot open any.
import { type Bytes, concat, equal, sha256, uint, utf8 } from './encoding.ts';

/** An HMAC-SHA-256 key of 32 bytes that script cannot read. HKDF's two halves (RFC 5869) are HMACs under it. */
export type PairingKey = CryptoKey;

/** Old keys that are watched, calls that may be answered under one key, and answers that only a copy can open: so many of each. */
export const STORED_KEYS = 32;

export const pairingKey = (raw: Bytes): Promise<PairingKey> =>
  crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);

const hmac = async (key: PairingKey, ...parts: readonly Uint8Array[]): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign('HMAC', key, concat(...parts)));
/** HKDF-Expand to one block (RFC 5869 section 2.3). */
const expand = (key: PairingKey, info: string): Promise<Bytes> => hmac(key, utf8(info), uint(1, 1));

/** What both sides call the pairing by, 16 bytes. @param first LK_0, from the exporter of the sign-in that both said yes in */
export const pairingIdOf = async (first: Bytes): Promise<Bytes> =>
  (await sha256(utf8('scankey/1 link id'), first)).slice(0, 16);

/** Where calls are left at the companion, 16 bytes that do not tell the pairing. */
export const boxOf = async (first: Bytes): Promise<Bytes> =>
  (await expand(await pairingKey(first), 'scankey/1 link box')).slice(0, 16);

/** The pre-shared key of a sign-in under this pairing key, 32 bytes; its `psk_id` is pairing id ‖ sid. */
export const pskOf = (key: PairingKey): Promise<Bytes> => expand(key, 'scankey/1 link psk');

/** The key after this one, 32 bytes: HKDF-Extract(salt = key, ikm = the session's own export), a fresh KEM secret each time. */
export const rawKeyAfter = (key: PairingKey, step: Bytes): Promise<Bytes> => hmac(key, step);
export const keyAfter = async (key: PairingKey, step: Bytes): Promise<PairingKey> =>
  pairingKey(await rawKeyAfter(key, step));

/** A browser's call. `time` in ms since 1970; `publicKey` is that of this one sign-in. */
export interface SignInRequest {
  pairingId: Bytes;
  sid: Bytes;
  time: number;
  publicKey: Bytes;
}

/** What shows that a call comes from a holder of `key`. It authenticates the public key: no code is needed to pin it. */
export async function proofOf(key: PairingKey, { pairingId, sid, time, publicKey }: SignInRequest): Promise<Bytes> {
  const auth = await pairingKey(await expand(key, 'scankey/1 link auth'));
  return hmac(auth, utf8('scankey/1 call'), pairingId, sid, uint(time, 8), publicKey);
}

/** Whether `proof` was made with `key`. */
export const isProofOf = async (proof: Uint8Array, key: PairingKey, request: SignInRequest): Promise<boolean> =>
  equal(await proofOf(key, request), proof);

// The browser's side. One call is out at a time; the next one takes the place of the last, whose seed is gone.

export interface BrowserPairing<K> {
  key: K;
  /** The call that is out. */
  sid?: string | undefined;
  /** When the last call was made; the next one is later by this, whatever the clock says. */
  time?: number | undefined;
}

/** A call goes out. @param now ms since 1970 @returns the pairing, and with it the call's own `time` */
export const requestSent = <K>(
  pairing: BrowserPairing<K>,
  sid: string,
  now: number,
): BrowserPairing<K> & { time: number } => ({ ...pairing, sid, time: Math.max(now, (pairing.time ?? 0) + 1) });

/**
 * The hello that answers the call was opened: from now on there is only the next key. Written durably, old key gone in the same
 * transaction, before the request leaves.
 * @returns undefined when it answers no call that is out
 */
export const helloOpened = <K>(pairing: BrowserPairing<K>, sid: string, next: K): BrowserPairing<K> | undefined =>
  pairing.sid === sid ? { key: next, time: pairing.time } : undefined;

// The phone's side.

/** A call that was answered. `next` is what the browser's key becomes if it opens the hello. */
interface Answered<K> {
  sid: string;
  /** `main`: the browser may stand at `next`. `probe`: no honest browser can have opened it. */
  kind: 'main' | 'probe';
  /** Of the call, by the browser's clock. */
  time: number;
  from: K;
  next: K;
}

export interface PhonePairing<K> {
  current: K;
  /** Answered, and not yet asked anything, oldest first. */
  answered: readonly Answered<K>[];
  /** Keys that no honest browser has any more, newest first. */
  tripwires: readonly K[];
  /** Sign-ins that were asked for, so that a repeated request is one. */
  asked: readonly string[];
  seen: readonly string[];
  suspended: boolean;
}

export const newPhonePairing = <K>(key: K): PhonePairing<K> => ({
  current: key,
  answered: [],
  tripwires: [],
  asked: [],
  seen: [],
  suspended: false,
});

/**
 * What to do with a call: `main` asks the person, `probe` answers under an old key and asks nobody anything, `stale` is a browser
 * that this phone does not know any more (a phone restored from an old backup): scan again, no alarm. `full`: too many calls that
 * were made before one that was answered, as only a companion can keep back; the browser's next call makes room.
 */
export type Verdict<K> = { act: 'main' | 'probe'; key: K } | { act: 'repeated' | 'stale' | 'full' | 'suspended' };

/**
 * Some of what was answered can only be a copy's from now on. The newest of that are watched; of older ones the key alone, as far
 * as there is room beside the keys that were once in force: whoever floods the phone with calls does not push those out.
 */
function retire<K>(pairing: PhonePairing<K>, isOver: (one: Answered<K>) => boolean): PhonePairing<K> {
  const answered = pairing.answered.map((one) => (isOver(one) ? { ...one, kind: 'probe' as const } : one));
  const probes = answered.filter(({ kind }) => kind === 'probe');
  const dropped = probes.slice(0, Math.max(0, probes.length - STORED_KEYS));
  return {
    ...pairing,
    answered: answered.filter((one) => !dropped.includes(one)),
    tripwires: [...pairing.tripwires, ...dropped.map(({ next }) => next)].slice(0, STORED_KEYS),
  };
}

/** Makes `one` the current key. Whatever else was answered can only be a copy's from now on. */
function commit<K>(pairing: PhonePairing<K>, one: Answered<K>): PhonePairing<K> {
  const stepped = {
    ...pairing,
    current: one.next,
    answered: pairing.answered.filter(({ sid }) => sid !== one.sid),
    tripwires: [pairing.current, ...pairing.tripwires].slice(0, STORED_KEYS),
    asked: [one.sid, ...pairing.asked].slice(0, STORED_KEYS),
  };
  return retire(stepped, () => true);
}

/**
 * A call came in.
 * @param time of the call, by the browser's clock; a browser's calls are made one after the other
 * @param proves whether the call was made with a key; asked of the current key, then of those that may be current, then of old ones
 */
export async function onSignInRequest<K>(
  pairing: PhonePairing<K>,
  { sid, time }: { sid: string; time: number },
  proves: (key: K) => boolean | Promise<boolean>,
): Promise<{ pairing: PhonePairing<K>; verdict: Verdict<K> }> {
  if (pairing.suspended) return { pairing, verdict: { act: 'suspended' } };
  if (pairing.seen.includes(sid)) return { pairing, verdict: { act: 'repeated' } };
  const noted = { ...pairing, seen: [sid, ...pairing.seen].slice(0, 8 * STORED_KEYS) };
  if (await proves(pairing.current)) {
    // Whoever still has this key and calls again has given up every call before, and cannot open its answer any more.
    const later = retire(noted, (one) => one.time < time);
    const isFull = later.answered.filter(({ kind }) => kind === 'main').length >= STORED_KEYS;
    return { pairing: later, verdict: isFull ? { act: 'full' } : { act: 'main', key: pairing.current } };
  }
  for (const one of pairing.answered) {
    if (one.kind !== 'main' || !(await proves(one.next))) continue;
    // It stepped on, and its request was lost.
    return { pairing: commit(noted, one), verdict: { act: 'main', key: one.next } };
  }
  // A probe's next key is known to nobody but a copy that opened it and whose request was lost.
  for (const key of [...pairing.tripwires, ...pairing.answered.map(({ next }) => next)])
    if (await proves(key)) return { pairing: noted, verdict: { act: 'probe', key } };
  return { pairing, verdict: { act: 'stale' } };
}

/** The hello for a call is about to leave: written down before it does. */
export const answering = <K>(
  pairing: PhonePairing<K>,
  { sid, time }: { sid: string; time: number },
  { act, key }: Extract<Verdict<K>, { key: K }>,
  next: K,
): PhonePairing<K> =>
  retire({ ...pairing, answered: [...pairing.answered, { sid, kind: act, time, from: key, next }] }, () => false);

/** A request came in a sign-in that was answered: somebody has opened the hello. `alarm`: there are two live copies. */
export function onRequest<K>(
  pairing: PhonePairing<K>,
  sid: string,
): { pairing: PhonePairing<K>; act: 'go-on' | 'repeated' | 'unknown' | 'alarm' } {
  if (pairing.suspended) return { pairing, act: 'alarm' };
  if (pairing.asked.includes(sid)) return { pairing, act: 'repeated' };
  const one = pairing.answered.find((other) => other.sid === sid);
  if (!one) return { pairing, act: 'unknown' };
  if (one.kind === 'probe') return { pairing: { ...pairing, suspended: true }, act: 'alarm' };
  return { pairing: commit(pairing, one), act: 'go-on' };
}
