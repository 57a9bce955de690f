// What popup and options page share: language, the companion, what this browser knows, and how the background is asked.
import { computed, effect, signal } from '@preact/signals';
import browser from 'webextension-polyfill';
import { type Ask, type Known, type Reply, WELCOME } from '../extension/messages.ts';
import { managedBy, readManaged } from '../extension/policy.ts';
import { companionOf } from '../extension/view.ts';
import type { Code } from '../protocol/errors.ts';
import { nameOfProvider, type ProviderId } from '../protocol/providers.ts';
import { ERRORS, POPUP } from '../ui/catalogues.ts';
import { chooseLanguage, speaker } from '../ui/locales/i18n.ts';

/** How this computer is looked after: by nobody, until that is read. */
export const managed = signal(managedBy({}));
const readPolicy = async (): Promise<void> => {
  managed.value = await readManaged();
};
/** Whoever draws waits for it: what is set for everybody counts from the first word. Where a policy installs this, it comes a moment later. */
export async function followPolicy(): Promise<void> {
  browser.storage.onChanged.addListener((_changes, area) => {
    if (area === 'managed') void readPolicy().then(readRelay);
  });
  await readPolicy();
}
export const language = computed(() => {
  const wanted = managed.value.is === 'managed' ? [managed.value.policy.language].filter(Boolean) : [];
  return chooseLanguage([...wanted, ...navigator.languages], Object.keys(POPUP));
});
effect(() => {
  document.documentElement.lang = language.value;
});
export const say = speaker(POPUP, () => language.value);
const explain = speaker(ERRORS, () => language.value);
/** What went wrong, for people. */
export const reason = (code: Code): string => explain(code, { origin: '' });
export const providerName = (id: ProviderId): string => nameOfProvider(id, language.value);
/** A point in time as the person's language writes it; `ms` since 1970. */
export const dateOf = (ms: number): string =>
  new Intl.DateTimeFormat(language.value, { dateStyle: 'medium' }).format(ms);
/** Hosts as the person's language counts them up. */
export const listOf = (hosts: readonly string[]): string => new Intl.ListFormat(language.value).format(hosts);

/** Address of the companion in force. */
export const relay = signal('');
/** Address of its phone page; null until it has been reached once. */
export const phonePage = signal<string | null>(null);
/** Whether the phone's browser will warn of its certificate. */
export const trial = signal(false);
/** Phones and sites that this browser remembers; undefined until the background has said. */
export const known = signal<Known | undefined>(undefined);

/** A worker that dies while it answers is simply asked again. */
export async function ask(message: Ask): Promise<Reply> {
  const send = (): Promise<Reply> => browser.runtime.sendMessage(message);
  const reply = (await send().catch(send)) ?? ({ ok: false, code: 'unreachable' } as const);
  if (reply.ok && reply.known) known.value = reply.known;
  return reply;
}

/** Opens the page that leads through the first minute, in a tab of its own. */
export const openWelcome = (): void => void browser.tabs.create({ url: browser.runtime.getURL(WELCOME) });

export async function readRelay(): Promise<void> {
  if (managed.value.is === 'wrong') return;
  const { companion } = await browser.storage.local.get('companion');
  const inForce = companionOf(companion, managed.value.policy, DEFAULT_COMPANION);
  phonePage.value = inForce.phoneOrigin;
  trial.value = inForce.trial === true;
  relay.value = inForce.relay;
}
