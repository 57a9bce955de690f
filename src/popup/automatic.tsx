// Whether this site signs in by itself: offered after a sign-in by a remembered phone, and always to be taken back.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import browser from 'webextension-polyfill';
import { siteOf } from '../extension/permissions.ts';
import type { View } from '../extension/view.ts';
import { ask, known, say } from './state.ts';

export function Automatic({ current }: { current: View }) {
  const { origin, called, incognito, session, tabId } = current;
  const site = known.value?.automatic.find((one) => one.origin === origin);
  // Asked before the click: afterwards nobody could tell what was there from what the click gave.
  const given = useSignal<boolean | undefined>(undefined);
  useEffect(() => {
    let asked = true;
    void browser.permissions.contains({ origins: [siteOf(origin)] }).then((is) => {
      if (asked) given.value = is;
    });
    return () => {
      asked = false;
    };
  }, [origin, site === undefined]);
  if (site) {
    return (
      <div class="row">
        <p class="soft">{say('automaticOn')}</p>
        <button type="button" class="quiet" onClick={() => void ask({ t: 'automatic', origin, pairing: null, tabId })}>
          {say('automaticOff')}
        </button>
      </div>
    );
  }
  const signedIn = session.result === 'signed-in' || (session.result === 'cannot-tell' && !session.code);
  if (given.value === undefined || !called || incognito || !signedIn || current.purpose !== 'sign-in') return null;
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        // The background hears first: this popup may be gone when the permission is there.
        void ask({ t: 'automatic', origin, pairing: called.pairing, tabId, given: given.value === true });
        void browser.permissions.request({ origins: [siteOf(origin)] }).then(
          (is) => {
            if (!is) void ask({ t: 'automatic', origin, pairing: null, tabId });
          },
          () => {},
        );
      }}
    >
      {say('automatic')}
    </button>
  );
}
