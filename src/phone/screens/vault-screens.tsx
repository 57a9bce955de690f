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
import { Export } from './export.tsx';
import { HealthScreen } from './health.tsx';
import { Import } from './import.tsx';
import { ChangePassphrase } from './passphrase/change-passphrase.tsx';
import { Unlock } from './passphrase/unlock.tsx';
import { Settings } from './settings.tsx';

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
      return (
        <main>
          <Camera onCode={takeScanned} onGiven={takeGiven} onCancel={() => go({ at: 'list' })} />
        </main>
      );
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
