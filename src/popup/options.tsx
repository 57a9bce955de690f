// The options page: the settings of the popup, on a page of their own.
import { render } from 'preact';
import { Settings } from './settings.tsx';
import { ask, readRelay, say } from './state.ts';

document.title = say('settings');
const root = document.getElementById('app');
if (root) render(<Settings onCompanion={() => {}} />, root);
void readRelay();
void ask({ t: 'known' });
