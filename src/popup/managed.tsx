// By whom this computer is looked after, and what that means to whoever sits at it.
import { Notice } from '../ui/components.tsx';
import { managed, reason, say } from './state.ts';

/** One line for every page; nothing where nobody has set anything. */
export function ManagedBy() {
  const { organisation } = managed.value.is === 'wrong' ? managed.value : managed.value.policy;
  return organisation ? <p class="soft managed">{say('managedBy', { organisation })}</p> : null;
}

/** What was set, in words. */
function WhatIsSet() {
  if (managed.value.is === 'wrong') {
    const settings = managed.value.settings.join(', ');
    const which = settings && ` ${say('managedWrong', { settings })}`;
    return <Notice tone="warn">{`${reason('policy-wrong')}${which}`}</Notice>;
  }
  const { companion, allowedSites, forbiddenSites, noPairing, nearOnly } = managed.value.policy;
  return (
    <ul>
      {companion && (
        <li>
          {say('managedServer')} {companion}
        </li>
      )}
      {allowedSites.length + forbiddenSites.length > 0 && <li>{say('managedSites')}</li>}
      {noPairing && <li>{say('managedNoPairing')}</li>}
      {nearOnly && <li>{say('managedNear')}</li>}
    </ul>
  );
}

export const ManagedSettings = () =>
  managed.value.is === 'free' ? null : (
    <section>
      <ManagedBy />
      <WhatIsSet />
    </section>
  );
