// One whole sign-in to one application, as a person does it; gives how it ended and how long it took from the tap.
import type { Page } from 'puppeteer';
import { until } from '../e2e/companion.ts';
import type { World } from '../e2e/world.ts';
import type { App } from './apps.ts';

export interface Ended {
  /** What the phone says. */
  outcome: string;
  /** From the tap on the phone until the application shows that somebody is in, in ms. */
  ms: number;
  page: Page;
}

export interface ByHand {
  /** What a person does to get to the form. */
  before?(page: Page): Promise<void>;
  /** What remains for them once it was sent. */
  after?(page: Page): Promise<void>;
}

/** Everything up to the tap on the phone, which it ends with. */
export async function giveTo(w: World, app: App, { before }: ByHand = {}): Promise<Page> {
  const { username, password, totp } = app;
  const { origin } = new URL(app.url);
  // An application may take longer to start than a vault stays open.
  await w.tidy(undefined);
  await w.phone.press('Add an account');
  await w.phone.addAccount({ site: origin, username, password, ...(totp ? { totp } : {}) });
  const [host] = new URL(origin).host.split(':');
  await w.desktop.willAllow(`http://${host}/*`);
  const page = await w.desktop.newPage('about:blank');
  let isThere = false;
  const comes = () => {
    isThere = true;
  };
  void page
    .goto(app.url, { waitUntil: 'load' })
    // An error page comes a moment after the error; a click before it would be a click on the page before.
    .catch(() => until('its page', () => page.url() !== 'about:blank'))
    .then(comes, comes);
  await until('the page', async () => {
    // Firefox's own window keeps it from ever being loaded.
    if (w.desktop.make === 'firefox') await w.desktop.dismissWindow();
    return isThere;
  });
  await before?.(page);
  await w.desktop.dismissWindow();
  const popup = await w.desktop.openPopup(page);
  await popup.link();
  await w.allow(popup);
  await w.scan(popup);
  await w.phone.approve();
  return page;
}

export async function signInTo(w: World, app: App, byHand: ByHand = {}): Promise<Ended> {
  const page = await giveTo(w, app, byHand);
  const start = performance.now();
  const done = { ms: 0 };
  const entered = until('somebody is in', () => app.isIn(page).catch(() => false)).then(
    () => {
      done.ms = Math.round(performance.now() - start);
    },
    () => {},
  );
  const outcome = await w.outcome();
  await byHand.after?.(page);
  await entered;
  return { outcome, ms: done.ms, page };
}
