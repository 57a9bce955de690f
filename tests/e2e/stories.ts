// What `npm run demo -- --story …` plays after the first sign-in by code.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import type { App } from '../sites/apps.ts';
import { type Desktop, type Popup, says } from './chromium.ts';
import { until } from './companion.ts';
import { type Phone, rememberEachOther } from './phone.ts';

export interface Stage {
  desktop: Desktop;
  person: Phone;
  site: App;
  /** Notes a step that is done. */
  did(name: string): void;
  /** Where pictures go. */
  out: string;
}
export type Story = (stage: Stage) => Promise<void>;

/** Remembering on both screens, one click, no click, and a typed login that finds its way back to the phone. */
export const remembered: Story = async ({ desktop, person, site, did, out }) => {
  const { origin } = new URL(site.url);
  const keep = async (name: string, popup: Popup) => {
    writeFileSync(join(out, `${name}-popup.png`), await popup.picture().catch(() => Buffer.alloc(0)));
    await person.picture(join(out, `${name}-phone.png`));
  };
  const signedIn = (page: Page) => until('signed in', () => site.isIn(page).catch(() => false));
  /** A tab of its own, in which nobody is signed in. */
  const openSite = async (): Promise<Page> => {
    const page = await desktop.newPage(site.url);
    await page.evaluate(() => localStorage.clear());
    await page.goto('about:blank');
    await page.goto(site.url, { waitUntil: 'load' });
    await page.waitForSelector('input[type=password]');
    return page;
  };
  const outcome = async (): Promise<string> => {
    const end = await person.page.waitForSelector('[data-outcome]');
    return (await end?.evaluate((element) => (element as HTMLElement).dataset.outcome)) ?? '';
  };
  const asked = () => person.page.waitForSelector('.pass');

  // Both have just signed in by code, and are asked whether to remember each other.
  const first = (await desktop.browser.pages()).find((page) => page.url().startsWith(origin));
  if (!first) throw new Error('no page of the application');
  let popup = await desktop.openPopup(first);
  await says(popup, 'Trust this browser');
  await keep('7-remember', popup);
  await rememberEachOther(person, popup);
  await popup.close();
  await first.close();
  did('both: remembered');

  let page = await openSite();
  popup = await desktop.openPopup(page);
  await asked();
  did('computer: one click; the phone asks');
  await keep('8-one-click', popup);
  await person.approve();
  did('phone: confirmed');
  did(`both told: ${await outcome()}`);
  await signedIn(page);
  did('computer: signed in by one click');
  await popup.click('Sign in here automatically');
  await says(popup, 'Signs in automatically here');
  await keep('9-automatic', popup);
  did('computer: this site signs in automatically');
  await popup.close();
  await person.press('Done');
  await page.close();

  page = await openSite();
  await page.bringToFront();
  await asked();
  did('computer: sign-in page open; the phone asks');
  await person.approve();
  did(`both told: ${await outcome()}`);
  await signedIn(page);
  did('computer: signed in without a click');
  await person.press('Done');
  await page.close();

  // The phone forgets the account; somebody types it by hand.
  await person.page.locator('ul.list button').click();
  await person.press('Edit');
  await person.press('Delete');
  await until('the account is gone', async () => (await person.page.$('ul.list li')) === null);
  did('phone: account deleted');
  page = await openSite();
  await page.bringToFront();
  await asked();
  const fields = await page.$$('input');
  await fields[0]?.type(site.username);
  await fields[1]?.type(site.password);
  await page.keyboard.press('Enter');
  await signedIn(page);
  did('computer: typed by hand');
  await outcome();
  await person.press('Done');
  popup = await until('an offer to save', async () => {
    const opened = await desktop.openPopup(page);
    if ((await opened.text()).includes('Save this login')) return opened;
    await opened.close();
    return undefined;
  });
  await popup.click('Save to');
  await asked();
  await keep('10-save', popup);
  await person.approve();
  const saved = await outcome();
  await says(popup, 'Saved on your phone');
  await keep('11-saved', popup);
  did(`both told: ${saved}`);
  await person.press('Done');
  await person.sees(site.username);
  did('phone: the account is back');
};
