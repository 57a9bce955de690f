// The whole page: what stands over every screen, and which screen it is.
import { hasEnded } from '../../protocol/session/common.ts';
import { Mark } from '../../ui/components.tsx';
import { reason, say } from '../parts/language.ts';
import { Voice } from '../parts/voice.tsx';
import { setup } from '../shell/first-run.ts';
import { update } from '../shell/offline.ts';
import { insideApp, screen, trial } from '../shell/state.ts';
import { Approve } from '../sign-in/approve.tsx';
import { carried } from '../sign-in/take-code.ts';
import { approval, rejected, signIn } from '../sign-in/this-phone.ts';
import { hasVault, isUnlocked } from '../vault/vault.ts';
import { EditAccount } from './accounts/edit-account.tsx';
import { FirstOffers } from './first-offers.tsx';
import { AskHomeScreen } from './home-screen.tsx';
import { InsideApp } from './inside-app.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { TabBar } from './tab-bar.tsx';
import { Toast } from './toast.tsx';
import { Unlock } from './unlock.tsx';
import { VaultScreens } from './vault-screens.tsx';
import { Alarm, WaitingRequests } from './waiting-requests.tsx';
import { Welcome } from './welcome.tsx';

/** @param reloaded the page was loaded anew in the middle of a sign-in */
export function Page({ reloaded }: { reloaded: boolean }) {
  const signingIn = approval.value !== undefined;
  const locked = !isUnlocked.value && !insideApp && !(approval.value && hasEnded(approval.value.session));
  const inVault = isUnlocked.value && !signingIn && !setup.value;
  return (
    <>
      {trial && <aside class="trial">{say('trial')}</aside>}
      {/* As it stands in the page before any script has run: whoever scans a code is led on from there. */}
      {!inVault && (!signingIn || locked) && (
        <header class="brand">
          <Mark />
          <strong>{say('name')}</strong>
        </header>
      )}
      {/* Nothing may lie over where somebody signs in. */}
      {update.value && !signingIn && (
        <button type="button" class="notice update" onClick={() => update.value?.()}>
          {say('updateReady')}
        </button>
      )}
      <Body reloaded={reloaded} />
      {!signingIn && !isUnlocked.value && (
        <footer>
          <LanguageChoice />
        </footer>
      )}
      <div class="dock">
        <Toast silent={signingIn} />
        {inVault && <WaitingRequests />}
        {inVault && <TabBar />}
      </div>
      <Voice />
    </>
  );
}

function Body({ reloaded }: { reloaded: boolean }) {
  const current = approval.value;
  const approve = signIn.value && current && (
    <Approve {...{ signIn: signIn.value, current, reloaded, Unlock }} NewAccount={EditAccount} />
  );
  if (insideApp) return approve ?? <InsideApp link={carried.value} />;
  if (hasVault.value === null) return null;
  if (hasVault.value === 'blocked') return <Blocked />;
  if (!hasVault.value) {
    return (
      <AskHomeScreen>
        <Welcome />
      </AskHomeScreen>
    );
  }
  if (approve) return approve;
  // Who scans again, because the time ran out over the vault's making, does that first.
  if (setup.value && isUnlocked.value && screen.value.at !== 'scan') return <FirstOffers />;
  return (
    <>
      <Rejected />
      {isUnlocked.value && <Alarm />}
      <VaultScreens />
    </>
  );
}

/** The browser lets the page store nothing. */
const Blocked = () => (
  <main>
    <h1>{say('storageBlocked')}</h1>
    <p>{say('storageBlockedText')}</p>
  </main>
);

/** A code that was not taken up. */
const Rejected = () => (
  <div role="alert">
    {rejected.value && (
      <p class="notice bad banner">{reason(rejected.value.code, { origin: rejected.value.origin ?? '' })}</p>
    )}
  </div>
);
