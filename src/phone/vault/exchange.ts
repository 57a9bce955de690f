// Keeping the vault and its sealed backup alike, which is also how two phones share one vault. Every change goes up with the
// revision that it follows; what another phone wrote meanwhile is merged. A companion that gives back less than it was given is
// found out.
import { type ReadonlySignal, signal } from '@preact/signals';
import { type Bytes, fromBase64, toBase64 } from '../../protocol/encoding.ts';
import { type Code, codeOf, ScankeyError } from '../../protocol/errors.ts';
import { newRecoveryKey } from '../../protocol/recovery.ts';
import type { Records } from '../shell/database.ts';
import { same } from './canonical.ts';
import { newDocument, type VaultDocument } from './document.ts';
import { fingerprint, headerOf, isNewer, openWith, seal, unlock, type Vault } from './format.ts';
import type { GuessLimit } from './guess-limit.ts';
import { mergeDocuments } from './merge.ts';
import type { OpenVault } from './open.ts';
import type { Remote, RemoteCopies } from './remote-copies.ts';
import type { Ways } from './ways.ts';

const ATTEMPTS = 5;

/** The last state that this phone and the backup agreed on. */
export interface Synced {
  rev: number;
  /** Fingerprint of the sealed copy at the companion. */
  print: string;
  time: number;
  /** When they last agreed, ms since 1970. */
  at: number;
  /** That state, sealed under the vault's own key: the base of the next merge. */
  base: Uint8Array;
}

export interface SyncedStore {
  readSynced(): Promise<Synced | undefined>;
  writeSynced(synced: Synced | undefined): Promise<void>;
  recordOfSynced(synced: Synced): Records;
}

/** How the backup stands: when it last agreed with this phone, and what keeps it from doing so. */
export interface Standing {
  /** ms since 1970; 0 before the first time, and until this page has asked. */
  at: number;
  problem?: Code;
  /** What an older copy says of itself, next to the newest that this phone has seen. */
  older?: { rev: number; time: number; seenRev: number; seenTime: number };
}

export interface Surroundings {
  vault: OpenVault;
  ways: Ways;
  limit: GuessLimit;
  store: SyncedStore;
  remote: RemoteCopies;
  /** ms since 1970. */
  now(): number;
  /** The name of this phone. */
  by(): string;
}

export interface Backup {
  readonly standing: ReadonlySignal<Standing>;
  /** Brings phone and companion together; never throws, `standing` tells. Calls while one runs are answered by one more run. */
  sync(): Promise<void>;
  /**
   * Begins to back up: a fresh recovery key, and a wrap of the data key that needs it and the passphrase.
   * @throws ScankeyError `wrong-passphrase`, `rate-limited`, `storage-failed`
   */
  turnOn(passphrase: string): Promise<void>;
  /** Deletes the backup, here and at the companion. @throws ScankeyError `unreachable` and what the companion answers */
  turnOff(): Promise<void>;
  /** The person wants this phone's state at the companion, whatever lies there. @throws ScankeyError as the companion answers */
  putBack(): Promise<void>;
  /** Another phone changed the passphrase: takes it up. @throws ScankeyError `wrong-passphrase`, `rate-limited`, `no-backup` */
  takeUpPassphrase(passphrase: string): Promise<void>;
  /** What says that both sides have what `opened` holds, a copy that was sealed at `time`; written in one with the vault that it became. */
  agreement(opened: Vault, copy: Remote, time: number): Promise<Records>;
}

/** Whether two documents say the same, whoever sealed them. */
const equalDocuments = (a: VaultDocument, b: VaultDocument): boolean =>
  same([a.accounts.toSorted(byId), a.recovery, a.identity], [b.accounts.toSorted(byId), b.recovery, b.identity]);
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

/** The wrap that opens a backup; another one means another passphrase or recovery key. */
const wrapOf = ({ wraps }: Vault['header']) => wraps.find(({ k }) => k === 'backup');

