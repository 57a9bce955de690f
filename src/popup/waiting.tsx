// A code to scan, and beside it everything else by which one can sign in here.
import browser from 'webextension-polyfill';
import { type Need, permissionsFor } from '../extension/permissions.ts';
import type { Drawing, View } from '../extension/view.ts';
import { Automatic } from './automatic.tsx';
import { Code, State, Unreachable } from './parts.tsx';
import { Phones } from './phones.tsx';
import { secondsLeft } from './shown.ts';
import { SplitKey } from './split-key.tsx';
import { known, reachable, say } from './state.ts';
import { now } from './tab.ts';

const NEEDS = { frame: 'needFrame', steps: 'needSteps', basic: 'needBasic' } as const;

/** A permission for one site, asked for in the person's own click; the worker goes on when it is given. */
function Permission({ need }: { need: Need }) {
  const site = new URL(need.origin).host;
  return (
    <div class="notice stack">
      <p>{say(NEEDS[need.why], { site })}</p>
      <button type="button" onClick={() => void browser.permissions.request(permissionsFor(need))}>
        {say('allow', { site })}
      </button>
    </div>
  );
}

function invitation(drawing: Drawing | undefined, current: View | undefined): string {
  if (!drawing) return say('preparing');
  if (current?.purpose === 'new') return say('scanNew');
  return say(reachable().length > 0 ? 'scanInstead' : 'scan');
}

/** @param current none while the tab's own sign-in is not there yet: the code that lies ready is shown until then */
export const Waiting = ({ drawing, current }: { drawing: Drawing | undefined; current: View | undefined }) => (
  <>
    <Phones />
    {drawing ? <Code drawing={drawing} /> : <div class="empty" />}
    <State>{invitation(drawing, current)}</State>
    {current?.up === false && <Unreachable />}
    {/* It comes with the phones above it, which would push it from under the finger otherwise. */}
    {known.value && current?.need && <Permission need={current.need} />}
    {current && !current.formSeen && !current.need && <p class="soft">{say('noFormYet')}</p>}
    {current && <Automatic current={current} />}
    {current && <SplitKey current={current} />}
    <p class="soft" aria-hidden="true" hidden={current?.need !== undefined}>
      {current ? say('newCodeIn', { seconds: secondsLeft(current.session, now.value) }) : '\u00a0'}
    </p>
  </>
);
