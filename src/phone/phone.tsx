// The phone page: reads the code out of the address first of all, then shows the vault or the sign-in that is asked for.
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { codeOf } from '../protocol/errors.ts';
import { formatQrLink, parseFragment, type QrLink } from '../protocol/qr-link.ts';
import { isSheet, readSheet } from '../protocol/recovery.ts';
import { Mark, Notice } from '../ui/components.tsx';
import { computers } from './pairing/computers.ts';
import { stayWoken } from './pairing/notifications.ts';
import { calls, startCalls } from './pairing/requests.ts';
import { Camera } from './parts/camera.tsx';
import { EditAccount, ViewAccount } from './screens/account.tsx';
import { AccountList } from './screens/accounts.tsx';
import { Backup } from './screens/backup.tsx';
import { Computers, Ringing } from './screens/computers.tsx';
import { HealthScreen } from './screens/health.tsx';
import { ChangePassphrase, LanguageChoice, Settings } from './screens/settings.tsx';
import { Export, Import, scannedCodes } from './screens/transfer.tsx';
import { Unlock } from './screens/unlock.tsx';
import { Setup, setup, sheetKey, Welcome } from './screens/welcome.tsx';
import { startOffline, update } from './shell/offline.ts';
import { ownScripts } from './shell/own-scripts.ts';
import {
  copy,
  followBack,
  go,
  insideApp,
  providerName,
  reason,
  say,
  screen,
  tell,
  toast,
  trial,
} from './shell/state.ts';
import { employ } from './shell/workshop.ts';
import { Approve } from './sign-in/approve.tsx';
import { askable, askProvider, backFromProvider, lookInside, refused } from './sign-in/prove-identity.ts';
import { approval, begin, interrupt, rejected, resume, scanned } from './sign-in/run.ts';
import { sync } from './vault/backup.ts';
import { checkClock } from './vault/clock.ts';
import { backFromFinding } from './vault/find-vault.ts';
import { hasVault, isFresh, isUnlocked, load, lock, onSight, recovery, touch, vault } from './vault/vault.ts';
import worker from './workshop.worker.ts?worker&url';

/** The fragment leaves the address bar, and so the history, before anything is awaited. */
function takeFragment(): string {
  const fragment = location.hash.slice(1);
  if (fragment) history.replaceState(null, '', location.pathname);
  return fragment;
}

const reloaded = signal(false);
/** The link that opened the page inside another app, for the person to take along. */
const link = signal('');

async function openLink(fragment: string): Promise<void> {
  if (isSheet(fragment)) return takeSheet(fragment);
  let code: QrLink;
  try {
    code = parseFragment(fragment, location.origin);
  } catch (error) {
    rejected.value = { code: codeOf(error, 'not-a-code') };
    return;
  }
  if (!insideApp) return begin(code, 'navigation');
  link.value = formatQrLink(code);
  await lookInside(code);
}

/** A recovery sheet opens nothing where there is a vault already; it shows that it can still be read. */
async function takeSheet(text: string): Promise<void> {
  try {
    sheetKey.value = await readSheet(text);
  } catch (error) {
    rejected.value = { code: codeOf(error, 'not-a-sheet') };
  }
}

/** Whatever the list's camera saw: a computer's code, a recovery sheet, a secret for codes. */
function onCode(text: string): void {
  rejected.value = undefined;
  go({ at: 'list' });
  if (/^otpauth-migration:/i.test(text)) {
    scannedCodes.value = text;
    go({ at: 'import' });
  } else if (/^otpauth:/i.test(text)) go({ at: 'edit', site: '', totp: text });
  else if (isSheet(text)) void takeSheet(text);
  else void scanned(text);
}

function Vault() {
  if (!isUnlocked.value) return <Unlock {...(calls.value.length > 0 ? { note: say('callWaits') } : {})} />;
  const at = screen.value;
  const back = () => go({ at: 'list' });
  switch (at.at) {
    case 'account':
      return <ViewAccount id={at.id} />;
    case 'edit':
      return <EditAccount {...at} onDone={(saved) => go(saved ? { at: 'account', id: saved } : { at: 'list' })} />;
    case 'scan':
      return (
        <main>
          <Camera onCode={onCode} onCancel={back} />
        </main>
      );
    case 'settings':
      return <Settings />;
    case 'computers':
      return <Computers />;
    case 'backup':
      return <Backup />;
    case 'import':
      return <Import />;
    case 'export':
      return <Export />;
    case 'health':
      return <HealthScreen />;
    case 'passphrase':
      return <ChangePassphrase />;
    default:
      return <AccountList />;
  }
}

/** A code that was not taken up. */
const Words = () => (
  <div role="alert">
    {rejected.value && (
      <Notice tone="bad">{reason(rejected.value.code, { origin: rejected.value.origin ?? '' })}</Notice>
    )}
  </div>
);

