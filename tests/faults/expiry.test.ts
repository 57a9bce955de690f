// Codes that grow old: worlds of their own, side by side, for nearly all of it is waiting.
import { expect, test } from 'vitest';
import { type chromium, setClock } from '../e2e/chromium.ts';
import { until } from '../e2e/companion.ts';
import { world } from '../e2e/world.ts';

test.concurrent('a code leaves the screen after 60 s, can still be scanned a moment later, and the popup follows', async () => {
  const w = await world('chromium');
  const { popupPage } = w.desktop as Awaited<ReturnType<typeof chromium>>;
  /** What time it is in the extension: the moment between the code's leaving and its end is short, and the test takes as long as it takes. */
  const setClocks = async (ahead: number) => {
    await w.desktop.setClock(ahead);
    await (await popupPage()).evaluate(setClock, ahead);
  };
  try {
    const { popup } = await w.begin('/plain');
    const first = await popup.link();
    const picture = await popup.picture();
    await setClocks(60_000);
    await until('a fresh code', async () => (await popup.link()) !== first);
    await setClocks(0);
    w.phone.show(picture);
    await w.phone.scan();
    await w.phone.page.waitForSelector('.pass');
    await w.says(popup, 'Confirm on “Li’s phone”');
    await w.phone.approve();
    expect(await w.outcome()).toBe('signed-in');
  } finally {
    await w.close();
  }
});

test.concurrent('a code that has expired says so on the phone', async () => {
  const w = await world('chromium');
  try {
    const { popup, page } = await w.begin('/plain');
    await popup.link();
    const picture = await popup.picture();
    await popup.close();
    await page.close();
    w.phone.show(picture);
    await w.phone.scan();
    expect(await w.outcome()).toBe('expired');
    await w.phone.sees('Time ran out');
  } finally {
    await w.close();
  }
});
