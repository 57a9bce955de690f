// The page after installing: a server is chosen and looked at, a phone is set up, and both are tried.
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import browser from 'webextension-polyfill';
import type { Code } from '../protocol/errors.ts';
import { PRACTICE } from '../protocol/practice.ts';
import { catalogueOf } from '../ui/catalogues.ts';
import { Notice, QrCode } from '../ui/components.tsx';
import type en from '../ui/locales/en/welcome.ts';
import { speaker } from '../ui/locales/i18n.ts';
import { ManagedBy } from './managed.tsx';
import { ServerForm } from './server-form.tsx';
import { ask, language, managed, phonePage, phonePageCode, readPolicy, readRelay, relay, say, trial } from './state.ts';
import { LookingFor } from './trouble.tsx';

// Here, and not among the others: the popup carries nothing of it.
const WORDS = catalogueOf<typeof en>(
  import.meta.glob('../ui/locales/*/welcome.ts', { eager: true, import: 'default' }),
);
const tell = speaker(WORDS, () => language.value);

/** How the server stands: as it was last asked, or not asked yet. */
const standing = signal<Code | 'ready' | 'asking'>('asking');
/** No companion answers there. */
const isAway = (how: string): boolean => how === 'unreachable' || how === 'not-a-companion';
/** A server that the person has typed and that did not answer as it should; asked again like the one in force. */
const wanted = signal<string | undefined>(undefined);

/** Asks the server that the person wants, and reads what it says of itself. */
async function look(): Promise<void> {
  const asked = wanted.value;
  const reply = await ask(asked === undefined ? { t: 'check' } : { t: 'companion', relay: asked });
  if (asked !== wanted.value) return;
  if (reply.ok) {
    wanted.value = undefined;
    await readRelay();
  }
  standing.value = reply.ok ? 'ready' : reply.code;
}

/** How long after one look comes the next, as long as the server is not ready. */
const AGAIN_MS = 2_000;
async function follow(): Promise<void> {
  if (standing.value !== 'ready') await look();
  setTimeout(follow, AGAIN_MS);
}

function Server() {
  const use = (address: string) => {
    wanted.value = address;
    standing.value = 'asking';
    void look();
  };
  const isSet = managed.value.is === 'managed' && managed.value.policy.companion !== '';
  return (
    <section>
      <h2>{tell('server')}</h2>
      {isSet ? <p>{relay.value}</p> : <ServerForm look={standing.value === 'ready' ? '' : 'primary'} onUse={use} />}
      <div role="status" class="stack">
        {standing.value === 'asking' && <p class="soft">{say('saving')}</p>}
        {standing.value === 'ready' && <Notice tone="good">{say('companionSaved')}</Notice>}
        {standing.value !== 'asking' && standing.value !== 'ready' && (
          <LookingFor code={standing.value} at={wanted.value ?? relay.value} />
        )}
        {isAway(standing.value) && !isSet && <p>{tell('serverHow')}</p>}
      </div>
    </section>
  );
}

/** Kept for a reload of this page. */
const SET_UP_KEY = 'phone-is-set-up';
/** The person has said so: nobody else is told of a phone that only opened its page. */
const phoneIsSetUp = signal(sessionStorage.getItem(SET_UP_KEY) === 'yes');
effect(() => sessionStorage.setItem(SET_UP_KEY, phoneIsSetUp.value ? 'yes' : 'no'));

/** @param address of the phone's page */
function Phone({ address }: { address: string }) {
  return (
    <section>
      <h2>{tell('phone')}</h2>
      <p>{tell('phoneText')}</p>
      {trial.value && <Notice tone="warn">{tell('phoneTrial')}</Notice>}
      {phonePageCode.value && <QrCode {...phonePageCode.value} label={tell('phoneCode', { address })} />}
      <p class="soft">{address}</p>
      <button
        type="button"
        class={phoneIsSetUp.value ? '' : 'primary'}
        aria-pressed={phoneIsSetUp.value}
        onClick={() => {
          phoneIsSetUp.value = !phoneIsSetUp.value;
        }}
      >
        {tell('phoneDone')}
      </button>
    </section>
  );
}

const Try = () => (
  <section>
    <h2>{tell('try')}</h2>
    <p>{tell(phoneIsSetUp.value ? 'tryText' : 'tryAfter')}</p>
    {phoneIsSetUp.value && (
      <button
        type="button"
        class="primary"
        onClick={() => void browser.tabs.create({ url: new URL(PRACTICE.path, relay.value).href })}
      >
        {tell('practice')}
      </button>
    )}
  </section>
);

const Welcome = () => (
  <main class="settings">
    <h1>{tell('title')}</h1>
    <p>{tell('text')}</p>
    <ManagedBy />
    <Server />
    {standing.value === 'ready' && phonePage.value && (
      <>
        <Phone address={phonePage.value} />
        <Try />
      </>
    )}
  </main>
);

async function start(): Promise<void> {
  await readPolicy();
  // Where it was installed by a policy, that comes a moment later.
  browser.storage.onChanged.addListener((_changes, area) => {
    if (area === 'managed') void readPolicy().then(readRelay);
  });
  document.title = tell('title');
  const root = document.getElementById('app');
  if (root) render(<Welcome />, root);
  await readRelay();
  await follow();
}

void start();
