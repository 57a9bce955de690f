// What popup and options page share: language, the companion, what this browser knows, and how the background is asked.
import { signal } from '@preact/signals';
import * as v from 'valibot';
import browser from 'webextension-polyfill';
import type { Ask, Known, Reply } from '../extension/messages.ts';
import { Companion } from '../extension/view.ts';
import type { Code } from '../protocol/errors.ts';
import { nameOfProvider, type ProviderId } from '../protocol/providers.ts';
import { ERRORS, POPUP } from '../ui/catalogues.ts';
import { chooseLanguage, speaker } from '../ui/locales/i18n.ts';

export const language = chooseLanguage(navigator.languages, Object.keys(POPUP));
document.documentElement.lang = language;
export const say = speaker(POPUP, () => language);
const explain = speaker(ERRORS, () => language);
/** What went wrong, for people. */
export const reason = (code: Code): string => explain(code, { origin: '' });
export const providerName = (id: ProviderId): string => nameOfProvider(id, language);
/** A point in time as the person's language writes it; `ms` since 1970. */
export const dateOf = (ms: number): string => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(ms);
/** Hosts as the person's language counts them up. */
export const listOf = (hosts: readonly string[]): string => new Intl.ListFormat(language).format(hosts);

/** Address of the companion in force. */
export const relay = signal('');
/** Address of its phone page; null until it has been reached once. */
export const phonePage = signal<string | null>(null);
/** Phones and sites that this browser remembers; undefined until the background has said. */
export const known = signal<Known | undefined>(undefined);

/** A worker that dies while it answers is simply asked again. */
export async function ask(message: Ask): Promise<Reply> {
  const send = (): Promise<Reply> => browser.runtime.sendMessage(message);
  const reply = (await send().catch(send)) ?? ({ ok: false, code: 'unreachable' } as const);
  if (reply.ok && reply.known) known.value = reply.known;
  return reply;
}

export async function readRelay(): Promise<void> {
  const companion = v.safeParse(Companion, (await browser.storage.local.get('companion')).companion);
  phonePage.value = companion.success ? companion.output.phoneOrigin : null;
  relay.value = companion.success ? companion.output.relay : DEFAULT_COMPANION;
}
