// The places of the page that are always one tap away.
import { KeyRound, Monitor, ScanLine, Settings } from 'lucide';
import { Icon } from '../../ui/icon.tsx';
import { say } from '../parts/language.ts';
import { go, screen } from '../shell/state.ts';

const TABS = [
  { at: 'list', name: 'accounts', icon: KeyRound },
  { at: 'scan', name: 'scanShort', icon: ScanLine },
  { at: 'computers', name: 'computers', icon: Monitor },
  { at: 'settings', name: 'settings', icon: Settings },
] as const;

/** Shown at the places that it names; whatever lies over one of them has a way back instead. */
export const TabBar = () =>
  TABS.some(({ at }) => at === screen.value.at) ? (
    <nav class="tabs" aria-label={say('name')}>
      {TABS.map(({ at, name, icon }) => (
        <button
          type="button"
          key={at}
          class={at}
          aria-current={screen.value.at === at ? 'page' : undefined}
          onClick={() => go({ at })}
        >
          <span class="place">
            <Icon of={icon} />
          </span>
          {say(name)}
        </button>
      ))}
    </nav>
  ) : null;
