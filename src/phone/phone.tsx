// The phone page: shows the vault, or the sign-in that is asked for.
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { sealing } from '../protocol/seal.ts';
import { hasEnded } from '../protocol/session/common.ts';
import { stayWoken } from './pairing/notifications.ts';
import { pairings, startListening } from './pairing/this-phone.ts';
import { lendBench } from './parts/decoder.ts';
import { followHeadline } from './parts/headline.ts';
import { speak } from './parts/language.ts';
import type { Words } from './parts/words.ts';
import { Page } from './screens/page.tsx';
import { setup } from './shell/first-run.ts';
import { takeFragment } from './shell/fragment.ts';
import { awaitInstall, startOffline } from './shell/offline.ts';
import { ownScripts } from './shell/own-scripts.ts';
import { followBack, go, insideApp } from './shell/state.ts';
import { employ, stayReady } from './shell/workshop.ts';
import { openLink, trySheets } from './sign-in/take-code.ts';
import { approval, inApp, resume, signIn, takeLink } from './sign-in/this-phone.ts';
import { watchTies } from './sign-in/ties.ts';
import { sync } from './vault/backup.ts';
import { checkClock } from './vault/clock-ahead.ts';
import { backFromFinding } from './vault/find-vault.ts';
import { loadNames } from './vault/sites.ts';
import { away, isFresh, isUnlocked, load, onSight, touch, vault } from './vault/vault.ts';
import worker from './workshop.worker.ts?worker&url';

/** The page was loaded anew in the middle of a sign-in. */
const reloaded = signal(false);
const Root = () => <Page reloaded={reloaded.value} />;

/** The vault locks when it is not used, or when the page is left. */
function watchUse(): void {
  for (const use of ['pointerdown', 'keydown'])
    window.addEventListener(use, () => isFresh() && touch(), { passive: true, capture: true });
  // The system's chooser covers the page, which is not left by that.
  const chooses = ({ target }: Event) => target instanceof HTMLInputElement && target.type === 'file' && away();
  window.addEventListener('click', chooses, { capture: true });
  setInterval(isFresh, 1000);
  document.addEventListener('visibilitychange', () => {
    // What the phone shows of its open apps is a picture of the page as it was left.
    document.documentElement.classList.toggle('away', document.hidden);
    onSight(!document.hidden);
    if (document.hidden) void signIn.peek()?.interrupt();
  });
}

/** Safari draws its keyboard over the page instead of making that smaller: what must stay in sight ends above it. */
function stayAboveKeyboard(): void {
  const view = window.visualViewport;
  view?.addEventListener('resize', () => {
    // Whoever enlarges the page with two fingers sees less of it, and wants it so.
    if (view.scale === 1) document.documentElement.style.setProperty('--seen', `${view.height}px`);
  });
}

/** Nothing of what was under way in an open vault goes on in a locked one. */
function stopAtLock(): void {
  effect(() => {
    if (isUnlocked.value) return;
    void signIn.peek()?.interrupt();
    go({ at: 'list' });
    setup.value = undefined;
  });
}

/** The companion hears of every change, and of the vault's being opened. */
function backUpChanges(): void {
  let told = '';
  vault.current.subscribe((opened) => {
    const now = opened ? `${opened.header.rev}` : '';
    if (opened?.document.recovery && now !== told) void sync();
    told = now;
  });
  window.addEventListener('online', () => void sync());
}

/** Remembered computers may ask, and wake the phone. */
function listen(): void {
  startListening();
  effect(() => {
    if (pairings.computers.value.length > 0) void stayWoken().catch(() => {});
  });
}

/** Goes on with whatever the page was opened for, or was left in the middle of. */
async function takeUp(fragment: string): Promise<void> {
  if (fragment) return openLink(fragment);
  if (insideApp) {
    const back = await inApp.back();
    if (back) await takeLink(back, 'navigation', true);
    return;
  }
  await backFromFinding();
  reloaded.value = await resume();
}

/** Loads what a passphrase and a code will ask for; by the time that one is typed, or the other answered, it is there. */
function prepare(): void {
  void sealing().catch(() => {});
  void loadNames().catch(() => {});
  stayReady();
}

/** Nobody waits for a sign-in, and what the next one needs is there. */
async function untilQuiet(): Promise<void> {
  let stop = () => {};
  await new Promise<void>((resolve) => {
    stop = approval.subscribe((current) => {
      if (!current || hasEnded(current.session)) resolve();
    });
  });
  stop();
  await Promise.allSettled([sealing(), loadNames()]);
}

/** Begins. @param words of the language that it speaks @param opened the fragment that the page was opened with */
export function start(words: Words, opened: string): void {
  speak(words);
  const scripts = ownScripts(worker);
  const startWorker = () => new Worker(scripts.worker, { type: 'module' });
  employ(startWorker);
  lendBench(startWorker);
  // Another code may have been opened meanwhile.
  const fragment = takeFragment() || opened;
  window.addEventListener('hashchange', () => void openLink(takeFragment()));
  watchUse();
  stayAboveKeyboard();
  stopAtLock();
  trySheets();
  backUpChanges();
  followBack();
  const root = document.getElementById('app');
  if (root) {
    followHeadline(root);
    render(<Root />, root);
  }
  // Once there is something to see.
  void load().then(() => setTimeout(prepare));
  watchTies();
  void checkClock();
  if (!insideApp) listen();
  awaitInstall();
  // Whatever became of what it was opened for.
  void takeUp(fragment)
    .catch(() => {})
    .then(untilQuiet)
    .then(() => startOffline(scripts.service));
}
