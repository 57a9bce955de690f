// The popup: a view of the background's ticket for this tab. It draws the prepared code at once, before anything is asked.
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import * as v from 'valibot';
import browser from 'webextension-polyfill';
import { type Need, permissionsFor } from '../extension/permissions.ts';
import { Drawing, NEXT_KEY, Offer, SAVE_OFFER_PREFIX, SIGN_IN_PREFIX, View } from '../extension/view.ts';
import type { Code } from '../protocol/errors.ts';
import { hasEnded, TIMES } from '../protocol/session/session.ts';
import { Digits, Mark, Notice, QrCode, Seal } from '../ui/components.tsx';
import {
  AskingToSave,
  Automatic,
  ByProvider,
  callable,
  isFailed,
  Phones,
  Remembering,
  SaveOffer,
} from './remembered.tsx';
import { Settings } from './settings.tsx';
import { ask, call, offer, readRelay, reason, relay, say, tab, view } from './state.ts';

/** The code that lies ready, shown until the tab's own ticket is there. */
const early = signal<Drawing | undefined>(undefined);
const refusal = signal<Code | undefined>(undefined);
const now = signal(Date.now());
const screen = signal<'sign-in' | 'settings'>('sign-in');

async function askFor(t: 'open' | 'renew'): Promise<void> {
  const id = tab.value?.id;
  if (id === undefined) return;
  refusal.value = undefined;
  const reply = await ask({ t, tabId: id });
  if (!reply.ok) refusal.value = reply.code;
}

/** Takes in what storage holds; of several tickets of this tab the newest that has moved on counts. */
function read(stored: Record<string, unknown>): void {
  const views = Object.entries(stored)
    .filter(([key]) => key.startsWith(SIGN_IN_PREFIX))
    .flatMap(([, value]) => {
      const parsed = v.safeParse(v.object({ view: View }), value);
      return parsed.success && parsed.output.view.tabId === tab.value?.id ? [parsed.output.view] : [];
    })
    .sort((a, b) => b.session.startedAt - a.session.startedAt);
  const foremost = (of: View[]) => of.find(({ session }) => session.state !== 'created' && !hasEnded(session)) ?? of[0];
  view.value = foremost(views.filter(({ called }) => !called));
  call.value = foremost(views.filter(({ called }) => called));
  const offered = v.safeParse(Offer, stored[`${SAVE_OFFER_PREFIX}${tab.value?.id}`]);
  offer.value = offered.success && offered.output.until > Date.now() ? offered.output : undefined;
  const next = v.safeParse(v.object({ drawing: Drawing }), stored[NEXT_KEY]);
  // A ticket that is over, or over its time, gives its place to the next code at once.
  if (next.success) early.value = next.output.drawing;
}

const reread = async () => read(await browser.storage.session.get(null));
const secondsLeft = (session: View['session']): number =>
  Math.max(0, Math.ceil((session.startedAt + TIMES.shownMs - Math.max(now.value, session.startedAt)) / 1000));

const Header = () => (
  <header>
    <Mark />
    <strong>{say('name')}</strong>
    <button
      type="button"
      class="quiet"
      onClick={() => {
        screen.value = screen.value === 'settings' ? 'sign-in' : 'settings';
      }}
    >
      {say(screen.value === 'settings' ? 'back' : 'settings')}
    </button>
  </header>
);

const State = ({ children }: { children: string }) => (
  <p class="state" role="status">
    {children}
  </p>
);

const Unreachable = () => (
  <>
    <Notice tone="warn">{say('unreachable', { relay: relay.value })}</Notice>
    <button
      type="button"
      onClick={() => {
        screen.value = 'settings';
      }}
    >
      {say('otherCompanion')}
    </button>
  </>
);

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

function Waiting({ drawing, current }: { drawing: Drawing | undefined; current: View | undefined }) {
  const site = tab.value?.site ?? '';
  const fresh = current?.purpose === 'new';
  return (
    <>
      <Phones current={call.value} />
      {drawing ? (
        <QrCode path={drawing.path} size={drawing.size} label={say('codeLabel', { site })} />
      ) : (
        <div class="empty" />
      )}
      <State>{say(drawing ? (fresh ? 'scanNew' : callable().length > 0 ? 'scanInstead' : 'scan') : 'preparing')}</State>
      {current?.up === false && <Unreachable />}
      {current?.need && <Permission need={current.need} />}
      {current && !current.formSeen && !current.need && <p class="soft">{say('noFormYet')}</p>}
      {current && <Automatic current={current} />}
      {current && <ByProvider current={current} />}
      <p class="soft" aria-hidden="true" hidden={current?.need !== undefined}>
        {current ? say('newCodeIn', { seconds: secondsLeft(current.session) }) : '\u00a0'}
      </p>
    </>
  );
}

function Asking({ current }: { current: View }) {
  const { drawing, phone, digits, near, called } = current;
  // Without nearness the phone must see the code with its own camera, so it stays.
  const far = near === false;
  return (
    <>
      {far && drawing ? (
        <QrCode path={drawing.path} size={drawing.size} label={say('codeLabel', { site: tab.value?.site ?? '' })} />
      ) : (
        <Seal glyph="phone" />
      )}
      <State>{phone || called ? say('confirm', { phone: phone ?? called?.name ?? '' }) : say('scanned')}</State>
      {digits && (
        <div>
          <p class="soft">{say(far ? (called ? 'farCalled' : 'far') : 'number')}</p>
          <Digits value={digits} />
        </div>
      )}
      {current.second && <Notice tone="warn">{say('second')}</Notice>}
      {current.up === false && <Unreachable />}
      <button type="button" onClick={() => void ask({ t: 'cancel', sid: current.sid })}>
        {say(phone && !called ? 'notMe' : 'cancel')}
      </button>
      {called && <ByProvider current={current} />}
    </>
  );
}

