// The page after installing: a server is chosen and looked at, a phone is set up, and both are tried.
import { effect, signal } from '@preact/signals';
import { Smartphone } from 'lucide';
import { render } from 'preact';
import browser from 'webextension-polyfill';
import type { SetUp } from '../extension/messages.ts';
import type { Code } from '../protocol/errors.ts';
import { PRACTICE } from '../protocol/practice.ts';
import { catalogueOf } from '../ui/catalogues.ts';
import { Notice, QrCode, Sign } from '../ui/components.tsx';
import type en from '../ui/locales/en/welcome.ts';
import { speaker } from '../ui/locales/i18n.ts';
import { ManagedBy } from './managed.tsx';
import { ServerForm } from './server-form.tsx';
import { ask, followPolicy, language, managed, phonePage, readRelay, relay, say, trial } from './state.ts';
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

/** How far a phone has come with the code; undefined until there is one. */
const setUp = signal<SetUp | undefined>(undefined);

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

/** How long after one look comes the next, as long as the server or the phone is not ready. */
const AGAIN_MS = 1_000;
async function follow(): Promise<void> {
  if (standing.value !== 'ready') await look();
  // Nobody scans what nobody sees.
  if (standing.value === 'ready' && !phoneIsSetUp.value && !document.hidden) await lookAtPhone();
  setTimeout(follow, AGAIN_MS);
}

function Server() {
  const use = (address: string) => {
    wanted.value = address;
    standing.value = 'asking';
    setUp.value = undefined;
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
/** A phone has reported in; or the person says that there is one. */
const phoneIsSetUp = signal(sessionStorage.getItem(SET_UP_KEY) === 'yes');
effect(() => sessionStorage.setItem(SET_UP_KEY, phoneIsSetUp.value ? 'yes' : 'no'));

/** @param again a fresh code, whatever has become of the last */
async function lookAtPhone(again = false): Promise<void> {
  const reply = await ask({ t: 'set-up', again });
  if (!reply.ok && standing.value === 'ready') standing.value = reply.code;
  if (!reply.ok || !reply.setUp) return;
  setUp.value = reply.setUp;
  if (reply.setUp.step === 'set-up') phoneIsSetUp.value = true;
  if (!reply.setUp.up) await look();
}

/** What is to be scanned, and how. */
const ToScan = ({ address, drawing }: { address: string; drawing: SetUp['drawing'] | undefined }) => (
  <>
    <p>{tell('phoneText')}</p>
    {trial.value && <Notice tone="warn">{tell('phoneTrial')}</Notice>}
    {drawing ? <QrCode {...drawing} label={tell('phoneCode', { address })} /> : <div class="code" />}
    <p class="soft">{address}</p>
  </>
);

/** @param address of the phone's page */
function Phone({ address }: { address: string }) {
  const step = phoneIsSetUp.value ? 'set-up' : (setUp.value?.step ?? 'to-scan');
  const again = async () => {
    await lookAtPhone(true);
    phoneIsSetUp.value = false;
  };
  const skip = () => {
    phoneIsSetUp.value = true;
  };
  return (
    <section>
      <h2>{tell('phone')}</h2>
      {step === 'to-scan' && <ToScan address={address} drawing={setUp.value?.drawing} />}
      {step === 'scanned' && <Sign of={Smartphone} tone="turn" />}
      <div role="status">
        {step === 'set-up' && <Notice tone="good">{tell('phoneReady')}</Notice>}
        {step === 'scanned' && <p>{say('settingUp')}</p>}
      </div>
      {step !== 'to-scan' && (
        <button type="button" class="quiet" onClick={() => void again()}>
          {tell('phoneAgain')}
        </button>
      )}
      {step !== 'set-up' && (
        <button type="button" class="quiet" onClick={skip}>
          {tell('phoneDone')}
        </button>
      )}
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
  await followPolicy();
  document.title = tell('title');
  const root = document.getElementById('app');
  if (root) render(<Welcome />, root);
  await readRelay();
  await follow();
}

void start();
