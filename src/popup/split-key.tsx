// A provider's word alone signs in here, where a phone has agreed to that (split key): on a remembered computer, and never in a
// private window.
import { signal } from '@preact/signals';
import browser from 'webextension-polyfill';
import { siteOf } from '../extension/permissions.ts';
import type { View } from '../extension/view.ts';
import type { ProviderId } from '../protocol/providers.ts';
import { ask, known, providerName, reachable, say } from './state.ts';

/** The list of providers is open: a popup is small. */
const choosing = signal(false);

export function SplitKey({ current }: { current: View }) {
  const { origin, tabId, incognito, formSeen, purpose } = current;
  const [phone] = reachable();
  const { splitKeys = [], providers = [], companion = null, companionAllowed: given = false } = known.value ?? {};
  if (incognito || !formSeen || purpose !== 'sign-in') return null;
  const tell = (how: 'open' | 'make' | 'drop', provider: ProviderId) =>
    void ask({ t: 'split-key', do: how, tabId, origin, provider, given, ...(phone ? { pairing: phone.id } : {}) });
  const visit = (how: 'open' | 'make', provider: ProviderId) => {
    // The background hears first: this popup may be gone when there is leave to see where the visit ends.
    tell(how, provider);
    if (companion !== null) void browser.permissions.request({ origins: [siteOf(companion)] }).catch(() => false);
  };
  const stored = splitKeys.filter((one) => one.origin === origin);
  const others = providers.filter((provider) => !stored.some((one) => one.provider === provider));
  const toggle = () => {
    choosing.value = !choosing.value;
  };
  return (
    <>
      {stored.map(({ provider }) => (
        <div class="row" key={provider}>
          <button type="button" onClick={() => visit('open', provider)}>
            {say('byProvider', { provider: providerName(provider) })}
          </button>
          <button type="button" class="quiet" onClick={() => tell('drop', provider)}>
            {say('byProviderOff')}
          </button>
        </div>
      ))}
      {phone && others.length > 0 && (
        <button type="button" class="quiet" aria-expanded={choosing.value} onClick={toggle}>
          {say('byProviderOn')}
        </button>
      )}
      {choosing.value && (
        <div class="choices">
          {others.map((provider) => (
            <button type="button" key={provider} onClick={() => visit('make', provider)}>
              {providerName(provider)}
            </button>
          ))}
        </div>
      )}
    </>
  );
}
