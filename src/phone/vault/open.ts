// The vault while it is open: one queue through which everything is written, each change made on what the vault holds at that
// moment and sealed before it shows. Several tabs may write; whoever comes second makes the change again on what the first wrote.
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { codeOf, ScankeyError } from '../../protocol/errors.ts';
import type { Records } from '../shell/database.ts';
import { queue } from '../shell/in-turn.ts';
import { same } from './canonical.ts';
import type { VaultDocument } from './document.ts';
import { headerOf, isNewer, openWith, seal, unlock, type Vault } from './format.ts';
import type { Secret } from './wraps.ts';

const ATTEMPTS = 5;

/** Where the sealed copies lie, newest first. */
export interface Copies {
  readVault(): Promise<Uint8Array<ArrayBuffer>[]>;
  /** @param beside further records, written in one with it @returns false when the newest copy is not `before`: another tab was faster */
  writeVault(
    blob: Uint8Array<ArrayBuffer>,
    before: Uint8Array | undefined,
    keepOlder?: number,
    beside?: Records,
  ): Promise<boolean>;
}

/** What the open vault needs of its surroundings. */
export interface Surroundings {
  copies: Copies;
  /** ms since 1970. */
  now(): number;
  /** The name of this phone, sealed along with each copy. */
  by(): string;
  /** Every copy that was written, before it shows. */
  onWritten(vault: Vault): Promise<void>;
  /** Tells the other tabs. */
  announce(): void;
}

/** Whoever has records under the data key: `write` puts them, and the vault, under a new one, all in one, and is called once. */
export type RekeyGuest = (from: Vault, to: Vault, write: (beside: Records) => Promise<void>) => Promise<void>;

type Wraps = Vault['header']['wraps'];

export interface OpenVault {
  readonly current: ReadonlySignal<Vault | undefined>;
  readonly isUnlocked: ReadonlySignal<boolean>;
  /** The passkey that opens this vault, known before it is open. */
  readonly passkey: ReadonlySignal<{ cred: string; salt: string } | undefined>;
  /** An older copy had to be opened, because the newest was damaged. */
  readonly openedOlder: ReadonlySignal<boolean>;
  /** Reads what can be known of the vault while it is locked. @returns whether there is one */
  look(): Promise<boolean>;
  /** Opens it; the newest copy that is not damaged counts. @throws ScankeyError as `unlock` */
  unlock(secret: Secret): Promise<void>;
  /** Forgets everything that is open. */
  lock(): void;
  /**
   * `made` becomes this phone's vault.
   * @param how.beside further records, written in one with it
   * @param how.replaces takes the place of one that lies there, which is given up with all its copies
   * @throws ScankeyError `storage-failed`, `other-tab` where there is one that is not to be replaced, `vault-newer` for one that
   * this version cannot read
   */
  begin(made: Vault, how?: { replaces?: boolean; beside?: Records }): Promise<void>;
  /**
   * Puts what `change` makes of the document in its place. It is called with the document of that very moment, again when
   * another tab was faster, so it must do nothing else; one that gives the document back as it was writes nothing.
   * @param ways the same for the ways to unlock
   * @throws ScankeyError `storage-failed` (also when it is locked already), `other-tab`
   */
  change(change: (document: VaultDocument) => VaultDocument, ways?: (wraps: Wraps) => Wraps): Promise<void>;
  /** The newest sealed copy, to try a passphrase on. @throws ScankeyError `storage-failed` when locked */
  newest(): Uint8Array;
  /**
   * Goes on under another data key; copies under the old one are dropped.
   * @param make the vault under its new key, from the vault of that moment
   * @throws ScankeyError `other-tab`, `storage-failed`
   */
  rekey(make: (now: Vault) => Promise<Vault>): Promise<void>;
  /** Whoever keeps something else under the data key is asked to each new one. */
  onRekey(guest: RekeyGuest): void;
  /** Takes up what another tab wrote; locks where that is another vault, or none. */
  adopt(): Promise<void>;
}

const sameWays = (blob: Uint8Array | undefined, wraps: Wraps): boolean => {
  try {
    return blob !== undefined && same(headerOf(blob).wraps, wraps);
  } catch {
    return false;
  }
};

