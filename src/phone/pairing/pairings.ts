// The browsers that this phone remembers: read with the vault open, changed one after the other across tabs, each step on the disk
// before anything is said of it. Nothing of them stays in memory once the vault is locked.
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { type Bytes, fromBase64, randomBytes, toBase64 } from '../../protocol/encoding.ts';
import { codeOf, ScankeyError } from '../../protocol/errors.ts';
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
import type { Records } from '../shell/database.ts';
import type { OpenVault } from '../vault/open.ts';
import { type Computer, openComputers, sealComputers } from './sealed-pairings.ts';
import type { Box } from './stored.ts';

/** A pairing that the other side has not confirmed by then is none. */
const CONFIRM_MS = 600_000;

/** A sign-in request as the companion hands it on. `proof` base64url, `time` ms since 1970 by the browser's clock. */
export interface WaitingRequest {
  box: string;
  sid: string;
  time: number;
  proof: string;
}

/** What has become of a sign-in request: its end of the conversation, or why there is none. */
export type Answer =
  | { act: 'main' | 'probe'; computer: Computer; end: PhoneEnd }
  | { act: 'repeated' | 'stale' | 'full' | 'suspended' };

export interface PairingStore {
  /** The records, sealed under the vault's key. */
  readPairings(): Promise<Bytes | undefined>;
  /** On the disk before it resolves. */
  writePairings(sealed: Bytes): Promise<void>;
  recordOfPairings(sealed: Bytes): Records;
  /** Where to listen, also while the vault is locked. */
  writeBoxes(boxes: readonly Box[]): Promise<void>;
}

/** What the records need of their surroundings. */
export interface Surroundings {
  vault: Pick<OpenVault, 'current' | 'isUnlocked' | 'onRekey'>;
  store: PairingStore;
  /** Has `work` done when nobody else's runs, in this tab or another. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Tells the other tabs. */
  announce(): void;
  /** ms since 1970. */
  now(): number;
  /** The companion's origin, which every sealed word is bound to. */
  companion: string;
}

