// The popup: a view of the background's ticket for this tab. It draws the prepared code at once, before anything is asked.
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import * as v from 'valibot';
import type { Code } from '../protocol/errors.ts';
import {
  type Ask,
  Companion,
  Drawing,
  NEXT_KEY,
  type Need,
  permissionsFor,
  type Reply,
  TICKET_PREFIX,
  View,
} from '../protocol/extension.ts';
import { hasEnded, TIMES } from '../protocol/session.ts';
import { chooseLanguage, speaker } from '../ui/i18n.ts';
import { Digits, Mark, Notice, QrCode, Seal } from '../ui/parts.tsx';
import { REASONS } from '../ui/reasons.ts';
import { TEXT } from './text.ts';

const language = chooseLanguage(navigator.languages);
const say = speaker(TEXT, () => language);
const reason = speaker(REASONS, () => language);
document.documentElement.lang = language;

const tab = signal<{ id: number; site: string } | undefined>(undefined);
const view = signal<View | undefined>(undefined);
/** The code that lies ready, shown until the tab's own ticket is there. */
const early = signal<Drawing | undefined>(undefined);
const refusal = signal<Code | undefined>(undefined);
const now = signal(Date.now());
const screen = signal<'sign-in' | 'settings'>('sign-in');
const relay = signal('');
const saving = signal<'idle' | 'saving' | 'saved' | 'not-saved'>('idle');

const ask = (message: Ask): Promise<Reply> => chrome.runtime.sendMessage(message);

/** A worker that dies while it answers is simply asked again. */
async function askFor(t: 'open' | 'renew'): Promise<void> {
  const id = tab.value?.id;
  if (id === undefined) return;
  refusal.value = undefined;
  const reply = await ask({ t, tabId: id }).catch(() => ask({ t, tabId: id }));
  if (!reply?.ok) refusal.value = reply?.code ?? 'unreachable';
}

/** Takes in what storage holds; of several tickets of this tab the newest that has moved on counts. */
function read(stored: Record<string, unknown>): void {
  const views = Object.entries(stored)
    .filter(([key]) => key.startsWith(TICKET_PREFIX))
    .flatMap(([, value]) => {
      const parsed = v.safeParse(v.object({ view: View }), value);
      return parsed.success && parsed.output.view.tabId === tab.value?.id ? [parsed.output.view] : [];
    })
    .sort((a, b) => b.session.startedAt - a.session.startedAt);
  view.value = views.find(({ session }) => session.state !== 'created' && !hasEnded(session)) ?? views[0];
  const next = v.safeParse(v.object({ drawing: Drawing }), stored[NEXT_KEY]);
  // A ticket that is over, or over its time, gives its place to the next code at once.
  if (next.success) early.value = next.output.drawing;
}

const reread = async () => read(await chrome.storage.session.get(null));
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
        saving.value = 'idle';
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
      <button type="button" onClick={() => void chrome.permissions.request(permissionsFor(need))}>
        {say('allow', { site })}
      </button>
    </div>
  );
}

function Waiting({ drawing, current }: { drawing: Drawing | undefined; current: View | undefined }) {
  const site = tab.value?.site ?? '';
  return (
    <>
      {drawing ? (
        <QrCode path={drawing.path} size={drawing.size} label={say('codeLabel', { site })} />
      ) : (
        <div class="empty" />
      )}
      <State>{say(drawing ? 'scan' : 'preparing')}</State>
      {current?.up === false && <Unreachable />}
      {current?.need && <Permission need={current.need} />}
      {current && !current.formSeen && !current.need && <p class="soft">{say('noFormYet')}</p>}
      <p class="soft" aria-hidden="true" hidden={current?.need !== undefined}>
        {current ? say('newCodeIn', { seconds: secondsLeft(current.session) }) : '\u00a0'}
      </p>
    </>
  );
}

