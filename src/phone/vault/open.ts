// The vault while it is open: unlocking, locking, and every change, each sealed before it shows. Several tabs may change it at
// once; whoever comes second merges.
import { computed, signal } from '@preact/signals';
import { fromBase64, toBase64 } from '../../protocol/encoding.ts';
import { codeOf, ScankeyError } from '../../protocol/errors.ts';
import { openComputers, sealComputers } from '../pairing/sealed-computers.ts';
import { trial } from '../shell/state.ts';
import * as storage from '../shell/storage.ts';
import { type Account, newDocument, type VaultDocument } from './document.ts';
import { createVault, headerOf, openWith, type Secret, seal, unlock, type Vault } from './format.ts';
import { mergeDocuments } from './merge.ts';
import { loadNames } from './sites.ts';

/** The vault closes this long after the last touch or key. */
export const LOCK_MS = 60_000;
const TRIAL_ACCOUNTS = 3;
/** A hidden page may come back at once: a permission prompt, the notification shade. */
const LEAVE_MS = 1_000;
const ESCROW_KEY = 'escrow';

/** Null until storage has been asked whether there is a vault. `evicted`: the browser threw it away, but a backup can be found. */
export const hasVault = signal<boolean | 'evicted' | null>(null);
const vault = signal<Vault | undefined>(undefined);
export const isUnlocked = computed(() => vault.value !== undefined);
export const accounts = computed<readonly Account[]>(() => vault.value?.document.accounts ?? []);
/** The recovery key, base64url; empty while there is no backup. */
export const recovery = computed(() => vault.value?.document.recovery ?? '');
export const phoneName = signal('');
export const habits = signal<storage.Habits>({ locking: 'leave', hints: [] });
/** The passkey that opens this vault, known before it is open. */
export const passkey = signal<{ cred: string; salt: string } | undefined>(undefined);
/** An older copy had to be opened, because the newest was damaged. */
export const openedOlder = signal(false);

/** When the vault was last used, ms since 1970. */
let usedAt = 0;
/** Until when a hidden page stays open, because the person chooses a file or prints. */
let awayUntil = 0;
let newest: Uint8Array | undefined;
/** Grows with each lock: work that began before one must not open the vault again when it ends. */
let locks = 0;

const others = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('vault');
others?.addEventListener('message', () => void adopt());

/** Asks storage what there is. */
export async function load(): Promise<void> {
  const [copies, name, known] = await Promise.all([storage.readVault(), storage.readPhoneName(), storage.readHabits()]);
  phoneName.value = name;
  habits.value = known;
  noteWays(copies[0]);
  hasVault.value = copies.length > 0 || (localStorage.getItem(ESCROW_KEY) === null ? false : 'evicted');
  // By the time a passphrase is typed it is there.
  void loadNames();
}

function noteWays(blob: Uint8Array | undefined): void {
  try {
    const wrap = blob && headerOf(blob).wraps.find(({ k }) => k === 'prf');
    passkey.value = wrap?.k === 'prf' ? wrap.kdf : undefined;
  } catch {
    passkey.value = undefined;
  }
}

/** Takes up what another tab wrote. */
async function adopt(): Promise<void> {
  const current = vault.value;
  const [blob] = await storage.readVault();
  if (!current || !blob || vault.value !== current) return;
  try {
    const theirs = await openWith(blob, current.key);
    if (vault.value !== current) return;
    vault.value = theirs;
    newest = blob;
  } catch {
    // Its data key is another one: the passphrase was changed over there.
    lock();
  }
}

async function write(next: Vault, document: VaultDocument, keepOlder?: number): Promise<boolean> {
  const [before, front] = [locks, newest];
  const sealed = await seal(next, { ...document, by: phoneName.value }, Date.now(), { before: front });
  if (!(await storage.writeVault(sealed.blob, front, keepOlder))) return false;
  noteWays(sealed.blob);
  await writeEscrow(sealed.vault);
  if (before === locks) {
    newest = sealed.blob;
    vault.value = sealed.vault;
  }
  others?.postMessage('written');
  return true;
}

