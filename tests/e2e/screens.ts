// Every screen of the phone that needs no computer, in the order in which a new phone meets them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle } from 'puppeteer';
import { PASSPHRASE, type Phone } from './phone.ts';

/**
 * Leads a fresh phone, at its first screen, to each of them.
 * @param name what the phone is called
 * @param look is called at each, with the screen's name
 */
export async function everyScreen(one: Phone, name: string, look: (screen: string) => Promise<void>): Promise<void> {
  const { page } = one;
  const folder = mkdtempSync(join(tmpdir(), 'scankey-screens-'));
  let tables = 0;
  const chooseTable = async (content: string) => {
    const path = join(folder, `${++tables}.csv`);
    writeFileSync(path, content);
    const input = (await page.waitForSelector('#file')) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(path);
  };
  await look('welcome');
  await page.locator('form .quiet').click();
  await page.waitForSelector('#sheet');
  await look('restore');
  await page.locator('header .back').click();
  await one.type('passphrase', PASSPHRASE);
  await one.type('repeat', PASSPHRASE);
  await one.type('phone', name);
  await page.waitForSelector('.strength .bar-of');
  await page.locator('button[type=submit]').click();
  await page.waitForSelector('main[data-offer]');
  await look('offer-backup');
  await page.locator('main[data-offer] .primary').click();
  await page.waitForSelector('.sheet .code');
  await look('sheet');
  await page.locator('.actions button:nth-child(2)').click();
  await page.waitForSelector('header .add');
  await look('list-empty');
  const press = (selector: string) => page.locator(selector).click();
  for (const username of ['ann', 'bob']) {
    await press('header .add');
    await one.addAccount({
      site: 'https://login.example.com',
      username,
      password: 'one word',
      totp: 'JBSWY3DPEHPK3PXP',
    });
  }
  await look('list');
  await press('.rows li button');
  await page.waitForSelector('.digits');
  await look('account');
  await press('header .edit');
  await press('form details summary');
  await look('edit');
  await press('header .back');
  await press('nav .settings');
  await page.waitForSelector('#locking');
  await look('settings');
  const rooms = ['backup', 'import', 'export', 'health'];
  for (const [index, room] of rooms.entries()) {
    await press(`ul.list li:nth-child(${index + 1}) button`);
    await page.waitForSelector('#locking', { hidden: true });
    await page.waitForSelector('header .back');
    if (room === 'health') await page.waitForSelector('details');
    await look(room);
    if (room === 'import') {
      await chooseTable(`Dienst,Wo,Wer\n${'A'.repeat(60)},https://a.example,${'x'.repeat(60)}\n`);
      await page.waitForSelector('#column-title');
      await look('import-columns');
      await chooseTable('name,url,username,password\nA,https://a.example,ann,x\nB,https://b.example,bob,\n');
      await page.waitForSelector('.counts');
      await look('import-preview');
      await press('header .back');
      await page.waitForSelector('.counts', { hidden: true });
    }
    await press('header .back');
    await page.waitForSelector('#locking');
  }
  await press('nav .list');
  await press('header .lock');
  await page.waitForSelector('#passphrase');
  await look('unlock');
  await press('main > button');
  await look('forgot');
  await press('.actions .bad');
  await look('erase');
  rmSync(folder, { recursive: true });
}
