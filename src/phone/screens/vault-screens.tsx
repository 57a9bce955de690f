// The screens of the vault, by where the person is; before them all, the lock.
import { requests } from '../pairing/this-phone.ts';
import { Camera } from '../parts/camera.tsx';
import { say } from '../parts/language.ts';
import { go, screen } from '../shell/state.ts';
import { takeGiven, takeScanned } from '../sign-in/take-code.ts';
import { isUnlocked } from '../vault/vault.ts';
import { ViewAccount } from './accounts/account.tsx';
import { AccountList } from './accounts/account-list.tsx';
import { EditAccount } from './accounts/edit-account.tsx';
import { Backup } from './backup/backup.tsx';
import { Computers } from './computers.tsx';
import { later } from './later.tsx';
import { ChangePassphrase } from './passphrase/change-passphrase.tsx';
import { Settings } from './settings.tsx';
import { Unlock } from './unlock.tsx';

const Import = later(async () => (await import('./import.tsx')).Import);
const Export = later(async () => (await import('./export.tsx')).Export);
const HealthScreen = later(async () => (await import('./health.tsx')).HealthScreen);

export function VaultScreens() {
  if (!isUnlocked.value)
    return <Unlock {...(requests.waitingRequests.value.length > 0 ? { note: say('callWaits') } : {})} />;
  const at = screen.value;
  switch (at.at) {
    case 'list':
      return <AccountList />;
    case 'account':
      return <ViewAccount id={at.id} />;
    case 'edit':
      return <EditAccount {...at} onDone={(saved) => go(saved ? { at: 'account', id: saved } : { at: 'list' })} />;
    case 'scan':
      return <Camera onCode={takeScanned} onGiven={takeGiven} />;
    case 'settings':
      return <Settings />;
    case 'computers':
      return <Computers />;
    case 'backup':
      return <Backup />;
    case 'import':
      return <Import {...at} />;
    case 'export':
      return <Export />;
    case 'health':
      return <HealthScreen />;
    case 'passphrase':
      return <ChangePassphrase />;
  }
}
