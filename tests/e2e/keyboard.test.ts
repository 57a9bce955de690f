// Everything by the keyboard alone, as somebody does who cannot see, or cannot point: what a step asks for is reached by Tab, its focus can
// be seen, and after each step it stands on something of the next one.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import words from '../../src/ui/locales/en/phone.ts';
import popupWords from '../../src/ui/locales/en/popup.ts';
import { NAME, PASSWORD } from '../sites/server.ts';
import type { chromium } from './chromium.ts';
import { until } from './companion.ts';
import { PASSPHRASE, type Phone, phone } from './phone.ts';
import { type World, world } from './world.ts';

/** No screen has so much that can be reached. */
const STOPS = 120;

/** What has the focus: its name as a screen reader says it, and what is wrong with standing there. */
const focused = (page: Page): Promise<{ name: string; kind: string; wrong: string }> =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLElement | null;
    if (!at || at === document.body) return { name: '', kind: 'BODY', wrong: '' };
    const labels = [...((at as HTMLInputElement).labels ?? [])].map((label) => label.innerText);
    // A letter or a picture beside the words is not read out.
    const read = at.cloneNode(true) as HTMLElement;
    const isDrawn = read.querySelectorAll('[aria-hidden=true]');
    for (const one of isDrawn) one.remove();
    const text = isDrawn.length > 0 ? read.textContent : at.innerText;
    const name = at.ariaLabel || labels.join(' ') || text || at.id;
    const { bottom, top } = at.getBoundingClientRect();
    // A field with a button in it is marked with that.
    const isMarked =
      at.tagName === 'H1' ||
      [at, at.parentElement].some((one) => {
        const { outlineStyle, boxShadow } = getComputedStyle(one ?? at);
        return outlineStyle !== 'none' || boxShadow !== 'none';
      });
    const isInSight = bottom > 0 && top < innerHeight;
    const wrong = isMarked ? (isInSight ? '' : 'is out of sight') : 'cannot be told from the others';
    return { name: name.trim().replace(/\s+/g, ' '), kind: at.tagName, wrong };
  });

/** Goes by Tab to what is named so. @throws where that cannot be reached, or what is reached cannot be seen */
async function goTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  await until(`“${name}” is reached`, async () => {
    for (let stop = 0; stop < STOPS; stop++) {
      const at = await focused(page);
      if (at.name.startsWith(name) && at.kind !== 'H1') return true;
      passed.push(at.name.slice(0, 30));
      await page.keyboard.press('Tab');
      const next = await focused(page);
      expect(`${next.name} ${next.wrong}`).toBe(`${next.name} `);
    }
    return false;
  }).catch((error: Error) => {
    throw new Error(`${error.message}; passed by: ${[...new Set(passed)].join(' | ')}`);
  });
}

async function press(page: Page, name: string): Promise<void> {
  await goTo(page, name);
  await page.keyboard.press('Enter');
}

async function type(page: Page, name: string, text: string): Promise<void> {
  await goTo(page, name);
  await page.keyboard.down('Control');
  await page.keyboard.press('KeyA');
  await page.keyboard.up('Control');
  await page.keyboard.sendCharacter(text);
}

/** The headline of the next step, or its first field, has the focus: whoever reads by ear is there. */
const arrives = (page: Page, at: string) =>
  until(`the focus is at “${at}”`, async () => (await focused(page)).name.startsWith(at)).catch(
    async (error: Error) => {
      throw new Error(`${error.message}; it is at “${(await focused(page)).name}”`);
    },
  );

let w: World;
beforeAll(async () => {
  w = await world('chromium');
});
afterAll(() => w.close());

