// The popup over one tab: its screens, and what makes it look again. The code that lies ready is drawn before anything is asked.
import { effect } from '@preact/signals';
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { Mark } from '../ui/components.tsx';
import { Asking } from './asking.tsx';
import { GoingOn } from './going-on.tsx';
import { Outcome, Refused } from './outcome.tsx';
import { SaveOffer, Saving } from './save-offer.tsx';
import { Settings } from './settings.tsx';
import { isFailed, secondsLeft } from './shown.ts';
import { ask, readRelay, say } from './state.ts';
import { begin, inSettings, isCutOff, lookAgain, now, refusal, shown, stored, tab, takeIn } from './tab.ts';
import { Waiting } from './waiting.tsx';

const Header = () => (
  <header>
    <Mark />
    <strong>{say('name')}</strong>
    <button
      type="button"
      class="quiet"
      onClick={() => {
        inSettings.value = !inSettings.value;
      }}
    >
      {say(inSettings.value ? 'back' : 'settings')}
    </button>
  </header>
);

function Screen() {
  const what = shown.value;
  switch (what.screen) {
    case 'waiting':
      return <Waiting drawing={what.drawing} current={what.current} />;
    case 'asking':
      return <Asking current={what.current} />;
    case 'going-on':
      return <GoingOn current={what.current} />;
    case 'outcome':
      return <Outcome current={what.current} />;
    case 'offer':
      return <SaveOffer offer={what.offer} />;
    case 'saving':
      return <Saving current={what.current} />;
  }
}

const TITLES = { 'sign-in': 'signInTo', new: 'newFor', save: 'saveFor', identity: 'signInTo' } as const;

function SignIn() {
  const site = tab.value?.site;
  if (refusal.value) {
    return (
      <main>
        <Refused />
      </main>
    );
  }
  return (
    <main>
      {site && <h1>{say(TITLES[shown.value.purpose], { site })}</h1>}
      <Screen />
    </main>
  );
}

const Popup = () => (
  <>
    <Header />
    {inSettings.value ? <Settings onCompanion={() => void begin('open')} /> : <SignIn />}
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
  ]);
  const address = active?.pendingUrl || active?.url;
  const url = address && URL.canParse(address) ? new URL(address) : undefined;
  if (active?.id !== undefined) tab.value = { id: active.id, site: url?.host ?? '' };
  if (url && !/^https?:$/.test(url.protocol)) refusal.value = 'page-forbidden';
  takeIn(everything);
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
}

void start();
