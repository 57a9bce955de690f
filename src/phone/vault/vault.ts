// This phone's vault: its parts, put together once with the phone's own storage and clock.
import { computed, signal } from '@preact/signals';
import { ScankeyError } from '../../protocol/errors.ts';
import { removeAll } from '../shell/database.ts';
import { trial } from '../shell/state.ts';
import { accountsOf } from './accounts.ts';
import { autoLock } from './auto-lock.ts';
import { newDocument } from './document.ts';
import * as sealed from './escrow.ts';
import { createVault, type Vault } from './format.ts';
import { guessLimit } from './guess-limit.ts';
import { type OpenVault, openVault } from './open.ts';
import { loadNames } from './sites.ts';
import * as storage from './stored.ts';
import { waysOf } from './ways.ts';
import type { Secret } from './wraps.ts';

const ESCROW_KEY = 'escrow';

/**
 * Null until storage has been asked whether there is a vault. `evicted`: the browser threw it away, but a backup can be found.
 * `blocked`: it lets the page store nothing.
 */
export const hasVault = signal<boolean | 'evicted' | 'blocked' | null>(null);
export const phoneName = signal('');
export const habits = signal<storage.Habits>({ locking: 'leave', hints: [] });

const others = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('vault');

export const vault = openVault({
  copies: storage,
  now: () => Date.now(),
  by: () => phoneName.value,
  async onWritten(written) {
    const escrow = await sealed.sealEscrow(written, phoneName.value, Date.now());
    try {
      if (escrow) localStorage.setItem(ESCROW_KEY, escrow);
      else localStorage.removeItem(ESCROW_KEY);
    } catch {
      // Full: the vault itself is stored, and the sheet is the way back.
    }
  },
  announce: () => others?.postMessage('written'),
});
others?.addEventListener('message', ({ data }) => {
  // Nothing that this tab still knows of an erased vault is to find its way back.
  if (data === 'erased') location.reload();
  else void vault.adopt().then(load);
});

export const { isUnlocked, passkey, openedOlder, lock } = vault;
/** The vault was locked by a tap, and not since by itself: nothing is to open it of its own accord. */
export const lockedByHand = signal(false);
vault.isUnlocked.subscribe((open) => {
  if (open) lockedByHand.value = false;
});
/** Locks by the person's own tap. */
export function lockByHand(): void {
  lock();
  lockedByHand.value = true;
}
export const accounts = accountsOf(vault, trial);
/** The recovery key, base64url; empty while there is no backup. */
export const recovery = computed(() => vault.current.value?.document.recovery ?? '');
/** The open vault; undefined while it is locked. */
export const current = (): Vault | undefined => vault.current.value;

export const limit = guessLimit(storage, () => Date.now());
export const { waitBeforeTry, guarded } = limit;
export const ways = waysOf(vault, limit);
export const { enrol, dropWay, confirmPassphrase, changePassphrase } = ways;
export const { touch, away, isFresh, onSight } = autoLock(vault, {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  isHidden: () => document.hidden,
  locksOnLeave: () => habits.value.locking === 'leave',
});

/** Asks storage what there is, as the page opens and as another tab has changed it. */
export async function load(): Promise<void> {
  try {
    const [there, name, known] = await Promise.all([vault.look(), storage.readPhoneName(), storage.readHabits()]);
    phoneName.value = name;
    habits.value = known;
    hasVault.value = there || (localStorage.getItem(ESCROW_KEY) === null ? false : 'evicted');
  } catch {
    hasVault.value = 'blocked';
  }
}

/** First run, or a restored backup: `made` becomes this phone's vault. @throws ScankeyError as `OpenVault.begin` */
export async function begin(made: Vault, name: string, how?: Parameters<OpenVault['begin']>[1]): Promise<void> {
  await loadNames();
  phoneName.value = name;
  await storage.writePhoneName(name);
  await vault.begin(made, how);
  hasVault.value = true;
  // A browser that knows that this matters evicts it last.
  void navigator.storage?.persist?.();
}

/** First run: an empty vault under `passphrase`. @throws ScankeyError `storage-failed` */
export const create = async (passphrase: string, name: string): Promise<void> =>
  begin(await createVault([{ k: 'pass', passphrase }], newDocument()), name);

/** Gives up this phone's vault and all that it stores; the backup stays where it is. @throws ScankeyError `storage-failed` */
export async function erase(): Promise<void> {
  await removeAll();
  localStorage.clear();
  others?.postMessage('erased');
  location.reload();
}

/** Opens the vault. @throws ScankeyError `wrong-passphrase`, `rate-limited`, `params-refused`, `vault-damaged` */
export async function open(secret: Secret): Promise<void> {
  const attempt = async () => {
    await loadNames();
    await vault.unlock(secret);
  };
  // A passkey cannot be guessed.
  await (secret.k === 'prf' ? attempt() : guarded(attempt));
}

/** The sealed recovery key, as it may be put by elsewhere; undefined where there is no backup. */
export const readEscrow = (): string | undefined => localStorage.getItem(ESCROW_KEY) ?? undefined;

/** A sealed recovery key that was put by: from here it goes on as if this browser had left it. */
export function takeEscrow(escrow: string): void {
  localStorage.setItem(ESCROW_KEY, escrow);
  if (!hasVault.value) hasVault.value = 'evicted';
}

/** The recovery key that eviction left. @throws ScankeyError `wrong-passphrase`, `vault-damaged`, `rate-limited` */
export const openEscrow = (passphrase: string): Promise<{ recovery: string; by: string }> =>
  guarded(() => sealed.openEscrow(readEscrow() ?? '', passphrase));

/** What computers and other phones call this one. */
export async function renamePhone(name: string): Promise<void> {
  phoneName.value = name.trim().slice(0, 40);
  await storage.writePhoneName(phoneName.value);
}

export async function setHabits(next: storage.Habits): Promise<void> {
  await storage.writeHabits(next);
  habits.value = next;
}

/** What was offered or told is not said again. */
export const putOff = (hint: string): Promise<void> =>
  setHabits({ ...habits.value, hints: [...new Set([...habits.value.hints, hint])] });

/** The key by which companions know this vault's owner, PKCS #8 in base64url; `made` where there is none yet. */
export async function identityOr(made: () => Promise<string>): Promise<string> {
  if (!current()?.document.identity) {
    const identity = await made();
    await vault.change((document) => (document.identity ? document : { ...document, identity }));
  }
  const identity = current()?.document.identity;
  if (!identity) throw new ScankeyError('cancelled');
  return identity;
}