export interface Pairings {
  /** Those that both sides have agreed on. Empty while the vault is locked. */
  readonly computers: ReadonlySignal<readonly Computer[]>;
  /** A later version wrote them: none is shown, and nothing is written in their place. */
  readonly isNewer: ReadonlySignal<boolean>;
  /** Reads them again; none while the vault is locked. */
  load(): Promise<void>;
  /** This side has said yes. @param first the key that the pairing begins with. @returns the pairing's id */
  add(first: Bytes, name: string, confirmed: boolean): Promise<string>;
  confirm(id: string): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  /** No request of it is shown for a while: the person has declined one. */
  silence(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /**
   * Takes a sign-in request up: whose it is shows by its proof. The answer is written down before it leaves.
   * @param publicKey the browser's, as the companion gave it
   * @throws ScankeyError `bad-message` when the key is none, `cancelled` when the vault is locked
   */
  answer(request: WaitingRequest, publicKey: Bytes): Promise<Answer>;
  /** The browser has opened the answer and asks. `alarm`: there are two live copies of it, and the pairing is suspended. */
  takeRequest(id: string, sid: string): Promise<'go-on' | 'repeated' | 'unknown' | 'alarm'>;
}

export function pairingsOf({ vault, store, inTurn, announce, now, companion }: Surroundings): Pairings {
  const held = signal<readonly Computer[] | 'newer'>([]);
  const keyInForce = () => vault.current.value?.key;
  /** Shows them, unless the vault was locked or got another key meanwhile. */
  const show = (found: readonly Computer[] | 'newer', key: CryptoKey | undefined) => {
    if (key === keyInForce()) held.value = found;
  };
  effect(() => {
    if (!vault.isUnlocked.value) held.value = [];
  });
  /** Those on the disk. @throws ScankeyError `vault-newer`, which shows from then on */
  const read = async (key: CryptoKey): Promise<readonly Computer[]> => {
    try {
      return await openComputers(await store.readPairings(), key);
    } catch (error) {
      if (codeOf(error, 'bad-message') === 'vault-newer') show('newer', key);
      throw error;
    }
  };

  // They go on under a new data key of the vault, and nobody changes them meanwhile.
  vault.onRekey((from, to, write) =>
    inTurn(async () => {
      const stored = await store.readPairings();
      if (!stored) return write({});
      await write(store.recordOfPairings(await sealComputers(await openComputers(stored, from.key), to.key)));
    }),
  );

  /** Changes the records. @throws ScankeyError `cancelled` when locked, `vault-newer` */
  const change = <T>(
    work: (before: readonly Computer[]) => Promise<{ after: readonly Computer[]; result: T }>,
  ): Promise<T> =>
    inTurn(async () => {
      const key = keyInForce();
      if (!key) throw new ScankeyError('cancelled');
      const before = await read(key);
      const { after, result } = await work(before);
      const lasting = after.filter(({ confirmed, addedAt }) => confirmed || now() - addedAt < CONFIRM_MS);
      // Boxes first: a phone that listens at one too many hears nothing there.
      await store.writeBoxes(lasting.map(({ box, token }) => ({ box, token })));
      await store.writePairings(await sealComputers(lasting, key));
      show(lasting, key);
      announce();
      return result;
    });

  const changeOne = (id: string, to: (computer: Computer) => Partial<Computer>): Promise<void> =>
    change(async (before) => ({
      after: before.map((one) => (one.id === id ? { ...one, ...to(one) } : one)),
      result: undefined,
    }));

  return {
    isNewer: computed(() => held.value === 'newer'),
    computers: computed(() => (held.value === 'newer' ? [] : held.value.filter(({ confirmed }) => confirmed))),
    confirm: (id) => changeOne(id, () => ({ confirmed: true })),
    rename: (id, name) => changeOne(id, () => ({ name })),
    silence: (id) => changeOne(id, () => ({ quietUntil: now() + LIMITS.quietMs })),
    remove: (id) => change(async (before) => ({ after: before.filter((one) => one.id !== id), result: undefined })),

    async load() {
      const key = keyInForce();
      try {
        show(key ? await read(key) : [], key);
      } catch (error) {
        if (codeOf(error, 'bad-message') !== 'vault-newer') throw error;
      }
    },

    async add(first, name, confirmed) {
      const id = toBase64(await pairingIdOf(first));
      const made: Computer = {
        id,
        name,
        box: toBase64(await boxOf(first)),
        token: toBase64(randomBytes(32)),
        addedAt: now(),
        usedAt: now(),
        confirmed,
        quietUntil: 0,
        state: newPhonePairing(toBase64(first)),
      };
      await change(async (before) => ({
        // One that has not been used for longest makes room: the companion lets a phone listen at so many.
        after: [made, ...before.toSorted((a, b) => b.usedAt - a.usedAt)].slice(0, LIMITS.boxes),
        result: undefined,
      }));
      return id;
    },

    answer: (request, publicKey) =>
      change<Answer>(async (before) => {
        const computer = before.find(({ box }) => box === request.box);
        if (!computer) return { after: before, result: { act: 'stale' } };
        const pairingId = fromBase64(computer.id);
        const sid = fromBase64(request.sid);
        const claim = { pairingId, sid, time: request.time, publicKey };
        const proof = fromBase64(request.proof);
        const keyOf = (raw: string): Promise<PairingKey> => pairingKey(fromBase64(raw));
        const { pairing, verdict } = await onSignInRequest(computer.state, request, async (raw) =>
          isProofOf(proof, await keyOf(raw), claim),
        );
        const steppedTo = (state: Computer['state']) =>
          before.map((one) =>
            one === computer ? { ...one, state, confirmed: one.confirmed || verdict.act === 'main' } : one,
          );
        if (!('key' in verdict)) return { after: steppedTo(pairing), result: { act: verdict.act } };
        const key = await keyOf(verdict.key);
        const end = await phoneEnd(openingOfPairing(companion, pairingId, sid, await pskOf(key)), publicKey);
        const next = toBase64(await rawKeyAfter(key, end.shared.pairing));
        const answered = answering(pairing, request, verdict as Extract<Verdict<string>, { key: string }>, next);
        return { after: steppedTo(answered), result: { act: verdict.act, computer, end } };
      }),

    takeRequest: (id, sid) =>
      change(async (before) => {
        const computer = before.find((one) => one.id === id);
        if (!computer) return { after: before, result: 'unknown' };
        const { pairing, act } = onRequest(computer.state, sid);
        const usedAt = act === 'go-on' ? now() : computer.usedAt;
        const after = before.map((one) => (one === computer ? { ...one, state: pairing, usedAt } : one));
        return { after, result: act };
      }),
  };
}
