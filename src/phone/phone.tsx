// The phone page: reads the code out of the address first of all, then shows the vault or the sign-in that is asked for.
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { codeOf } from '../protocol/errors.ts';
import { type Code, parseFragment } from '../protocol/link.ts';
import { LANGUAGES } from '../ui/i18n.ts';
import { Mark, Notice } from '../ui/parts.tsx';
import { AccountList, EditAccount } from './accounts.tsx';
import { approval, begin, interrupt, rejected, resume, scanned } from './approval.ts';
import { Approve } from './approve.tsx';
import { Camera } from './camera.tsx';
import {
  hasVault,
  isFresh,
  isUnlocked,
  language,
  load,
  lock,
  reason,
  say,
  screen,
  speakIn,
  touch,
  trial,
} from './state.ts';
import { Unlock, Welcome } from './unlock.tsx';

/** The fragment leaves the address bar, and so the history, before anything is awaited. */
function takeFragment(): string {
  const fragment = location.hash.slice(1);
  if (fragment) history.replaceState(null, '', location.pathname);
  return fragment;
}

const reloaded = signal(false);

async function openLink(fragment: string): Promise<void> {
  let code: Code;
  try {
    code = parseFragment(fragment, location.origin);
  } catch (error) {
    rejected.value = { code: codeOf(error, 'not-a-code') };
    return;
  }
  await begin(code, 'navigation');
}

const LANGUAGE_NAMES = { en: 'English', 'zh-CN': '中文' } as const;

function Vault() {
  if (!isUnlocked.value) return <Unlock />;
  const at = screen.value;
  const back = () => {
    screen.value = { at: 'list' };
  };
  if (at.at === 'edit') return <EditAccount account={at.account} site={at.site} onDone={back} />;
  if (at.at === 'scan') {
    return (
      <main>
        <Camera
          onCode={(text) => {
            back();
            void scanned(text);
          }}
          onCancel={back}
        />
      </main>
    );
  }
  return (
    <>
      {rejected.value && (
        <div role="alert">
          <Notice tone="bad">{reason(rejected.value.code, { origin: rejected.value.origin ?? '' })}</Notice>
        </div>
      )}
      <AccountList />
    </>
  );
}

const LanguageChoice = () => (
  <footer>
    <label class="hidden-text" for="language">
      {say('language')}
    </label>
    <select
      id="language"
      value={language.value}
      onChange={(event) => speakIn(LANGUAGES.find((tag) => tag === event.currentTarget.value) ?? 'en')}
    >
      {LANGUAGES.map((tag) => (
        <option key={tag} value={tag} selected={tag === language.value}>
          {LANGUAGE_NAMES[tag]}
        </option>
      ))}
    </select>
  </footer>
);

const Page = () => (
  <>
    {trial && <p class="trial">{say('trial')}</p>}
    <header>
      <Mark />
      <strong>{say('name')}</strong>
      {isUnlocked.value && (
        <button type="button" class="quiet" onClick={lock}>
          {say('lock')}
        </button>
      )}
    </header>
    {hasVault.value === null ? null : !hasVault.value ? (
      <Welcome />
    ) : approval.value ? (
      <Approve current={approval.value} reloaded={reloaded.value} />
    ) : (
      <Vault />
    )}
    {!approval.value && <LanguageChoice />}
  </>
);

function start(): void {
  const fragment = takeFragment();
  window.addEventListener('hashchange', () => void openLink(takeFragment()));
  for (const use of ['pointerdown', 'keydown'])
    window.addEventListener(use, () => isFresh() && touch(), { passive: true, capture: true });
  setInterval(isFresh, 1000);
  document.addEventListener('visibilitychange', () => {
    isFresh();
    if (document.hidden) void interrupt();
  });
  effect(() => {
    if (!isUnlocked.value) void interrupt();
  });
  const root = document.getElementById('app');
  if (root) render(<Page />, root);
  void load();
  if (fragment) void openLink(fragment);
  else
    void resume().then((went) => {
      reloaded.value = went;
    });
}

start();
