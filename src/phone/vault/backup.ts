// The sealed backup at the companion, which is also how two phones share one vault. Every change goes up with the revision that
// it follows; what another phone wrote meanwhile is merged. A companion that gives back less than it was given is found out.
import { signal } from '@preact/signals';
import * as v from 'valibot';
import { type Bytes, fromBase64, toBase64 } from '../../protocol/encoding.ts';
import { type Code, codeOf, ScankeyError } from '../../protocol/errors.ts';
import { addressOf, BackupAnswer, type BackupRequest, newRecoveryKey } from '../../protocol/recovery.ts';
import { Problem } from '../../protocol/relay.ts';
import * as storage from '../shell/storage.ts';
import { newDocument } from './document.ts';
import { fingerprint, headerOf, openWith, seal, unlock, type Vault } from './format.ts';
import { mergeDocuments } from './merge.ts';
import { begin, current, dropWay, enrol, guarded, openEscrow, phoneName, recovery, vault } from './vault.ts';
import type { Secret } from './wraps.ts';

const TRIES = 5;

/** How the backup stands: when it last agreed with this phone, and what keeps it from doing so. */
export interface Standing {
  /** ms since 1970; 0 before the first time. */
  at: number;
  problem?: Code;
  /** What an older copy says of itself, next to the newest that this phone has seen. */
  older?: { rev: number; time: number; seenRev: number; seenTime: number };
}
export const standing = signal<Standing>({ at: 0 });

/** A copy at the companion. */
interface Remote {
  rev: number;
  blob: Bytes;
}

