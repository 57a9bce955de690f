// Runs in the browser: the phone's page as it is, all around it made up, so that it can be brought to any state at once. Nothing is
// asked of a companion, nothing is derived from a passphrase.
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { render } from 'preact';
import { sealComputers } from '../../src/phone/pairing/sealed-pairings.ts';
import * as boxes from '../../src/phone/pairing/stored.ts';
import { pairings, requests } from '../../src/phone/pairing/this-phone.ts';
import { say, speak } from '../../src/phone/parts/language.ts';
import { wordsIn } from '../../src/phone/parts/words.ts';
import { Page } from '../../src/phone/screens/page.tsx';
import { setup } from '../../src/phone/shell/first-run.ts';
import { install, update } from '../../src/phone/shell/offline.ts';
import { screen, toast } from '../../src/phone/shell/state.ts';
import { sayBlocked } from '../../src/phone/shell/storage-there.ts';
import type { Approval } from '../../src/phone/sign-in/approval.ts';
import type { PhoneSignIn } from '../../src/phone/sign-in/phone-sign-in.ts';
import { carried } from '../../src/phone/sign-in/take-code.ts';
import { alarmed, inApp, rejected, signIn } from '../../src/phone/sign-in/this-phone.ts';
import { ties } from '../../src/phone/sign-in/ties.ts';
import { standing } from '../../src/phone/vault/backup.ts';
import { clockAhead } from '../../src/phone/vault/clock-ahead.ts';
import { passphraseWeak } from '../../src/phone/vault/own-passphrase.ts';
import { loadNames } from '../../src/phone/vault/sites.ts';
import { habits, hasVault, lockedByHand, openedOlder, passkey, vault } from '../../src/phone/vault/vault.ts';
import { documentOf, type PhoneState, phoneStates } from '../fakes/phone-states.ts';

/** What the page only reads is written here. */
function put<T>(known: ReadonlySignal<T>, value: T): void {
  (known as Signal<T>).value = value;
}

/** Nobody answers; of those who ask there are as many as are wanted. */
const heard: { calls: object[] } = { calls: [] };
class Line {
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  constructor() {
    queueMicrotask(() => this.onopen?.());
  }
  send(said: string): void {
    if (JSON.parse(said).t !== 'listen') return;
    const data = JSON.stringify({ t: 'calls', calls: heard.calls, ended: [] });
    queueMicrotask(() => this.onmessage?.({ data }));
  }
  close(): void {}
}
/** What the companion's clock says, in ms before this one's. */
const clock = { behind: 0 };
const camera: { error?: string | undefined } = {};
Object.assign(window, {
  WebSocket: Line,
  fetch: async () =>
    new Response('{}', { status: 404, headers: { date: new Date(Date.now() - clock.behind).toUTCString() } }),
});
Object.defineProperty(navigator, 'mediaDevices', {
  value: {
    getUserMedia: () => (camera.error ? Promise.reject(new DOMException('no', camera.error)) : new Promise(() => {})),
  },
});
// Nothing that is pressed or called for leads to a device of this machine.
Object.defineProperty(navigator, 'credentials', { value: { get: () => new Promise(() => {}) } });

const root = document.getElementById('app') as HTMLElement;
const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
await loadNames();
// The first one to ask makes the place for all that is stored.
await boxes.readBoxes();

async function hear(state: PhoneState): Promise<void> {
  const computers = state.computers ?? [];
  requests.hush();
  await boxes.writePairings(await sealComputers(computers, key));
  await boxes.writeBoxes(state.calls ? computers.map(({ box, token }) => ({ box, token })) : []);
  heard.calls = computers.slice(0, state.calls ?? 0).map(({ box }, at) => ({
    ...{ box, time: Date.now(), proof: 'p'.repeat(43) },
    sid: `${at}${crypto.randomUUID().replaceAll('-', '')}`.slice(0, 22),
  }));
}

/** A sign-in that shows what it is told to, and does nothing. */
function standIn(shown: Approval): PhoneSignIn {
  const nothing = async () => {};
  const one: Partial<PhoneSignIn> = {
    shown: signal<Approval | undefined>(shown),
    unlocked: nothing,
    interrupt: nothing,
    decline: nothing,
  };
  return one as PhoneSignIn;
}

/** No part of the page works: what is said in its place. */
let plain = false;

async function show(name: string): Promise<void> {
  const state = phoneStates(Date.now()).find((one) => one.name === name);
  if (!state) throw new Error(`no state ${name}`);
  plain = state.place === 'no-storage';
  if (plain) return sayBlocked(await wordsIn(document.documentElement.lang));
  render(null, root);
  root.replaceChildren();
  await hear(state);
  const { vault: has = 'open', over = {} } = state;
  const header = { vault: 'v'.repeat(22), rev: 1, prev: '', time: 0, wraps: [] };
  put(vault.current, has === 'open' ? { header, key, document: documentOf(state) } : undefined);
  put(passkey, has === 'finger' ? { cred: 'c', salt: 's' } : undefined);
  hasVault.value = has === 'none' ? false : has === 'evicted' || has === 'blocked' ? has : true;
  lockedByHand.value = true;
  habits.value = { locking: 'leave', hints: [] };
  put(signIn, state.signIn && standIn(state.signIn));
  screen.value = state.screen ?? { at: 'list' };
  setup.value = state.setup && { step: state.setup, passphrase: '' };
  ties.value = over.tie ? [over.tie] : [];
  passphraseWeak.value = over.weak ?? false;
  put(openedOlder, over.older ?? false);
  put(standing, over.standing ?? { at: Date.now() });
  put(rejected as ReadonlySignal<typeof rejected.value>, state.rejected);
  alarmed.value = state.alarmed && 'c';
  toast.value = state.toast && { text: say('copied'), ...(state.toast.undo ? { undo() {} } : {}) };
  update.value = state.offered === 'update' ? () => {} : undefined;
  install.value = state.offered === 'install' ? async () => {} : undefined;
  clockAhead.value = clock.behind = state.ahead ?? 0;
  camera.error = state.camera;
  const code = { origin: location.origin, secret: new Uint8Array(16) };
  put(inApp.askable, state.askable && { provider: 'wechat', code: code as never });
  carried.value = `${location.origin}/#made`;
  await pairings.load();
  if (state.calls) await requests.listen();
  render(<Page reloaded={state.reloaded ?? false} />, root);
}

Object.assign(window, {
  show,
  async speak(language: string) {
    const words = await wordsIn(language);
    speak(words);
    if (toast.value) toast.value = { ...toast.value, text: say('copied') };
    if (plain) sayBlocked(words);
  },
  ready: true,
});
