// What the popup's one frame holds at a moment, as a value: decided by frame-of.ts, drawn by stage.tsx, done by deeds.ts.
import type { IconNode } from 'lucide';
import type { Known } from '../extension/messages.ts';
import type { Need } from '../extension/permissions.ts';
import type { Drawing } from '../extension/view.ts';
import type { Code } from '../protocol/errors.ts';
import type { ProviderId } from '../protocol/providers.ts';
import type popup from '../ui/locales/en/popup.ts';
import type { Speak } from '../ui/locales/i18n.ts';
import type { Tone } from '../ui/tones.ts';
import type { Stored } from './shown.ts';
import type { Trouble } from './troubles.ts';

/** What a button does. */
export type Deed =
  | { do: 'begin'; anew: boolean }
  | { do: 'close' | 'choose-server' | 'finish-setup' | 'show-number' | 'choose-provider' }
  | { do: 'cancel'; sid: string }
  | { do: 'call'; pairing: string; save: boolean }
  | { do: 'pair'; sid: string; yes: boolean }
  | { do: 'drop-offer'; tabId: number }
  | { do: 'allow'; need: Need; keep: boolean }
  | { do: 'automatic'; origin: string; tabId: number; pairing: string | null; given: boolean }
  | { do: 'split-key'; how: 'open' | 'make' | 'drop'; tabId: number; origin: string; provider: ProviderId };

export interface Button {
  label: string;
  deed: Deed;
  /** For a screen reader that hears of more than is seen: the whole sentence. */
  name?: string;
  /** Whether what it opens is open. */
  open?: boolean;
}

/** Other ways and standing agreements: small buttons below the headline. */
export interface Row {
  text?: string;
  buttons: readonly Button[];
}

/** The large thing in the middle. */
export type Visual =
  | { of: 'code'; drawing?: Drawing; seconds?: number; over?: Button }
  | { of: 'icon'; icon: IconNode };

/** Two at most; the first is the main one, but for a danger, which has none. */
type Actions = readonly [] | readonly [Button] | readonly [Button, Button];

export interface Frame {
  tone: Tone;
  /** How many of the three steps lie behind; none where they are not gone. */
  step?: 0 | 1 | 2 | 3;
  visual: Visual;
  headline: string;
  detail: readonly string[];
  digits?: string;
  /** The companion has to be told of this extension: how. */
  admit?: boolean;
  rows: readonly Row[];
  actions: Actions;
  /** Whether the first of the actions is what is hoped for: drawn in full colour. */
  main?: boolean;
  /** There is nothing more to decide or read: it closes by itself. */
  closes?: boolean;
}

/** All that the frame is decided by. */
export interface About {
  stored: Stored;
  /** ms since 1970 */
  now: number;
  /** Undefined until the background has said. */
  known: Known | undefined;
  /** Why nothing can be begun here. */
  refusal: Code | undefined;
  /** Address of the companion in force. */
  relay: string;
  site: string;
  /** What is wrong with the companion, as it last was asked. */
  trouble: Trouble | undefined;
  /** Whether the site's permission is there, by origin; undefined until the browser has said. */
  given: { origin: string; is: boolean } | undefined;
  /** The number, and the list of providers, are open. */
  opened: { number: boolean; providers: boolean };
}

export interface Words {
  say: Speak<typeof popup>;
  reason(code: Code): string;
  provider(id: ProviderId): string;
  list(hosts: readonly string[]): string;
}
