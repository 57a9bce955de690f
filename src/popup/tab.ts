// The popup's one state: what storage holds of the tab that it was opened over. Screens are drawn from it; what they ask for changes
// storage, and comes back from there.
import { computed, signal } from '@preact/signals';
import type { Phone } from '../extension/messages.ts';
import type { Code } from '../protocol/errors.ts';
import { readStored, type Stored, shownOf } from './shown.ts';
import { ask } from './state.ts';
import { isTrouble, type Trouble } from './trouble.tsx';

export const tab = signal<{ id: number; site: string } | undefined>(undefined);
export const stored = signal<Stored>({});
/** Why nothing can be begun here. */
export const refusal = signal<Code | undefined>(undefined);
/** What is wrong with the companion, as it last was asked. */
export const trouble = signal<Trouble | undefined>(undefined);
/** The time that screens count by, ms since 1970. */
export const now = signal(Date.now());
/** Whether the settings are shown in place of the sign-in. */
export const inSettings = signal(false);
export const shown = computed(() => shownOf(stored.value, now.value));

/** Takes in what storage holds. */
export function takeIn(everything: Record<string, unknown>): void {
  const { drawing } = stored.value;
  stored.value = { ...(drawing ? { drawing } : {}), ...readStored(everything, tab.value?.id, Date.now()) };
}

/** Shows this tab's sign-in or begins one (`open`), or begins anew (`renew`). */
export async function begin(t: 'open' | 'renew'): Promise<void> {
  const id = tab.value?.id;
  if (id === undefined) return;
  refusal.value = undefined;
  const reply = await ask({ t, tabId: id });
  if (!reply.ok) refusal.value = reply.code;
}

/** Whether the companion stands in the way: nothing could be begun, or the sign-in that was does not reach it. */
export const isCutOff = computed(
  () => (refusal.value !== undefined && isTrouble(refusal.value)) || stored.value.signIn?.up === false,
);

/** Asks the companion again, and goes on with it where it answers. */
export async function lookAgain(): Promise<void> {
  const reply = await ask({ t: 'check' });
  trouble.value = !reply.ok && isTrouble(reply.code) ? reply.code : undefined;
  if (reply.ok && refusal.value !== undefined && isTrouble(refusal.value)) await begin('open');
}

/** Asks a remembered phone: to sign in here, or to save what was typed here. */
export function request(phone: Pick<Phone, 'id'>, what: 'sign-in' | 'save'): void {
  const id = tab.value?.id;
  if (id !== undefined) void ask({ t: 'call', tabId: id, pairing: phone.id, save: what === 'save' });
}
