// The first script of the phone's page, and a small one: it takes the code out of the address before anything is awaited, then asks for
// the page and for the one language that it is to speak, both at once.
import { firstLanguage, LANGUAGE_KEY, wordsIn } from './parts/words.ts';
import { takeFragment } from './shell/fragment.ts';
import { mayStore, sayBlocked } from './shell/storage-there.ts';

async function begin(): Promise<void> {
  const fragment = takeFragment();
  if (!mayStore(window)) return sayBlocked(await wordsIn(firstLanguage(null)));
  const words = wordsIn(firstLanguage(localStorage.getItem(LANGUAGE_KEY)));
  const [{ start }, spoken] = await Promise.all([import('./phone.tsx'), words]);
  start(spoken, fragment);
}

void begin();