const Toast = () => (
  <div role="status" class="toast-place">
    {toast.value && (
      <p class="toast appear">
        {toast.value.undo && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              toast.value?.undo?.();
              toast.value = undefined;
            }}
          >
            {say('undo')}
          </button>
        )}
        <span>{toast.value.text}</span>
      </p>
    )}
  </div>
);

/**
 * WeChat, DingTalk and the like can read what is typed into them: the way on is the phone's own browser. Who one is, for a site
 * that asks the companion, they know already (R53).
 */
const InsideApp = () => (
  <main>
    {(askable.value || refused.value) && (
      <section class="stack">
        <h1>{say('inAppTitle')}</h1>
        {refused.value && <Notice tone="bad">{reason(refused.value)}</Notice>}
        {askable.value && (
          <button type="button" class="primary" onClick={() => void askProvider()}>
            {say('inAppGo', { app: providerName(askable.value.provider) })}
          </button>
        )}
        <hr />
      </section>
    )}
    <h1>{say('insideApp')}</h1>
    <p>{say('insideAppText')}</p>
    <ol>
      <li>{say('insideAppScan')}</li>
      <li>{say('insideAppMenu')}</li>
    </ol>
    {link.value && (
      <div class="actions">
        <button type="button" class={askable.value ? '' : 'primary'} onClick={() => void copy(link.value)}>
          {say('copyLink')}
        </button>
      </div>
    )}
  </main>
);

function Body() {
  if (insideApp && approval.value) return <Approve current={approval.value} reloaded={false} />;
  if (insideApp) return <InsideApp />;
  if (hasVault.value === null) return null;
  if (!hasVault.value) return <Welcome quick={approval.value !== undefined} />;
  if (approval.value) return <Approve current={approval.value} reloaded={reloaded.value} />;
  if (setup.value && isUnlocked.value) return <Setup />;
  return (
    <>
      <Words />
      {isUnlocked.value && <Ringing />}
      <Vault />
    </>
  );
}

const Page = () => (
  <>
    {trial && <p class="trial">{say('trial')}</p>}
    <header>
      <Mark />
      <strong>{say('name')}</strong>
      {isUnlocked.value && !approval.value && !setup.value && (
        <button type="button" class="quiet" onClick={() => go({ at: 'settings' })}>
          {say('settings')}
        </button>
      )}
      {isUnlocked.value && (
        <button type="button" class="quiet" onClick={lock}>
          {say('lock')}
        </button>
      )}
    </header>
    {/* Nothing may lie over where somebody signs in. */}
    {!approval.value && <Toast />}
    {update.value && !approval.value && (
      <button type="button" class="notice update" onClick={() => update.value?.()}>
        {say('updateReady')}
      </button>
    )}
    <Body />
    {!approval.value && !isUnlocked.value && (
      <footer>
        <LanguageChoice />
      </footer>
    )}
  </>
);

function start(): void {
  const scripts = ownScripts(worker);
  employ(() => new Worker(scripts.worker, { type: 'module' }));
  const fragment = takeFragment();
  window.addEventListener('hashchange', () => void openLink(takeFragment()));
  for (const use of ['pointerdown', 'keydown'])
    window.addEventListener(use, () => isFresh() && touch(), { passive: true, capture: true });
  setInterval(isFresh, 1000);
  document.addEventListener('visibilitychange', () => {
    // What the phone shows of its open apps is a picture of the page as it was left.
    document.documentElement.classList.toggle('away', document.hidden);
    onSight(!document.hidden);
    if (document.hidden) void interrupt();
  });
  effect(() => {
    if (isUnlocked.value) return;
    void interrupt();
    go({ at: 'list' });
    setup.value = undefined;
  });
  // A sheet that was scanned where it is not needed was at least tried.
  effect(() => {
    if (!isUnlocked.value || !sheetKey.value) return;
    tell(say(sheetKey.value === recovery.value ? 'sheetGood' : 'sheetOther'));
    sheetKey.value = '';
  });
  // The companion hears of every change, and of the vault's being opened.
  let told = '';
  vault.current.subscribe((opened) => {
    const now = opened ? `${opened.header.rev}` : '';
    if (opened?.document.recovery && now !== told) void sync();
    told = now;
  });
  window.addEventListener('online', () => void sync());
  followBack();
  const root = document.getElementById('app');
  if (root) render(<Page />, root);
  void load();
  void checkClock();
  if (!insideApp) {
    startCalls();
    effect(() => {
      if (computers.value.length > 0) void stayWoken().catch(() => {});
    });
  }
  void startOffline(scripts.service);
  if (fragment) void openLink(fragment);
  else if (insideApp)
    void backFromProvider().then(async (back) => {
      if (back) await begin(back, 'navigation', true);
    });
  else
    void backFromFinding()
      .then(resume)
      .then((went) => {
        reloaded.value = went;
      });
}

start();
