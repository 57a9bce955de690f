// What the phone page knows: language, screen, and the vault while it is unlocked.
import { computed, effect, signal } from '@preact/signals';
import type { Bytes } from '../protocol/encoding.ts';
import { codeOf, ScankeyError } from '../protocol/errors.ts';
import { chooseLanguage, LANGUAGES, type Language, speaker } from '../ui/i18n.ts';
import { REASONS } from '../ui/reasons.ts';
import { loadSuffixes } from './sites.ts';
import * as storage from './storage.ts';
import { TEXT } from './text.ts';
import { type Account, createVault, revisionOf, seal, unlock, type Vault } from './vault.ts';

/** The vault closes this long after the last touch or key. */
export const LOCK_MS = 60_000;
const TRIAL_ACCOUNTS = 3;
const LANGUAGE_KEY = 'language';

const stored = localStorage.getItem(LANGUAGE_KEY);
export const language = signal<Language>(
  LANGUAGES.find((known) => known === stored) ?? chooseLanguage(navigator.languages),
);
effect(() => {
  document.documentElement.lang = language.value;
});
export const say = speaker(TEXT, () => language.value);
export const reason = speaker(REASONS, () => language.value);

export function speakIn(chosen: Language): void {
  localStorage.setItem(LANGUAGE_KEY, chosen);
  language.value = chosen;
}

/** The companion made its own certificate (the companion writes this into the page). */
export const trial = document.documentElement.dataset.trial === 'true';

export type Screen = { at: 'list' } | { at: 'scan' } | { at: 'edit'; account: Account | undefined; site: string };
export const screen = signal<Screen>({ at: 'list' });

/** Null until storage has been asked whether there is a vault. */
export const hasVault = signal<boolean | null>(null);
const vault = signal<Vault | undefined>(undefined);
export const isUnlocked = computed(() => vault.value !== undefined);
export const accounts = computed<readonly Account[]>(() => vault.value?.document.accounts ?? []);
export const phoneName = signal('');

/** When the vault was last used, ms since 1970. */
let usedAt = 0;
let newest: Bytes | undefined;

/** Asks storage what there is. */
export async function load(): Promise<void> {
  const [copies, name] = await Promise.all([storage.readVault(), storage.readPhoneName()]);
  phoneName.value = name;
  hasVault.value = copies.length > 0;
  // By the time a passphrase is typed it is there.
  void loadSuffixes();
}

/** Lets the screen paint before the passphrase is hashed, which keeps the page busy for half a second. */
const painted = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

async function keep(next: Vault, accountsAfter: readonly Account[]): Promise<void> {
  const sealed = await seal(next, { v: 1, accounts: [...accountsAfter] }, Date.now(), newest);
  await storage.writeVault(sealed.blob, next.header.rev);
  newest = sealed.blob;
  vault.value = sealed.vault;
}

/** First run: an empty vault under `passphrase`. @throws ScankeyError `storage-failed` */
export async function create(passphrase: string, name: string): Promise<void> {
  await painted();
  await loadSuffixes();
  const made = await createVault(passphrase);
  await storage.writePhoneName(name);
  await keep(made, []);
  phoneName.value = name;
  hasVault.value = true;
  touch();
}

/** Seconds to wait after `wrong` tries in a row: none for two, then doubling, five minutes at most. */
export const delayAfter = (wrong: number): number => (wrong < 3 ? 0 : Math.min(2 ** (wrong - 3), 300));

/** How long the next try has to wait, in ms. */
export async function waitBeforeTry(): Promise<number> {
  return Math.max(0, (await storage.readTries()).until - Date.now());
}

/** Opens the vault; the newest copy that is not damaged counts. @throws ScankeyError `wrong-passphrase` and others of `unlock` */
export async function open(passphrase: string): Promise<void> {
  if ((await waitBeforeTry()) > 0) throw new ScankeyError('rate-limited');
  await painted();
  await loadSuffixes();
  const { wrong } = await storage.readTries();
  // Counted before it is tried: closing the page does not give a try back.
  await storage.writeTries({ wrong: wrong + 1, until: Date.now() + delayAfter(wrong + 1) * 1000 });
  const copies = await storage.readVault();
  let failure: unknown = new ScankeyError('vault-damaged');
  for (const [index, copy] of copies.entries()) {
    try {
      const opened = await unlock(copy, passphrase);
      await storage.writeTries({ wrong: 0, until: 0 });
      newest = copies[0];
      // An older copy goes on from the newest one's revision, so that saving it is no conflict.
      const rev = index === 0 || !newest ? opened.header.rev : revisionOr(newest, opened.header.rev);
      vault.value = { ...opened, header: { ...opened.header, rev } };
      touch();
      return;
    } catch (error) {
      failure = error;
      if (codeOf(error, 'vault-damaged') !== 'vault-damaged') break;
    }
  }
  throw failure;
}

function revisionOr(blob: Bytes, otherwise: number): number {
  try {
    return revisionOf(blob);
  } catch {
    return otherwise;
  }
}

/** Forgets everything that is open. */
export function lock(): void {
  vault.value = undefined;
  newest = undefined;
  screen.value = { at: 'list' };
}

/** The person is using the vault. */
export function touch(): void {
  usedAt = Date.now();
}

/** Whether the vault is open and was used within the last minute; locks it otherwise. */
export function isFresh(): boolean {
  if (isUnlocked.value && Date.now() - usedAt > LOCK_MS) lock();
  return isUnlocked.value;
}

/** Adds or replaces one account. @throws ScankeyError `trial-full`, `conflict`, `storage-failed` */
export async function saveAccount(account: Account): Promise<void> {
  const current = vault.value;
  if (!current) throw new ScankeyError('storage-failed');
  const others = current.document.accounts.filter(({ id }) => id !== account.id);
  if (trial && others.length >= TRIAL_ACCOUNTS) throw new ScankeyError('trial-full');
  await keep(current, [...others, account]);
}

/** @throws ScankeyError `conflict`, `storage-failed` */
export async function deleteAccount(id: string): Promise<void> {
  const current = vault.value;
  if (current)
    await keep(
      current,
      current.document.accounts.filter((account) => account.id !== id),
    );
}
