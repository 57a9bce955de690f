// The extension's other pages, made up: the options, and what opens after installing, by how the companion stands.
import type { Known, SetUp } from '../../src/extension/messages.ts';
import type { Policy } from '../../src/extension/policy.ts';
import type { Companion } from '../../src/extension/view.ts';
import type { Trouble } from '../../src/popup/troubles.ts';
import { SITE } from './popup-states.ts';

export interface ExtensionPage {
  name: string;
  page: 'options' | 'welcome';
  known?: Partial<Known>;
  companion?: Companion;
  /** What whoever looks after the computer has set. */
  managed?: Partial<Policy>;
  trouble?: Trouble;
  /** How far a phone has come. */
  phone?: SetUp['step'];
  /** What the person has pressed (CSS). */
  press?: string;
  /** What is there then (CSS). */
  shows: string;
}

const companion: Companion = {
  relay: 'https://keys.ward-north.example',
  phoneOrigin: 'https://keys.ward-north.example',
  providers: [],
};
const known = {
  phones: [
    { id: 'p', name: 'Li’s phone', addedAt: 0, usedAt: 0, here: true },
    { id: 'q', name: 'Work phone of the whole north ward', addedAt: 0, usedAt: 0, here: true },
  ],
  automatic: [{ origin: SITE, pairing: 'p' }],
  allowed: [`${SITE}/*`],
};

export const POLICY: Policy = {
  organisation: 'St. Mary’s Hospital, North',
  companion: companion.relay,
  allowedSites: ['*.ward-north.example'],
  forbiddenSites: [],
  noPairing: true,
  nearOnly: true,
  language: '',
  phonePages: [],
};

export const EXTENSION_PAGES: readonly ExtensionPage[] = [
  { name: 'options', page: 'options', shows: 'main section:nth-of-type(2)' },
  { name: 'options-known', page: 'options', known, companion, shows: 'main section:nth-of-type(4)' },
  { name: 'options-forget', page: 'options', known, companion, press: 'li > .quiet', shows: 'li button.bad' },
  { name: 'options-managed', page: 'options', known, companion, managed: POLICY, shows: 'main section ul' },
  { name: 'options-wrong', page: 'options', managed: { ...POLICY, nearOnly: undefined }, shows: 'main .notice' },
  { name: 'welcome', page: 'welcome', companion, shows: 'svg.code' },
  {
    name: 'welcome-try',
    page: 'welcome',
    companion,
    press: 'section > .quiet',
    shows: 'section:last-of-type .primary',
  },
  { name: 'welcome-scanned', page: 'welcome', companion, phone: 'scanned', shows: 'section .sign' },
  { name: 'welcome-trial', page: 'welcome', companion: { ...companion, trial: true }, shows: 'section .notice.warn' },
  ...(['unreachable', 'not-a-companion', 'origin-required'] as const).map((trouble) => ({
    ...{ name: `welcome-${trouble}`, page: 'welcome' as const, trouble, shows: '[role=status] .notice' },
  })),
];