/**
 * Seals and keeps `change` of the document. What another tab wrote meanwhile is merged.
 * @param header ways to unlock that are to be kept from now on
 * @throws ScankeyError `storage-failed`, `conflict`
 */
export async function keep(
  change: (document: VaultDocument) => VaultDocument,
  header?: Vault['header'],
): Promise<void> {
  let next = change;
  for (let attempt = 0; attempt < 5; attempt++) {
    const current = vault.value;
    if (!current) throw new ScankeyError('storage-failed');
    const document = next(current.document);
    const wraps = header?.wraps ?? current.header.wraps;
    if (await write({ ...current, header: { ...current.header, wraps } }, document)) return;
    await adopt();
    const base = current.document;
    next = (theirs) => mergeDocuments(base, document, theirs);
  }
  throw new ScankeyError('conflict');
}

/** First run, or a restored backup: `made` becomes this phone's vault. @throws ScankeyError `storage-failed` */
export async function begin(made: Vault, name: string): Promise<void> {
  await loadNames();
  newest = undefined;
  phoneName.value = name;
  await storage.writePhoneName(name);
  if (!(await write(made, made.document))) throw new ScankeyError('conflict');
  hasVault.value = true;
  touch();
  // A browser that knows that this matters evicts it last.
  void navigator.storage?.persist?.();
}

/** First run: an empty vault under `passphrase`. @throws ScankeyError `storage-failed` */
export const create = async (passphrase: string, name: string): Promise<void> =>
  begin(await createVault([{ k: 'pass', passphrase }], newDocument()), name);

/** Seconds to wait after `wrong` tries in a row: none for two, then doubling, five minutes at most. */
export const delayAfter = (wrong: number): number => (wrong < 3 ? 0 : Math.min(2 ** (wrong - 3), 300));

/** How long the next try has to wait, in ms. */
export async function waitBeforeTry(): Promise<number> {
  return Math.max(0, (await storage.readTries()).until - Date.now());
}

/** Tries a passphrase within the limits on guessing. @throws ScankeyError `rate-limited`, and as `attempt` does */
export async function guarded<T>(attempt: () => Promise<T>): Promise<T> {
  if ((await waitBeforeTry()) > 0) throw new ScankeyError('rate-limited');
  const { wrong } = await storage.readTries();
  // Counted before it is tried: closing the page does not give a try back.
  await storage.writeTries({ wrong: wrong + 1, until: Date.now() + delayAfter(wrong + 1) * 1000 });
  const done = await attempt();
  await storage.writeTries({ wrong: 0, until: 0 });
  return done;
}

/** Opens the vault; the newest copy that is not damaged counts. @throws ScankeyError `wrong-passphrase` and others of `unlock` */
export async function open(secret: Secret): Promise<void> {
  const attempt = async () => {
    await loadNames();
    let failure: unknown = new ScankeyError('vault-damaged');
    const copies = await storage.readVault();
    for (const [index, copy] of copies.entries()) {
      try {
        await show(await unlock(copy, secret), copies[0] ?? copy, index > 0);
        return;
      } catch (error) {
        failure = error;
        if (codeOf(error, 'vault-damaged') !== 'vault-damaged') break;
      }
    }
    throw failure;
  };
  // A passkey cannot be guessed.
  await (secret.k === 'prf' ? attempt() : guarded(attempt));
}

async function show(opened: Vault, front: Uint8Array, older: boolean): Promise<void> {
  newest = front;
  openedOlder.value = older;
  vault.value = opened;
  touch();
  // The page was left while the passphrase was being hashed.
  if (document.hidden) onSight(false);
  const known = JSON.stringify(headerSafe(front)?.wraps);
  // The cost of the passphrase was raised, or the newest copy is damaged: say so on disk, too.
  if (older || known !== JSON.stringify(opened.header.wraps)) await keep((document) => document);
}