/** @throws ScankeyError `backup-damaged`, `vault-newer` */
function headerOfRemote({ blob }: Remote): Vault['header'] {
  try {
    return headerOf(blob);
  } catch (cause) {
    throw codeOf(cause, 'vault-damaged') === 'vault-newer' ? cause : new ScankeyError('backup-damaged', { cause });
  }
}

/** @throws ScankeyError `passphrase-changed`, `backup-damaged`, `vault-newer` */
async function openTheirs(remote: Remote, ours: Vault): Promise<Vault> {
  try {
    const opened = await openWith(remote.blob, ours.key);
    // The companion's word for the revision must be the sealed one.
    if (opened.header.rev === remote.rev) return opened;
  } catch (error) {
    if (codeOf(error, 'vault-damaged') === 'vault-newer') throw error;
    // Told below: damaged, or sealed under another data key.
  }
  const header = headerOfRemote(remote);
  const changed = !same(wrapOf(header), wrapOf(ours.header)) && header.vault === ours.header.vault;
  throw new ScankeyError(changed ? 'passphrase-changed' : 'backup-damaged');
}

/** What both sides last agreed on. Without it, or when a killed page left it under another key, a merge keeps everything. */
const baseOf = async (synced: Synced | undefined, key: CryptoKey): Promise<VaultDocument> =>
  synced
    ? openWith(synced.base, key).then(
        ({ document }) => document,
        () => newDocument(),
      )
    : newDocument();