async function ask(request: BackupRequest, auth: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch('/v1/backup', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Scankey ${auth}` },
      body: JSON.stringify(request),
    });
  } catch (cause) {
    throw new ScankeyError('unreachable', { cause });
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const problem = v.safeParse(Problem, answer);
  throw new ScankeyError(problem.success ? problem.output.code : 'unreachable');
}

async function read(key: Bytes): Promise<Remote | undefined> {
  const { id, auth } = await addressOf(key);
  try {
    const { rev, blob } = v.parse(BackupAnswer, await ask({ t: 'read', id }, auth));
    return { rev, blob: fromBase64(blob) };
  } catch (error) {
    if (codeOf(error, 'unreachable') === 'no-backup') return undefined;
    throw error instanceof ScankeyError ? error : new ScankeyError('backup-damaged', { cause: error });
  }
}

/** Puts the open vault up as the revision after `ifRev`. Only the wrap that needs both secrets goes along. */
async function write(key: Bytes, vault: Vault, before: Remote | undefined, rev: number): Promise<void> {
  const { id, auth } = await addressOf(key);
  const now = Date.now();
  const document = { ...vault.document, by: phoneName.value };
  const { blob } = await seal(vault, document, now, { before: before?.blob, rev, only: 'backup' });
  await ask({ t: 'write', id, ifRev: before?.rev ?? 0, rev, blob: toBase64(blob) }, auth);
  await agree(vault, document, { rev, blob }, now);
}

/** Both sides have `document` now. */
async function agree(vault: Vault, document: Vault['document'], { rev, blob }: Remote, time: number): Promise<void> {
  const base = (await seal(vault, document, time, { only: 'pass' })).blob;
  await storage.writeSynced({ rev, print: await fingerprint(blob), time, base });
  standing.value = { at: Date.now() };
}

/**
 * One exchange with the companion: reads, merges, writes.
 * @throws ScankeyError `backup-older` when the companion gives back less than this phone has seen, `passphrase-changed` when
 * another phone changed it, `backup-damaged`, `no-backup`, `unreachable`, and what the companion answers
 */
async function exchange(): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const opened = current();
    if (!opened?.document.recovery) return;
    const key = fromBase64(opened.document.recovery);
    const synced = await storage.readSynced();
    const remote = await read(key);
    try {
      if (!remote) {
        if (synced) throw new ScankeyError('no-backup');
        return await write(key, opened, undefined, 1);
      }
      const untouched = synced?.rev === remote.rev && synced.print === (await fingerprint(remote.blob));
      if (!untouched && synced && remote.rev <= synced.rev) throw older(remote, synced);
      if (untouched) {
        const base = await baseOf(synced, opened.key);
        if (equalDocuments(base, opened.document) && safeWrap(remote) === wrapOf(opened.header)) {
          standing.value = { at: Date.now() };
          return;
        }
        return await write(key, opened, remote, remote.rev + 1);
      }
      const theirs = await openTheirs(remote, opened);
      const base = await baseOf(synced, opened.key);
      await vault.change((ours) => mergeDocuments(base, ours, theirs.document));
      const merged = current();
      if (!merged) return;
      await agree(merged, theirs.document, remote, theirs.header.time);
      if (equalDocuments(theirs.document, merged.document)) return;
      return await write(key, merged, remote, remote.rev + 1);
    } catch (error) {
      // Another phone was faster: look again.
      if (codeOf(error, 'unreachable') !== 'conflict') throw error;
    }
  }
  throw new ScankeyError('conflict');
}

/** What both sides last agreed on. Without it, or when a killed page left it under another key, a merge keeps everything. */
const baseOf = async (synced: storage.Synced | undefined, key: CryptoKey): Promise<Vault['document']> =>
  synced
    ? openWith(synced.base, key).then(
        ({ document }) => document,
        () => newDocument(),
      )
    : newDocument();

/** Whether two documents say the same, whoever sealed them. */
const equalDocuments = (a: Vault['document'], b: Vault['document']): boolean =>
  JSON.stringify([a.accounts.toSorted(byId), a.recovery, a.identity]) ===
  JSON.stringify([b.accounts.toSorted(byId), b.recovery, b.identity]);
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

function older(remote: Remote, synced: storage.Synced): ScankeyError {
  safeWrap(remote);
  const { time } = headerOf(remote.blob);
  standing.value = { at: 0, older: { rev: remote.rev, time, seenRev: synced.rev, seenTime: synced.time } };
  return new ScankeyError('backup-older');
}

/** The wrap that opens a backup; another one means another passphrase or recovery key. */
const wrapOf = (header: Vault['header']): string => JSON.stringify(header.wraps.find(({ k }) => k === 'backup'));

async function openTheirs(remote: Remote, ours: Vault): Promise<Vault> {
  try {
    const opened = await openWith(remote.blob, ours.key);
    // The companion's word for the revision must be the sealed one.
    if (opened.header.rev === remote.rev) return opened;
  } catch {
    // Told below: damaged, or sealed under another data key.
  }
  const changed = safeWrap(remote) !== wrapOf(ours.header) && headerOf(remote.blob).vault === ours.header.vault;
  throw new ScankeyError(changed ? 'passphrase-changed' : 'backup-damaged');
}

/** @throws ScankeyError `backup-damaged` */
function safeWrap({ blob }: Remote): string {
  try {
    return wrapOf(headerOf(blob));
  } catch (cause) {
    throw new ScankeyError('backup-damaged', { cause });
  }
}

let running: Promise<void> | undefined;
let again = false;

/** Brings phone and companion together; never throws, `standing` tells. Calls while one runs are answered by one more run. */
export function sync(): Promise<void> {
  again = running !== undefined;
  running ??= (async () => {
    do {
      again = false;
      try {
        await exchange();
      } catch (error) {
        standing.value = { ...standing.value, problem: codeOf(error, 'unreachable') };
      }
    } while (again && standing.value.problem === undefined);
  })().finally(() => {
    running = undefined;
  });
  return running;
}

/**
 * Begins to back up: a fresh recovery key, and a wrap of the data key that needs it and the passphrase.
 * @throws ScankeyError `wrong-passphrase`, `rate-limited`, `storage-failed`
 */
export async function turnOn(passphrase: string): Promise<void> {
  const key = newRecoveryKey();
  const secret: Secret = { k: 'backup', passphrase, recovery: key };
  await storage.writeSynced(undefined);
  await enrol(passphrase, [secret], (document) => ({ ...document, recovery: toBase64(key) }));
  await sync();
}

/** Deletes the backup, here and at the companion. @throws ScankeyError `unreachable` and what the companion answers */
export async function turnOff(): Promise<void> {
  const { id, auth } = await addressOf(fromBase64(recovery.value));
  await ask({ t: 'delete', id }, auth).catch((error: unknown) => {
    if (codeOf(error, 'unreachable') !== 'no-backup') throw error;
  });
  await storage.writeSynced(undefined);
  await dropWay('backup', (document) => ({ ...document, recovery: '' }));
  standing.value = { at: 0 };
}

/** The person wants this phone's state at the companion, whatever lies there. @throws ScankeyError as the companion answers */
export async function putBack(): Promise<void> {
  const opened = current();
  if (!opened) return;
  const key = fromBase64(recovery.value);
  const [remote, synced] = [await read(key), await storage.readSynced()];
  await write(key, opened, remote, Math.max(remote?.rev ?? 0, synced?.rev ?? 0) + 1);
}

/** Another phone changed the passphrase: takes it up. @throws ScankeyError `wrong-passphrase`, `rate-limited`, `no-backup` */
export async function takeUpPassphrase(passphrase: string): Promise<void> {
  if (!current()) return;
  const key = fromBase64(recovery.value);
  const remote = await read(key);
  if (!remote) throw new ScankeyError('no-backup');
  const synced = await storage.readSynced();
  // An old copy under an old passphrase would undo what came after it.
  if (synced && remote.rev <= synced.rev) throw older(remote, synced);
  const renewed = await guarded(() =>
    unlock(remote.blob, { k: 'backup', passphrase, recovery: key }, [{ k: 'pass', passphrase }]),
  );
  await vault.rekey(async (ours) => {
    if (renewed.header.rev !== remote.rev || renewed.header.vault !== ours.header.vault)
      throw new ScankeyError('backup-damaged');
    const base = await baseOf(synced, ours.key);
    return {
      ...renewed,
      header: { ...renewed.header, rev: ours.header.rev },
      document: mergeDocuments(base, ours.document, renewed.document),
    };
  });
  await sync();
}

// The base of the next merge goes on under a new data key, too; first, so that the exchange that the new vault sets off finds it.
vault.onRekey(async (from, to, write) => {
  const synced = await storage.readSynced();
  const base = synced && (await openWith(synced.base, from.key).catch(() => undefined));
  if (synced && base) {
    const { blob } = await seal(to, base.document, Date.now(), { only: 'pass' });
    await storage.writeSynced({ ...synced, base: blob });
  }
  await write();
});

/** A backup before it becomes this phone's vault. */
export interface Restorable {
  vault: Vault;
  remote: Remote;
  /** Which phone sealed it, when, and how much is in it: what a companion that rolls back would have to explain. */
  by: string;
  time: number;
  accounts: number;
}

/**
 * Finds and opens a backup.
 * @param key the recovery key of the sheet, base64url
 * @throws ScankeyError `no-backup`, `wrong-passphrase`, `rate-limited`, `params-refused`, `backup-damaged`, `unreachable`
 */
export async function find(key: string, passphrase: string): Promise<Restorable> {
  const bytes = fromBase64(key);
  const remote = await read(bytes);
  if (!remote) throw new ScankeyError('no-backup');
  const secret: Secret = { k: 'backup', passphrase, recovery: bytes };
  const opened = await guarded(() => unlock(remote.blob, secret, [{ k: 'pass', passphrase }])).catch(
    (cause: unknown) => {
      throw codeOf(cause, 'backup-damaged') === 'vault-damaged' ? new ScankeyError('backup-damaged', { cause }) : cause;
    },
  );
  if (opened.header.rev !== remote.rev || opened.document.recovery !== key) throw new ScankeyError('backup-damaged');
  const { by, accounts } = opened.document;
  return { vault: opened, remote, by, time: opened.header.time, accounts: accounts.length };
}

/** Makes a found backup this phone's vault. @throws ScankeyError `storage-failed` */
export async function restore({ vault, remote, time }: Restorable, name: string): Promise<void> {
  await begin({ ...vault, header: { ...vault.header, rev: 0 } }, name);
  await agree(vault, vault.document, remote, time);
}

/** The browser evicted the vault: the passphrase finds the backup. @throws ScankeyError as `find` and `openEscrow` */
export async function restoreEvicted(passphrase: string): Promise<void> {
  const left = await openEscrow(passphrase);
  await restore(await find(left.recovery, passphrase), left.by);
}