function headerSafe(blob: Uint8Array): Vault['header'] | undefined {
  try {
    return headerOf(blob);
  } catch {
    return undefined;
  }
}

/**
 * Adds ways to unlock, once the passphrase has been typed again; changes the document along with them.
 * @throws ScankeyError `wrong-passphrase`, `rate-limited`, `storage-failed`
 */
export async function enrol(
  passphrase: string,
  added: readonly Secret[],
  change: (document: VaultDocument) => VaultDocument = (document) => document,
): Promise<void> {
  const front = newest;
  if (!front) throw new ScankeyError('storage-failed');
  const { header } = await guarded(() => unlock(front, { k: 'pass', passphrase }, added));
  await keep(change, header);
}

/** Gives a way to unlock up. */
export async function dropWay(
  k: 'prf' | 'backup',
  change: (document: VaultDocument) => VaultDocument = (d) => d,
): Promise<void> {
  const current = vault.value;
  if (!current) throw new ScankeyError('storage-failed');
  await keep(change, { ...current.header, wraps: current.header.wraps.filter((wrap) => wrap.k !== k) });
}

/** Checks the passphrase before something that leaves the phone. @throws ScankeyError `wrong-passphrase`, `rate-limited` */
export const confirmPassphrase = (passphrase: string): Promise<void> => enrol(passphrase, []);

/**
 * A new passphrase and a new data key. Copies under the old passphrase are dropped, and so is the passkey, which would have to
 * be asked again.
 * @throws ScankeyError `wrong-passphrase`, `rate-limited`, `conflict`, `storage-failed`
 */
export async function changePassphrase(before: string, after: string): Promise<void> {
  await confirmPassphrase(before);
  const current = vault.value;
  if (!current) throw new ScankeyError('storage-failed');
  const { document, header } = current;
  const secrets: Secret[] = [{ k: 'pass', passphrase: after }];
  if (document.recovery) secrets.push({ k: 'backup', passphrase: after, recovery: fromBase64(document.recovery) });
  const renewed = await createVault(secrets, document, header.vault);
  await rekey({ ...renewed, header: { ...renewed.header, rev: header.rev } });
}

/** Goes on under another data key: the base of the next merge is sealed anew, older copies are dropped. */
export async function rekey(renewed: Vault): Promise<void> {
  const current = vault.value;
  const synced = await storage.readSynced();
  const base = current && synced && (await openWith(synced.base, current.key).catch(() => undefined));
  // First, so that the exchange that the new vault sets off finds its base.
  if (synced && base) {
    const { blob } = await seal(renewed, base.document, Date.now(), { only: 'pass' });
    await storage.writeSynced({ ...synced, base: blob });
  }
  const links = await storage.readLinks();
  if (!(await write(renewed, renewed.document, 0))) throw new ScankeyError('conflict');
  if (current && links)
    await storage.writeLinks(await sealComputers(await openComputers(links, current.key), renewed.key));
}

/**
 * Where the browser evicts what a site keeps, it may leave this: the recovery key, sealed as the vault is. With the passphrase it
 * finds the backup.
 */
async function writeEscrow(current: Vault): Promise<void> {
  if (!current.document.recovery) return localStorage.removeItem(ESCROW_KEY);
  const only = { ...newDocument([], phoneName.value), recovery: current.document.recovery };
  const { blob } = await seal(current, only, Date.now(), { only: 'pass' });
  try {
    localStorage.setItem(ESCROW_KEY, toBase64(blob));
  } catch {
    // Full: the vault itself is kept, and the sheet is the way back.
  }
}

/** The sealed recovery key, as it may be put by elsewhere; undefined where there is no backup. */
export const readEscrow = (): string | undefined => localStorage.getItem(ESCROW_KEY) ?? undefined;

/** A sealed recovery key that was put by: from here it goes on as if this browser had left it. */
export function takeEscrow(escrow: string): void {
  localStorage.setItem(ESCROW_KEY, escrow);
  if (!hasVault.value) hasVault.value = 'evicted';
}