export function backupOf({ vault, ways, limit, store, remote: copies, now, by }: Surroundings): Backup {
  const standing = signal<Standing>({ at: 0 });
  let running: Promise<void> | undefined;
  let again = false;

  const agreed = async (opened: Vault, { rev, blob }: Remote, time: number): Promise<Synced> => {
    const base = (await seal(opened, opened.document, time, { only: 'pass' })).blob;
    return { rev, print: await fingerprint(blob), time, at: now(), base };
  };

  async function agree(opened: Vault, copy: Remote, time: number): Promise<void> {
    const synced = await agreed(opened, copy, time);
    await store.writeSynced(synced);
    standing.value = { at: synced.at };
  }

  /** Puts `opened` up as revision `rev`, after `before`. Only the wrap that needs both secrets goes along. */
  async function write(key: Bytes, opened: Vault, before: Remote | undefined, rev: number): Promise<void> {
    if (before && isNewer(before.blob)) throw new ScankeyError('vault-newer');
    const time = now();
    const document = { ...opened.document, by: by() };
    const { blob } = await seal(opened, document, time, { before: before?.blob, rev, only: 'backup' });
    await copies.write(key, before?.rev ?? 0, { rev, blob });
    await agree({ ...opened, document }, { rev, blob }, time);
  }

  function older(remote: Remote, synced: Synced): ScankeyError {
    const { time } = headerOfRemote(remote);
    standing.value = { at: 0, older: { rev: remote.rev, time, seenRev: synced.rev, seenTime: synced.time } };
    return new ScankeyError('backup-older');
  }

  /** @throws ScankeyError `conflict` when another phone was faster, and as `exchange` does */
  async function exchangeOnce(opened: Vault): Promise<void> {
    const key = fromBase64(opened.document.recovery);
    const synced = await store.readSynced();
    const remote = await copies.read(key);
    if (!remote) {
      if (synced) throw new ScankeyError('no-backup');
      return write(key, opened, undefined, 1);
    }
    const untouched = synced?.rev === remote.rev && synced.print === (await fingerprint(remote.blob));
    if (!untouched && synced && remote.rev <= synced.rev) throw older(remote, synced);
    const base = await baseOf(synced, opened.key);
    if (untouched) {
      const sameWrap = same(wrapOf(headerOfRemote(remote)), wrapOf(opened.header));
      if (!equalDocuments(base, opened.document) || !sameWrap) return write(key, opened, remote, remote.rev + 1);
      const at = now();
      await store.writeSynced({ ...synced, at });
      standing.value = { at };
      return;
    }
    const theirs = await openTheirs(remote, opened);
    await vault.change((ours) => mergeDocuments(base, ours, theirs.document));
    const merged = vault.current.value;
    if (!merged) return;
    await agree({ ...merged, document: theirs.document }, remote, theirs.header.time);
    if (!equalDocuments(theirs.document, merged.document)) await write(key, merged, remote, remote.rev + 1);
  }

  /**
   * One exchange with the companion: reads, merges, writes.
   * @throws ScankeyError `backup-older` when the companion gives back less than this phone has seen, `passphrase-changed` when
   * another phone changed it, `vault-newer`, `backup-damaged`, `no-backup`, `unreachable`, and what the companion answers
   */
  async function exchange(): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const opened = vault.current.value;
      if (!opened?.document.recovery) return;
      try {
        return await exchangeOnce(opened);
      } catch (error) {
        // Another phone was faster: look again.
        if (codeOf(error, 'unreachable') !== 'conflict') throw error;
      }
    }
    throw new ScankeyError('busy');
  }

  async function run(): Promise<void> {
    do {
      again = false;
      try {
        await exchange();
      } catch (error) {
        // Before it was reached in this run of the page, storage knows when it last was, if it lets itself be read.
        const synced = standing.value.at ? undefined : await store.readSynced().catch(() => undefined);
        const at = standing.value.at || synced?.at || (synced?.time ?? 0);
        standing.value = { ...standing.value, at, problem: codeOf(error, 'unreachable') };
      }
    } while (again && standing.value.problem === undefined);
  }

  function sync(): Promise<void> {
    again = running !== undefined;
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  }

  // The base of the next merge goes on under a new data key, too.
  vault.onRekey(async (from, to, write) => {
    const synced = await store.readSynced();
    const base = synced && (await openWith(synced.base, from.key).catch(() => undefined));
    if (!synced || !base) return write({});
    const { blob } = await seal(to, base.document, now(), { only: 'pass' });
    await write(store.recordOfSynced({ ...synced, base: blob }));
  });

  return {
    standing,
    sync,
    agreement: async (...all) => store.recordOfSynced(await agreed(...all)),

    async turnOn(passphrase) {
      const recovery = newRecoveryKey();
      await store.writeSynced(undefined);
      await ways.enrol(passphrase, [{ k: 'backup', passphrase, recovery }], (document) => ({
        ...document,
        recovery: toBase64(recovery),
      }));
      await sync();
    },

    async turnOff() {
      await copies.remove(fromBase64(vault.current.value?.document.recovery ?? ''));
      await store.writeSynced(undefined);
      await ways.dropWay('backup', (document) => ({ ...document, recovery: '' }));
      standing.value = { at: 0 };
    },

    async putBack() {
      const opened = vault.current.value;
      if (!opened) return;
      const key = fromBase64(opened.document.recovery);
      const [remote, synced] = [await copies.read(key), await store.readSynced()];
      await write(key, opened, remote, Math.max(remote?.rev ?? 0, synced?.rev ?? 0) + 1);
    },

    async takeUpPassphrase(passphrase) {
      const opened = vault.current.value;
      if (!opened) return;
      const recovery = fromBase64(opened.document.recovery);
      const remote = await copies.read(recovery);
      if (!remote) throw new ScankeyError('no-backup');
      const synced = await store.readSynced();
      // An old copy under an old passphrase would undo what came after it.
      if (synced && remote.rev <= synced.rev) throw older(remote, synced);
      const renewed = await limit.guarded(() =>
        unlock(remote.blob, { k: 'backup', passphrase, recovery }, [{ k: 'pass', passphrase }]),
      );
      if (renewed.header.rev !== remote.rev || renewed.header.vault !== opened.header.vault)
        throw new ScankeyError('backup-damaged');
      await vault.rekey(async (ours) => ({
        ...renewed,
        header: { ...renewed.header, rev: ours.header.rev },
        document: mergeDocuments(await baseOf(synced, ours.key), ours.document, renewed.document),
      }));
      await sync();
    },
  };
}