export function openVault({ copies, now, by, onWritten, announce }: Surroundings): OpenVault {
  const vault = signal<Vault | undefined>(undefined);
  const passkey = signal<{ cred: string; salt: string } | undefined>(undefined);
  const openedOlder = signal(false);
  const guests: RekeyGuest[] = [];
  let front: Uint8Array | undefined;
  /** Grows with each lock: work that began before one must not open the vault again when it ends. */
  let locks = 0;
  const inTurn = queue();

  function noteWays(blob: Uint8Array | undefined): void {
    try {
      const wrap = blob && headerOf(blob).wraps.find(({ k }) => k === 'prf');
      passkey.value = wrap?.k === 'prf' ? wrap.kdf : undefined;
    } catch {
      passkey.value = undefined;
    }
  }

  function lock(): void {
    locks++;
    vault.value = undefined;
    front = undefined;
    openedOlder.value = false;
  }

  function opened(): Vault {
    if (!vault.value) throw new ScankeyError('storage-failed');
    return vault.value;
  }

  async function adopt(): Promise<void> {
    const current = vault.value;
    const [blob] = await copies.readVault();
    if (!current || vault.value !== current) return;
    // Erased, here or by the browser: what was given up does not come back from a tab that still has it open.
    if (!blob) return lock();
    try {
      const theirs = await openWith(blob, current.key);
      if (vault.value !== current) return;
      vault.value = theirs;
      front = blob;
      noteWays(blob);
    } catch {
      // Its data key is another one, since the passphrase was changed over there or another vault brought; or it is of a later version.
      noteWays(blob);
      lock();
    }
  }

  async function write(next: Vault, keepOlder?: number, follows = front, beside?: Records): Promise<boolean> {
    const before = locks;
    const sealed = await seal(next, { ...next.document, by: by() }, now(), { before: front });
    if (!(await copies.writeVault(sealed.blob, follows, keepOlder, beside))) return false;
    noteWays(sealed.blob);
    await onWritten(sealed.vault);
    if (before === locks) {
      front = sealed.blob;
      vault.value = sealed.vault;
    }
    announce();
    return true;
  }

  const change: OpenVault['change'] = (work, ways = (wraps) => wraps) =>
    inTurn(async () => {
      let current: Vault | undefined = opened();
      for (let attempt = 0; current && attempt < ATTEMPTS; attempt++) {
        const document = work(current.document);
        const wraps = ways(current.header.wraps);
        if (document === current.document && sameWays(front, wraps)) return;
        if (await write({ ...current, header: { ...current.header, wraps }, document })) return;
        await adopt();
        // Locked now, where what the other tab wrote is another vault, or none.
        current = vault.value;
      }
      throw new ScankeyError('other-tab');
    });

  return {
    current: vault,
    isUnlocked: computed(() => vault.value !== undefined),
    passkey,
    openedOlder,
    lock,
    change,
    adopt,

    async look() {
      const [blob] = await copies.readVault();
      noteWays(blob);
      return blob !== undefined;
    },

    async unlock(secret) {
      let failure: unknown = new ScankeyError('vault-damaged');
      const all = await copies.readVault();
      for (const [index, copy] of all.entries()) {
        try {
          const found = await unlock(copy, secret);
          front = all[0] ?? copy;
          openedOlder.value = index > 0;
          vault.value = found;
        } catch (error) {
          failure = error;
          if (codeOf(error, 'vault-damaged') !== 'vault-damaged') break;
          continue;
        }
        // The cost of the passphrase was raised, or the newest copy is damaged: say so on disk, too.
        await change((document) => (index > 0 ? { ...document } : document)).catch((error: unknown) => {
          // Locked again meanwhile: the passphrase was right all the same.
          if (vault.value) throw error;
        });
        return;
      }
      throw failure;
    },

    begin: (made, { replaces = false, beside } = {}) =>
      inTurn(async () => {
        front = undefined;
        const [there] = replaces ? await copies.readVault() : [];
        if (there && isNewer(there)) throw new ScankeyError('vault-newer');
        if (!(await write(made, there && 0, there, beside))) throw new ScankeyError('other-tab');
      }),

    newest() {
      if (!front) throw new ScankeyError('storage-failed');
      return front;
    },

    rekey: (make) =>
      inTurn(async () => {
        const current = opened();
        const renewed = await make(current);
        const put = async (beside: Records) => {
          if (!(await write(renewed, 0, front, beside))) throw new ScankeyError('other-tab');
        };
        const all = guests.reduce<typeof put>(
          (work, guest) => (beside) => guest(current, renewed, (more) => work({ ...beside, ...more })),
          put,
        );
        await all({});
      }),

    onRekey(guest) {
      guests.push(guest);
    },
  };
}
