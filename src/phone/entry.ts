// The first script of the phone's page, and a small one: it takes the code out of the address before anything is awaited, then asks for
// the page and for the one language that it is to speak, both at once.
import { sayNotLoaded } from '../ui/plain.ts';
import { firstLanguage, LANGUAGE_KEY, wordsIn } from './parts/words.ts';
import { reloadWith, takeFragment } from './shell/fragment.ts';
import { mayStore, sayBlocked } from './shell/storage-there.ts';

async function begin(): Promise<void> {
  const fragment = takeFragment();
  const stores = mayStore(window);
  const language = firstLanguage(stores ? localStorage.getItem(LANGUAGE_KEY) : null);
  const page = stores ? import('./phone.tsx') : undefined;
  const parts = await Promise.all([wordsIn(language), page]).catch((error: unknown) => {
    // The sentence that is shown speaks of the connection: a fault of ours would be taken for that.
    console.error(error);
    return undefined;
  });
  if (!parts) return sayNotLoaded(language, () => reloadWith(fragment));
  const [words, start] = [parts[0], parts[1]?.start];
  if (start) start(words, fragment);
  else sayBlocked(words);
}

void begin();