function Ended({ current }: { current: View }) {
  const { state, result, code } = current.session;
  const good = state === 'done' && result !== undefined && result !== 'refused' && result !== 'not-filled';
  const ending = state === 'denied' || state === 'cancelled' || state === 'expired' ? state : undefined;
  const sentence =
    state === 'done' && result && result !== 'not-filled' ? say(result) : reason(code ?? ending ?? 'not-opened');
  return (
    <>
      <Seal glyph={good ? 'check' : 'cross'} tone={good ? 'good' : 'bad'} />
      <State>{sentence}</State>
      {current.account && good && (
        <p class="soft">
          {current.account}
          {current.phone && ` · ${current.phone}`}
        </p>
      )}
      {current.text && <Notice>{say('siteSaid', { text: current.text })}</Notice>}
      <Remembering current={current} />
      <Automatic current={current} />
      {good ? (
        <button type="button" onClick={() => window.close()}>
          {say('close')}
        </button>
      ) : (
        <button type="button" class="primary" onClick={() => void askFor('renew')}>
          {say('newCode')}
        </button>
      )}
    </>
  );
}

const TITLES = { 'sign-in': 'signInTo', new: 'newFor', save: 'saveFor', identity: 'signInTo' } as const;

function SignIn() {
  // A call that was taken up, or went well, stands before the code.
  const moved = call.value && call.value.session.state !== 'created' && !isFailed(call.value) ? call.value : undefined;
  const current = moved ?? view.value;
  const site = tab.value?.site;
  const saving = call.value?.purpose === 'save' && call.value.session.state !== 'done' ? call.value : undefined;
  const title = site ? <h1>{say(TITLES[saving ? 'save' : (current?.purpose ?? 'sign-in')], { site })}</h1> : null;
  if (refusal.value) {
    return (
      <main>
        <Seal glyph="cross" tone="bad" />
        <State>
          {refusal.value === 'unreachable' ? say('unreachable', { relay: relay.value }) : reason(refusal.value)}
        </State>
        {refusal.value === 'page-forbidden' ? (
          <button type="button" onClick={() => window.close()}>
            {say('close')}
          </button>
        ) : (
          <button type="button" class="primary" onClick={() => void askFor('open')}>
            {say('tryAgain')}
          </button>
        )}
      </main>
    );
  }
  const stale = current?.session.state === 'created' && secondsLeft(current.session) === 0;
  const { state } = current?.session ?? { state: 'created' };
  return (
    <main>
      {title}
      {saving && !(moved && !hasEnded(moved.session)) ? (
        <AskingToSave current={saving} />
      ) : offer.value && !moved ? (
        <SaveOffer current={offer.value} />
      ) : current === undefined || stale ? (
        <Waiting drawing={early.value} current={undefined} />
      ) : state === 'created' ? (
        <Waiting drawing={current.drawing} current={current} />
      ) : state === 'joined' || state === 'requested' ? (
        <Asking current={current} />
      ) : hasEnded(current.session) ? (
        <Ended current={current} />
      ) : (
        <>
          <Seal glyph="phone" />
          <State>
            {current.session.otp === 'asked'
              ? say('askingCode')
              : current.account
                ? say('signingIn', { account: current.account })
                : say('signingInPlain')}
          </State>
        </>
      )}
    </main>
  );
}

const Popup = () => (
  <>
    <Header />
    {screen.value === 'settings' ? <Settings onCompanion={() => void askFor('open')} /> : <SignIn />}
  </>
);

const HERE_MS = 15_000;

async function start(): Promise<void> {
  const [stored, [active]] = await Promise.all([
    browser.storage.session.get(null),
    browser.tabs.query({ active: true, currentWindow: true }),
  ]);
  const address = active?.pendingUrl || active?.url;
  const url = address && URL.canParse(address) ? new URL(address) : undefined;
  if (active?.id !== undefined) tab.value = { id: active.id, site: url?.host ?? '' };
  if (url && !/^https?:$/.test(url.protocol)) refusal.value = 'page-forbidden';
  read(stored);
  const root = document.getElementById('app');
  if (root) render(<Popup />, root);
  // A page that was still on its way when the popup opened may be one that can be signed in to.
  browser.tabs.onUpdated.addListener((id, { status }) => {
    if (id === tab.value?.id && status === 'complete' && refusal.value === 'page-forbidden') location.reload();
  });
  if (refusal.value) return;
  browser.storage.onChanged.addListener((_changes, area) => {
    if (area === 'session') void reread();
    if (area === 'local') void ask({ t: 'known' });
  });
  await readRelay();
  await askFor('open');
  setInterval(() => {
    now.value = Date.now();
  }, 1000);
  setInterval(() => void ask({ t: 'here' }), HERE_MS);
  // What a sign-in has come to may have changed which phones there are.
  let told = '';
  effect(() => {
    const now = `${call.value?.session.state} ${view.value?.pairing}`;
    if (now !== told) void ask({ t: 'known' });
    told = now;
  });
  effect(() => {
    const current = view.value;
    if (current?.session.state === 'created' && secondsLeft(current.session) === 0) void askFor('open');
    // The code gave way to a call that came to nothing.
    if (!current && call.value && isFailed(call.value)) void askFor('open');
  });
}

void start();
