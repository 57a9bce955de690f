// The popup's one state: what storage holds of the tab that it was opened over, and what the person has opened in it. The frame is
// decided from it; what its buttons ask for changes storage, and comes back from there.
import { computed, signal } from '@preact/signals';
import type { Code } from '../protocol/errors.ts';
import type { About } from './frame.ts';
import { frameOf } from './frame-of.ts';
import { readStored, type Stored } from './shown.ts';
import { ask, known, listOf, providerName, reason, relay, say } from './state.ts';
import { isTrouble, type Trouble } from './troubles.ts';

export const tab = signal<{ id: number; site: string } | undefined>(undefined);
export const stored = signal<Stored>({});
/** Why nothing can be begun here. */
export const refusal = signal<Code | undefined>(undefined);
/** What is wrong with the companion, as it last was asked. */
const trouble = signal<Trouble | undefined>(undefined);
/** The time that the frame counts by, ms since 1970. */
export const now = signal(Date.now());
/** Whether the settings are shown in place of the sign-in. */
export const inSettings = signal(false);
export const given = signal<About['given']>(undefined);
/** The sign-in of which the number is shown, and whether the list of providers is. */
export const numberOf = signal<string | undefined>(undefined);
export const choosingProvider = signal(false);

export const frame = computed(() => {
  const { signIn, request } = stored.value;
  const about: About = {
    stored: stored.value,
    now: now.value,
    known: known.value,
    refusal: refusal.value,
    relay: relay.value,
    site: tab.value?.site ?? '',
    trouble: trouble.value,
    given: given.value,
    opened: {
      number: numberOf.value !== undefined && [signIn?.sid, request?.sid].includes(numberOf.value),
      providers: choosingProvider.value,
    },
  };
  return frameOf(about, { say, reason, provider: providerName, list: listOf });
});

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