function Asking({ current }: { current: View }) {
  const { drawing, phone, digits, near } = current;
  // Without nearness the phone must see the code with its own camera, so it stays.
  const far = near === false;
  return (
    <>
      {far ? (
        <QrCode path={drawing.path} size={drawing.size} label={say('codeLabel', { site: tab.value?.site ?? '' })} />
      ) : (
        <Seal glyph="phone" />
      )}
      <State>{phone ? say('confirm', { phone }) : say('scanned')}</State>
      {digits && (
        <div>
          <p class="soft">{say(far ? 'far' : 'number')}</p>
          <Digits value={digits} />
        </div>
      )}
      {current.second && <Notice tone="warn">{say('second')}</Notice>}
      {current.up === false && <Unreachable />}
      <button type="button" onClick={() => void ask({ t: 'cancel', sid: current.sid })}>
        {say(phone ? 'notMe' : 'cancel')}
      </button>
    </>
  );
}

function Ended({ current }: { current: View }) {
  const { state, result, code } = current.session;
  const good = state === 'done' && (result === 'signed-in' || result === 'more' || result === 'cannot-tell');
  const ending = state === 'denied' || state === 'cancelled' || state === 'expired' ? state : undefined;
  const sentence =
    state === 'done' && result && result !== 'not-filled' ? say(result) : reason(code ?? ending ?? 'not-opened');
  return (
    <>
      <Seal glyph={good ? 'check' : 'cross'} tone={good ? 'good' : 'bad'} />
      <State>{sentence}</State>
      {current.account && good && <p class="soft">{current.account}</p>}
      {current.text && <Notice>{say('siteSaid', { text: current.text })}</Notice>}
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

function SignIn() {
  const current = view.value;
  const site = tab.value?.site;
  const title = site ? <h1>{say('signInTo', { site })}</h1> : null;
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
      {current === undefined || stale ? (
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

async function useCompanion(event: Event): Promise<void> {
  event.preventDefault();
  saving.value = 'saving';
  const reply = await ask({ t: 'companion', relay: relay.value.trim() });
  saving.value = reply.ok ? 'saved' : 'not-saved';
  if (reply.ok) await askFor('open');
}

const Settings = () => (
  <main>
    <form class="wide" onSubmit={useCompanion}>
      <div>
        <label for="relay">{say('companion')}</label>
        <input
          id="relay"
          type="url"
          required
          value={relay.value}
          aria-describedby="relay-hint"
          onInput={(event) => {
            relay.value = event.currentTarget.value;
          }}
        />
      </div>
      <p id="relay-hint" class="soft">
        {say('companionHint')}
      </p>
      <button type="submit" class="primary" disabled={saving.value === 'saving'}>
        {say('save')}
      </button>
      <div role="status">
        {saving.value === 'saving' && <p class="soft">{say('saving')}</p>}
        {saving.value === 'saved' && <Notice tone="good">{say('saved')}</Notice>}
        {saving.value === 'not-saved' && <Notice tone="bad">{say('notSaved')}</Notice>}
      </div>
    </form>
  </main>
);

const Popup = () => (
  <>
    <Header />
    {screen.value === 'settings' ? <Settings /> : <SignIn />}
  </>
);

const HERE_MS = 15_000;

async function start(): Promise<void> {
  const [stored, [active]] = await Promise.all([
    chrome.storage.session.get(null),
    chrome.tabs.query({ active: true, currentWindow: true }),
  ]);
  const address = active?.pendingUrl || active?.url;
  const url = address && URL.canParse(address) ? new URL(address) : undefined;
  if (active?.id !== undefined) tab.value = { id: active.id, site: url?.host ?? '' };
  if (url && !/^https?:$/.test(url.protocol)) refusal.value = 'page-forbidden';
  read(stored);
  const root = document.getElementById('app');
  if (root) render(<Popup />, root);
  // A page that was still on its way when the popup opened may be one that can be signed in to.
  chrome.tabs.onUpdated.addListener((id, { status }) => {
    if (id === tab.value?.id && status === 'complete' && refusal.value === 'page-forbidden') location.reload();
  });
  if (refusal.value) return;
  chrome.storage.onChanged.addListener((_changes, area) => {
    if (area === 'session') void reread();
  });
  const companion = v.safeParse(Companion, (await chrome.storage.local.get('companion')).companion);
  relay.value = companion.success ? companion.output.relay : DEFAULT_COMPANION;
  await askFor('open');
  setInterval(() => {
    now.value = Date.now();
  }, 1000);
  setInterval(() => void ask({ t: 'here' }), HERE_MS);
  effect(() => {
    const current = view.value;
    if (current?.session.state === 'created' && secondsLeft(current.session) === 0) void askFor('open');
  });
}

void start();
