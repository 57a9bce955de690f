// Codes that grow old, in real time: worlds of their own, side by side, for nearly all of it is waiting.
import { expect, test } from 'vitest';
import { until } from '../e2e/companion.ts';
import { world } from '../e2e/world.ts';

test.concurrent('a code leaves the screen after 60 s, can still be scanned a moment later, and the popup follows', async () => {
  const w = await world('chromium');
  try {
    const { popup } = await w.begin('/plain');
    const first = await popup.link();
    const picture = await popup.picture();
    await until('a fresh code', async () => (await popup.link()) !== first);
    w.phone.show(picture);
    // A minute without use has locked the vault.
    await w.phone.unlock();
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
