// A code to scan, and beside it everything else by which one can sign in here.
import browser from 'webextension-polyfill';
import { type Need, permissionsFor } from '../extension/permissions.ts';
import type { Drawing, View } from '../extension/view.ts';
import { Automatic } from './automatic.tsx';
import { Code, CutOff, State } from './parts.tsx';
import { Phones } from './phones.tsx';
import { isHeldUp, secondsLeft } from './shown.ts';
import { SplitKey } from './split-key.tsx';
import { ask, known, reachable, say } from './state.ts';
import { now } from './tab.ts';

const NEEDS = { frame: 'needFrame', steps: 'needSteps', outcome: 'needOutcome', basic: 'needBasic' } as const;

/** A permission for one site, asked for in the person's own click; the worker goes on when it is given. */
function Permission({ need, current }: { need: Need; current: View }) {
  const { why, origin, sister } = need;
  const allow = (keep: boolean) => {
    const asked = { t: 'allow', need, keep } as const;
    // The background hears first: this popup may be gone when the person answers.
    void ask(asked);
    void browser.permissions.request(permissionsFor(need)).then(
      () => ask(asked),
      () => {},
    );
  };
  // Nothing of a private window lasts, and what is not the page's own is allowed as it comes.
  const canLast = !current.incognito && (why === 'steps' || why === 'outcome') && origin === current.origin && !sister;
  const hosts = [origin, ...(sister ? [sister] : [])].map((one) => new URL(one).host);
  const site = new Intl.ListFormat(document.documentElement.lang).format(hosts);
  return (
    <div class={why === 'outcome' ? 'offer' : 'offer notice'}>
      <p class={why === 'outcome' ? 'soft' : ''}>{say(NEEDS[why], { site })}</p>
      <div class="row">
        <button type="button" onClick={() => allow(false)}>
          {say('allowOnce')}
        </button>
        {canLast && (
          <button type="button" onClick={() => allow(true)}>
            {say('allowAlways')}
          </button>
        )}
      </div>
    </div>
  );
}

function invitation(drawing: Drawing | undefined, current: View | undefined): string {
  if (!drawing) return say('preparing');
  if (current?.purpose === 'new') return say('scanNew');
  return say(reachable().length > 0 ? 'scanInstead' : 'scan');
}

/**
 * @param current none while the tab's own sign-in is not there yet: the code that lies ready is shown until then. What belongs to it comes
 * together with the phones, and what may come or go by itself stands last: nothing moves away under a finger.
 */
export function Waiting({ drawing, current }: { drawing: Drawing | undefined; current: View | undefined }) {
  const there = known.value && current;
  return (
    <>
      <Phones />
      {drawing ? <Code drawing={drawing} /> : <div class="empty" />}
      <State>{invitation(drawing, current)}</State>
      {there && !there.formSeen && !there.need && <p class="soft">{say('noFormYet')}</p>}
      {there && <Automatic current={there} />}
      {there && <SplitKey current={there} />}
      {there?.need && <Permission need={there.need} current={there} />}
      {there?.up === false && <CutOff />}
      <p class="soft" aria-hidden="true" hidden={there !== undefined && isHeldUp(there)}>
        {there ? say('newCodeIn', { seconds: secondsLeft(there.session, now.value) }) : '\u00a0'}
      </p>
    </>
  );
}
