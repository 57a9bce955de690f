// The options page: the settings of the popup, on a page of their own.
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { Settings } from './settings.tsx';
import { ask, readRelay, say } from './state.ts';

document.title = say('settings');
const root = document.getElementById('app');
if (root) render(<Settings onCompanion={() => {}} />, root);
// The popup and the browser's own settings change the same things.
browser.storage.onChanged.addListener((_changes, area) => {
  if (area === 'local') void ask({ t: 'known' });
});
void readRelay();
void ask({ t: 'known' });
