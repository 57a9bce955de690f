// The popup over one tab: one frame, and what makes it look again. The code that lies ready is drawn before anything is asked.
import { effect } from '@preact/signals';
import { ArrowLeft, Settings as Gear } from 'lucide';
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { siteOf } from '../extension/permissions.ts';
import { Mark } from '../ui/components.tsx';
import { Icon } from '../ui/icon.tsx';
import { closeWhenOver } from './closing.ts';
import { Settings } from './settings.tsx';
import { isFailed, secondsLeft } from './shown.ts';
import { Stage, Steps } from './stage.tsx';
import { ask, followPolicy, known, readRelay, say } from './state.ts';
import { begin, frame, given, inSettings, isCutOff, lookAgain, now, refusal, stored, tab, takeIn } from './tab.ts';

/** Characters of a host that there is room for at every size of text: the end, which tells whose it is. */
const HOST_ROOM = 50;
const endOf = (host: string): string => (host.length > HOST_ROOM ? `…${host.slice(1 - HOST_ROOM)}` : host);

const Header = () => (
  <header>
    <Mark />
    <strong title={tab.value?.site}>
      <bdi>{inSettings.value ? say('settings') : endOf(tab.value?.site ?? '') || say('name')}</bdi>
    </strong>
    <button
      type="button"
      class="quiet"
      title={say(inSettings.value ? 'back' : 'settings')}
      onClick={() => {
        inSettings.value = !inSettings.value;
      }}
    >
      <Icon of={inSettings.value ? ArrowLeft : Gear} />
      <span class="hidden-text">{say(inSettings.value ? 'back' : 'settings')}</span>
    </button>
  </header>
);

const Popup = () => (
  <>
    <Header />
    <Stage />
    {inSettings.value && <Settings onCompanion={() => void begin('open')} />}
    <Steps />
  </>
);

/** How long after one look at a companion that was not there comes the next. */
const AGAIN_MS = 2_000;

/** As long as somebody looks, the companion is looked for; nothing is awake for it otherwise. */
async function findCompanion(): Promise<void> {
  if (isCutOff.value) await lookAgain();
  setTimeout(findCompanion, AGAIN_MS);
}

/** How often the background hears that somebody looks. */
const HERE_MS = 15_000;

async function start(): Promise<void> {
  const [everything, [active]] = await Promise.all([
    browser.storage.session.get(null),
    browser.tabs.query({ active: true, currentWindow: true }),
    followPolicy(),
  ]);
  const address = active?.pendingUrl || active?.url;
  const url = address && URL.canParse(address) ? new URL(address) : undefined;
  if (active?.id !== undefined) tab.value = { id: active.id, site: url?.host ?? '' };
  if (url && !/^https?:$/.test(url.protocol)) refusal.value = 'page-forbidden';
  takeIn(everything);
  closeWhenOver(() => frame.value.closes === true && !inSettings.value);
  const root = document.getElementById('app');
  if (root) render(<Popup />, root);
  // A page that was still on its way when the popup opened may be one that can be signed in to.
  browser.tabs.onUpdated.addListener((id, { status }) => {
    if (id === tab.value?.id && status === 'complete' && refusal.value === 'page-forbidden') location.reload();
  });
  if (refusal.value) return;
  browser.storage.onChanged.addListener((_changes, area) => {
    if (area === 'session') void browser.storage.session.get(null).then(takeIn);
    if (area === 'local') void ask({ t: 'known' });
  });
  await readRelay();
  // What a sign-in has come to may have changed which phones there are.
  let told = '';
  effect(() => {
    const { signIn, request } = stored.value;
    const standing = `${request?.session.state} ${signIn?.pairing}`;
    if (standing !== told) void ask({ t: 'known' });
    told = standing;
  });
  await begin('open');
  void findCompanion();
  setInterval(() => {
    now.value = Date.now();
  }, 1000);
  setInterval(() => void ask({ t: 'here' }), HERE_MS);
  effect(() => {
    const { signIn, request } = stored.value;
    if (signIn?.session.state === 'created' && secondsLeft(signIn.session, now.value) === 0) void begin('open');
    // The code gave way to a request that came to nothing.
    if (!signIn && request && isFailed(request)) void begin('open');
  });
  effect(() => {
    const origin = stored.value.request?.origin;
    // Again whenever something was agreed on or taken back: the permission may have come or gone with it.
    if (origin === undefined || !known.value) return;
    // Asked before the click: afterwards nobody could tell what was there from what the click gave.
    void browser.permissions.contains({ origins: [siteOf(origin)] }).then((is) => {
      given.value = { origin, is };
    });
  });
}

void start();
