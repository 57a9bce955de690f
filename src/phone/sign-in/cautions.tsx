// What speaks against a release, in words, each with the tick that it may need.
import type { ComponentProps } from 'preact';
import { Notice } from '../../ui/components.tsx';
import { Check } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { clockAhead } from '../vault/clock-ahead.ts';
import type { Account } from '../vault/document.ts';
import type { Astray } from '../vault/sites.ts';
import type { Elsewhere } from './choice.ts';

type Tick = Pick<ComponentProps<typeof Check>, 'checked' | 'onTick'>;

/** A page that is not encrypted: whoever stands between can read what is typed into it. */
export const Insecure = (tick: Tick) => (
  <div class="notice warn">
    <p>{say('insecure')}</p>
    <Check {...tick} label={say('insecureSure')} />
  </div>
);

/** The account's own rule speaks against this computer. */
export const Refused = ({ account }: { account: Account | undefined }) => (
  <Notice tone="warn">{say(account?.guard === 'near' ? 'tooFar' : 'needRemembered')}</Notice>
);

/** A span of time in its largest unit; `ms` long. */
function spanOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes >= 1440) return say('days', { count: Math.round(minutes / 1440) });
  return minutes >= 60
    ? say('hours', { count: Math.round(minutes / 60) })
    : say('minutes', { count: Math.max(1, minutes) });
}

/** The companion has another time than this phone, whose one-time codes are made of its own. */
export function WrongClock() {
  const ahead = clockAhead.value;
  if (ahead === 0) return null;
  return (
    <Notice tone="warn">{say(ahead > 0 ? 'clockAhead' : 'clockBehind', { time: spanOf(Math.abs(ahead)) })}</Notice>
  );
}

/** The form sends to where nothing may go, of this account or of one that is yet to be made; the request says where that is. */
export const SentAstray = ({ why, account }: { why: Astray | undefined; account: Account | undefined }) =>
  why && <Notice tone="bad">{say(why === 'stranger' && !account ? 'astray_new' : `astray_${why}`)}</Notice>;

/** An account that is stored for another address than the page's, or than the one that its form sends to: which, and how near that is. */
export const OtherAddress = ({ of: { site, nearness }, ...tick }: { of: Elsewhere } & Tick) => (
  <div class="notice warn">
    <p>{site ? say(`near_${nearness}`, { site }) : say('near_none')}</p>
    <Check {...tick} label={say('otherAddressSure')} />
  </div>
);
