// A site that wants the vault and DingTalk: the identity becomes the vault's person's on the phone, which is told of it afterwards.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromium, type Desktop } from './chromium.ts';
import { until } from './companion.ts';
import { type Phone, phone } from './phone.ts';
import { startTeam, type Team } from './team.ts';
import { press } from './team-stories.ts';

let t: Team;
let desktop: Desktop;
let person: Phone;
beforeAll(async () => {
  t = await startTeam();
  [desktop, person] = await Promise.all([chromium(t.build), phone()]);
  await person.visit(t.companion.origin);
  await person.firstRun();
});
afterAll(async () => {
  await Promise.allSettled([desktop?.close(), person?.close()]);
  await t?.close();
});

test('the phone says whose an identity becomes before it is confirmed, and keeps saying so until it was read', async () => {
  const page = await desktop.newPage(t.ward.origin);
  const scan = async () => {
    const code = await page.locator('.code').waitHandle();
    person.show((await code?.screenshot()) ?? new Uint8Array());
    await person.scan();
    await person.page.waitForSelector('.pass');
  };
  const says = (text: string) =>
    until(`the page says "${text}"`, () =>
      page.evaluate((words) => document.body?.innerText.includes(words), text).catch(() => false),
    );
  await scan();
  expect(await person.text()).not.toContain('becomes yours');
  await person.approve();
  await press(page, 'Go on to DingTalk');
  await press(page, '确认登录');
  await says('is not known as yours here yet');
  await person.press('Done');
  await scan();
  await person.sees('DingTalk (wang 医生) becomes yours here');
  await person.approve();
  await until('signed in at the ward', () => t.ward.people.length === 1);
  expect(t.ward.people[0]?.amr).toEqual(['pop', 'dingtalk', 'mfa']);
  await person.press('Done');

  // The vault is opened again, here or on any other phone that has it.
  await person.visit(t.companion.origin);
  await person.unlock();
  await person.sees('DingTalk (wang 医生) can be used to sign in as you at');
  await person.press('OK, I know');
  await until('it was read', async () => !(await person.text()).includes('can be used to sign in'));
  expect(person.violations).toEqual([]);
});
