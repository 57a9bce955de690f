// The page without a network, and its next version: the service worker keeps every file of one build and nothing else. A new
// build waits until the person takes it, so that none comes between a scan and its end.
import { signal } from '@preact/signals';
import { trial } from './state.ts';
import { followVersions } from './versions.ts';

/** Starts the new version; set while one waits. */
export const update = signal<(() => void) | undefined>(undefined);

/** The browser's own offer to install the page; set while it makes one. */
export const install = signal<(() => Promise<void>) | undefined>(undefined);

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** Keeps the browser's offer for the button that makes use of it; a trial, which keeps nothing for later, makes none. */
export function awaitInstall(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    if (trial) return;
    install.value = async () => {
      install.value = undefined;
      await (event as InstallPrompt).prompt();
    };
  });
}

/**
 * Keeps the page for later. Not before whoever opened it has what they came for: it loads all that there is over the same line. A trial
 * has no service worker: nothing of it should outlive a home-made certificate. @param service its script's address
 */
export async function startOffline(service: string): Promise<void> {
  if (trial || !('serviceWorker' in navigator)) return;
  try {
    // A worker's script and its imports may come from the HTTP cache: a build is changed by its names, not behind them (R24).
    const registration = await navigator.serviceWorker.register(service, { updateViaCache: 'all' });
    followVersions(registration, (waiting) => {
      update.value =
        waiting &&
        (() => {
          navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
          waiting.postMessage('update');
        });
    });
  } catch {
    // Private windows of some browsers have none; everything but offline use works.
  }
}