/** The recovery key that eviction left. @throws ScankeyError `wrong-passphrase`, `vault-damaged` */
export async function openEscrow(passphrase: string): Promise<{ recovery: string; by: string }> {
  const stored = localStorage.getItem(ESCROW_KEY) ?? '';
  const { document } = await guarded(() => unlock(fromBase64(stored), { k: 'pass', passphrase }));
  return document;
}

/** Forgets everything that is open. */
export function lock(): void {
  locks++;
  vault.value = undefined;
  newest = undefined;
  openedOlder.value = false;
}

/** The person is using the vault. */
export function touch(): void {
  usedAt = Date.now();
}

/** The person leaves the page for something that the page asked for: a file, a printer. Five minutes at most. */
export function away(): void {
  awayUntil = Date.now() + 300_000;
}

/** Whether the vault is open and was used within the last minute; locks it otherwise. */
export function isFresh(): boolean {
  if (isUnlocked.value && Date.now() - usedAt > LOCK_MS && Date.now() > awayUntil) lock();
  return isUnlocked.value;
}

let leaving: ReturnType<typeof setTimeout> | undefined;
let leftAt = 0;
/** The page went out of sight or came back. */
export function onSight(visible: boolean): void {
  clearTimeout(leaving);
  const lockAway = () => {
    if (habits.value.locking === 'leave' && Date.now() > awayUntil) lock();
  };
  if (visible) {
    // A frozen page's clocks stood still.
    if (leftAt > 0 && Date.now() - leftAt > LEAVE_MS) lockAway();
    leftAt = 0;
    // A file that took a while to find is no minute without use.
    if (Date.now() < awayUntil) touch();
    awayUntil = 0;
  } else {
    leftAt = Date.now();
    leaving = setTimeout(lockAway, LEAVE_MS);
  }
  isFresh();
}

/** What computers and other phones call this one. */
export async function renamePhone(name: string): Promise<void> {
  phoneName.value = name.trim().slice(0, 40);
  await storage.writePhoneName(phoneName.value);
}

export async function setHabits(next: storage.Habits): Promise<void> {
  await storage.writeHabits(next);
  habits.value = next;
}

/** Adds or replaces accounts. @throws ScankeyError `trial-full`, `conflict`, `storage-failed` */
export async function saveAccounts(changed: readonly Account[]): Promise<void> {
  const ids = new Set(changed.map(({ id }) => id));
  const rest = accounts.value.filter(({ id }) => !ids.has(id));
  if (trial && rest.length + changed.length > TRIAL_ACCOUNTS) throw new ScankeyError('trial-full');
  await keep((document) => ({
    ...document,
    accounts: [...document.accounts.filter(({ id }) => !ids.has(id)), ...changed],
  }));
}

/** Notes that a sign-in was made with an account, so that it is offered first the next time. */
export const noteUse = (id: string): Promise<void> =>
  keep((document) => ({
    ...document,
    accounts: document.accounts.map((one) => (one.id === id ? { ...one, usedAt: Date.now() } : one)),
  }));

/** Puts `all` in the place of every account. @throws ScankeyError `trial-full`, `conflict`, `storage-failed` */
export async function replaceAccounts(all: readonly Account[]): Promise<void> {
  if (trial) throw new ScankeyError('trial-full');
  await keep((document) => ({ ...document, accounts: [...all] }));
}

/** @throws ScankeyError `conflict`, `storage-failed` */
export const deleteAccount = (id: string): Promise<void> =>
  keep((document) => ({ ...document, accounts: document.accounts.filter((account) => account.id !== id) }));

/** The open vault for the backup; undefined while it is locked. */
export const current = (): Vault | undefined => vault.value;
/** Hears of every change of the document. */
export const onChange = (listener: (document: VaultDocument | undefined) => void): (() => void) =>
  vault.subscribe((now) => listener(now?.document));