test('the phone: a vault is made, an account added and changed, accounts moved in, a backup made and brought back', async () => {
  const persons: Phone[] = [];
  try {
    const one = await phone();
    persons.push(one);
    const { page } = one;
    await one.visit(w.companion.origin);
    await type(page, words.newPassphrase, PASSPHRASE);
    await type(page, words.repeatPassphrase, PASSPHRASE);
    await press(page, words.create);
    await arrives(page, words.offerBackup);
    await press(page, words.notNow);
    await arrives(page, words.accounts);

    await press(page, words.addAccount);
    await arrives(page, words.newAccount);
    await type(page, words.site, 'https://ward.example');
    await type(page, words.username, 'ward-7');
    await type(page, words.password, 'Blue-Kettle-42');
    await press(page, words.save);
    await one.sees('ward.example');
    await press(page, words.edit);
    await type(page, words.username, 'ward-8');
    await press(page, words.save);
    await one.sees('ward-8');
    await press(page, words.back);
    await arrives(page, words.accounts);

    await press(page, words.settings);
    await arrives(page, words.settings);
    await press(page, words.import);
    await arrives(page, words.import);
    const file = join(w.companion.data, 'moved.csv');
    writeFileSync(file, 'name,url,username,password\nShop,https://shop.example,li,Red-Kettle-43\n');
    await goTo(page, words.importFile);
    // What opens by a key then is the system's own window.
    const chosen = (await page.evaluateHandle('document.activeElement')) as ElementHandle<HTMLInputElement>;
    await chosen.uploadFile(file);
    await until('the preview', async () => (await one.text()).includes(words.importNothingYet));
    await press(page, words.importTake.one.replace('{count}', '1'));
    await one.sees('Shop');
    await arrives(page, words.accounts);

    await press(page, words.settings);
    await press(page, words.backup);
    await arrives(page, words.backup);
    await type(page, words.passphrase, PASSPHRASE);
    await press(page, words.makeSheet);
    await arrives(page, words.sheetTitle);
    const sheet = await page.$eval('.words', (text) => (text as HTMLElement).innerText);
    await press(page, words.sheetKept);

    const two = await phone();
    persons.push(two);
    await two.visit(w.companion.origin);
    await press(two.page, words.haveVault);
    await arrives(two.page, words.restoreTitle);
    await type(two.page, words.typeSheet, sheet);
    await type(two.page, words.passphraseOfVault, PASSPHRASE);
    await press(two.page, words.findBackup);
    await arrives(two.page, words.foundBackup);
    await press(two.page, words.restoreHere);
    await two.sees('ward-8');
  } finally {
    await Promise.all(persons.map((person) => person.close()));
  }
});

/** A code that the phone's own camera has taken up. */
async function scanned() {
  const begun = await w.begin('/plain');
  await begun.popup.link();
  w.phone.show(await begun.popup.picture());
  await press(w.phone.page, words.scanShort);
  await w.phone.page.waitForSelector('.pass');
  return begun;
}

/** Dead for half a second after anything has changed: who reads on presses again. */
const confirm = (page: Page) =>
  until('it is confirmed', async () => {
    if (!(await page.$('.pass'))) return true;
    await press(page, words.approve).catch(() => {});
    return false;
  });

test('a sign-in: scanned, confirmed, and done', async () => {
  const { page } = w.phone;
  const begun = await scanned();
  await confirm(page);
  expect(await w.outcome()).toBe('signed-in');
  expect(w.sites.posted.map((one) => [one.get('user'), one.get('password')])).toEqual([[NAME, PASSWORD]]);
  await press(page, words.done);
  await arrives(page, words.accounts);
  await w.tidy(begun.page);
});

test('a sign-in as somebody else, who wants the number typed that the computer shows', async () => {
  const { page } = w.phone;
  await press(page, words.addAccount);
  await type(page, words.site, w.sites.origin);
  await type(page, words.username, 'ward-9');
  await type(page, words.password, 'Green-Kettle-44');
  await press(page, words.moreFields);
  await goTo(page, words.guard);
  await page.keyboard.press('ArrowDown');
  await press(page, words.save);
  await w.phone.sees('ward-9');
  await press(page, words.back);
  await arrives(page, words.accounts);

  w.sites.posted.length = 0;
  const begun = await scanned();
  await press(page, words.as);
  await arrives(page, words.chooseAccount);
  await press(page, 'ward-9');
  await w.phone.sees(words.digitsStep);
  const popup = await (w.desktop as Awaited<ReturnType<typeof chromium>>).popupPage();
  await press(popup, popupWords.asksNumber);
  const digits = await until('the number', async () => /\d{3}\s?\d{3}/.exec(await begun.popup.text())?.[0]);
  await type(page, words.digitsStepText, digits);
  await press(page, words.check);
  await w.phone.sees(words.approve);
  await confirm(page);
  // Nobody of the site's, who stands in the field all the same.
  expect(await w.outcome()).toBe('refused');
  expect(w.sites.posted.map((one) => one.get('user'))).toEqual(['ward-9']);
  await w.tidy(begun.page);
});
