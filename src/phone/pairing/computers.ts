// The browsers that this phone remembers: read with the vault open, changed one after the other across tabs, each step on the disk
// before anything is said of it.
import { computed, signal } from '@preact/signals';
import { type Bytes, fromBase64, randomBytes, toBase64 } from '../../protocol/encoding.ts';
import { ScankeyError } from '../../protocol/errors.ts';
import {
  answering,
  boxOf,
  isProofOf,
  newPhonePairing,
  onRequest,
  onSignInRequest,
  type PairingKey,
  pairingIdOf,
  pairingKey,
  pskOf,
  rawKeyAfter,
  type Verdict,
} from '../../protocol/pairing.ts';
import { LIMITS } from '../../protocol/relay.ts';
import { openingOfPairing, type PhoneEnd, phoneEnd } from '../../protocol/seal.ts';
import * as storage from '../shell/storage.ts';
import { current, vault } from '../vault/vault.ts';
import { type Computer, openComputers, sealComputers } from './sealed-computers.ts';

/** A pairing that the other side has not confirmed by then is none. */
const CONFIRM_MS = 600_000;

const all = signal<readonly Computer[]>([]);
/** Those that both sides have agreed on. Empty while the vault is locked. */
export const computers = computed(() => all.value.filter(({ confirmed }) => confirmed));

const others = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('computers');
others?.addEventListener('message', () => void loadComputers());

/** Reads them again; none while the vault is locked. */
export async function loadComputers(): Promise<void> {
  const key = current()?.key;
  all.value = key ? await openComputers(await storage.readLinks(), key) : [];
}

/** Changes the records; whoever else wants to, in this tab or another, waits. @throws ScankeyError `cancelled` when locked */
function change<T>(
  work: (before: readonly Computer[]) => Promise<{ after: readonly Computer[]; result: T }>,
): Promise<T> {
  return navigator.locks.request('computers', async () => {
    const key = current()?.key;
    if (!key) throw new ScankeyError('cancelled');
    const before = await openComputers(await storage.readLinks(), key);
    const { after, result } = await work(before);
    const lasting = after.filter(({ confirmed, addedAt }) => confirmed || Date.now() - addedAt < CONFIRM_MS);
    // Boxes first: a phone that listens at one too many hears nothing there.
    await storage.writeBoxes(lasting.map(({ box, token }) => ({ box, token })));
    await storage.writeLinks(await sealComputers(lasting, key));
    all.value = lasting;
    others?.postMessage('changed');
    return result;
  });
}

// They go on under a new data key of the vault, and nobody changes them meanwhile.
vault.onRekey((from, to, write) =>
  navigator.locks.request('computers', async () => {
    const stored = await storage.readLinks();
    await write();
    if (stored) await storage.writeLinks(await sealComputers(await openComputers(stored, from.key), to.key));
  }),
);

const changeOne = (id: string, work: (computer: Computer) => Partial<Computer>): Promise<void> =>
  change(async (before) => ({
    after: before.map((one) => (one.id === id ? { ...one, ...work(one) } : one)),
    result: undefined,
  }));

/** This side has said yes. @param first the key that the pairing begins with. @returns the pairing's id */
export async function addComputer(first: Bytes, name: string, confirmed: boolean): Promise<string> {
  const id = toBase64(await pairingIdOf(first));
  const now = Date.now();
  const made: Computer = {
    id,
    name,
    box: toBase64(await boxOf(first)),
    token: toBase64(randomBytes(32)),
    addedAt: now,
    usedAt: now,
    confirmed,
    quietUntil: 0,
    state: newPhonePairing(toBase64(first)),
  };
  await change(async (before) => ({
    // One that has not been used for longest makes room: the companion lets a phone listen at so many.
    after: [made, ...[...before].sort((a, b) => b.usedAt - a.usedAt)].slice(0, LIMITS.boxes),
    result: undefined,
  }));
  return id;
}

export const confirmComputer = (id: string): Promise<void> => changeOne(id, () => ({ confirmed: true }));
export const renameComputer = (id: string, name: string): Promise<void> => changeOne(id, () => ({ name }));
/** No call of it is shown for a while: the person has declined one. */
export const silence = (id: string): Promise<void> =>
  changeOne(id, () => ({ quietUntil: Date.now() + LIMITS.quietMs }));

export const removeComputer = (id: string): Promise<void> =>
  change(async (before) => ({ after: before.filter((one) => one.id !== id), result: undefined }));

/** A call as the companion hands it on. `proof` base64url, `time` ms since 1970 by the browser's clock. */
export interface Call {
  box: string;
  sid: string;
  time: number;
  proof: string;
}

/** What has become of a call: its end of the conversation, or why there is none. */
export type Answer =
  | { act: 'main' | 'probe'; computer: Computer; end: PhoneEnd }
  | { act: 'repeated' | 'stale' | 'full' | 'suspended' };

/**
 * Takes a call up: whose it is shows by its proof. The answer is written down before it leaves.
 * @param publicKey the browser's, as the companion gave it
 * @throws ScankeyError `bad-message` when the key is none
 */
export const takeCall = (call: Call, publicKey: Bytes): Promise<Answer> =>
  change<Answer>(async (before) => {
    const computer = before.find(({ box }) => box === call.box);
    if (!computer) return { after: before, result: { act: 'stale' } };
    const pairingId = fromBase64(computer.id);
    const sid = fromBase64(call.sid);
    const claim = { pairingId, sid, time: call.time, publicKey };
    const proof = fromBase64(call.proof);
    const keyOf = (raw: string): Promise<PairingKey> => pairingKey(fromBase64(raw));
    const { pairing, verdict } = await onSignInRequest(computer.state, call.sid, async (raw) =>
      isProofOf(proof, await keyOf(raw), claim),
    );
    const keep = (state: Computer['state']) =>
      before.map((one) =>
        one === computer ? { ...one, state, confirmed: one.confirmed || verdict.act === 'main' } : one,
      );
    if (!('key' in verdict)) return { after: keep(pairing), result: { act: verdict.act } };
    const key = await keyOf(verdict.key);
    const end = await phoneEnd(openingOfPairing(location.origin, pairingId, sid, await pskOf(key)), publicKey);
    const next = toBase64(await rawKeyAfter(key, end.shared.pairing));
    const answered = answering(pairing, call.sid, verdict as Extract<Verdict<string>, { key: string }>, next);
    return { after: keep(answered), result: { act: verdict.act, computer, end } };
  });

/** The browser has opened the answer and asks. `alarm`: there are two live copies of it, and the pairing is suspended. */
export const takeRequest = (id: string, sid: string): Promise<'go-on' | 'repeated' | 'unknown' | 'alarm'> =>
  change(async (before) => {
    const computer = before.find((one) => one.id === id);
    if (!computer) return { after: before, result: 'unknown' };
    const { pairing, act } = onRequest(computer.state, sid);
    const usedAt = act === 'go-on' ? Date.now() : computer.usedAt;
    return { after: before.map((one) => (one === computer ? { ...one, state: pairing, usedAt } : one)), result: act };
  });
