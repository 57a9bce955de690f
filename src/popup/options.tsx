// The options page: the settings of the popup, on a page of their own.
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { Settings } from './settings.tsx';
import { ask, followPolicy, readRelay, say } from './state.ts';

const root = document.getElementById('app');
void followPolicy().then(() => {
  document.title = say('settings');
  if (root) render(<Settings onCompanion={() => {}} />, root);
  void readRelay();
});
// The popup and the browser's own settings change the same things.
browser.storage.onChanged.addListener((_changes, area) => {
  if (area === 'local') void ask({ t: 'known' });
});
void ask({ t: 'known' });
