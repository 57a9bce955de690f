// A provider's word alone, on a remembered computer: agreed to on the phone once, then a visit to the provider's page signs in. And
// the way back to a vault, by the same word.
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { NAME, PASSWORD, type Sites, startSites } from '../sites/server.ts';
import { chromium, type Desktop, says } from './chromium.ts';
import { until } from './companion.ts';
import { PASSPHRASE, type Phone, pairByCode, phone } from './phone.ts';
import { Jar, startTeam, type Team } from './team.ts';
import { press } from './team-stories.ts';

describe('a split key', () => {
  let t: Team;
  let sites: Sites;
  let desktop: Desktop;
  let person: Phone;
  beforeAll(async () => {
    [t, sites] = await Promise.all([startTeam(), startSites()]);
    [desktop, person] = await Promise.all([chromium(t.build), phone()]);
    await person.visit(t.companion.origin);
    await person.firstRun();
    await person.press('Add an account');
    await person.addAccount({ site: sites.origin, username: NAME, password: PASSWORD });
    // Remembered first: by the code of a sign-in.
    const page = await desktop.newPage(`${sites.origin}/plain`);
    const popup = await desktop.openPopup(page);
    await pairByCode(person, popup);
    await popup.close();
    await page.close();
  });
  afterAll(async () => {
    await Promise.allSettled([desktop?.close(), person?.close()]);
    sites?.close();
    await t?.close();
    expect(person.violations).toEqual([]);
  });

  /** The provider's page in its own tab, and the tap there. */
  const tap = async () => {
    const page = await until('the provider’s page', async () =>
      (await desktop.browser.pages()).find((one) => one.url().startsWith(`${t.dingtalk.origin}/oauth2/auth`)),
    );
    await press(page, '确认登录');
  };

  /** What this browser keeps, as it is stored. */
  const kept = async (): Promise<readonly { id: string }[]> => {
    const stored = await desktop.inExtension(async () => JSON.stringify(await chrome.storage.local.get('halves')));
    return (JSON.parse(stored) as { halves?: { id: string }[] }).halves ?? [];
  };

  // Made once, by provider and phone together, and again only where a test has taken it back.
  beforeEach(async () => {
    sites.posted.length = 0;
    if ((await kept()).length > 0) return;
    // What the browser asks at the click: whether the extension may see where a visit ends.
    await desktop.willAllow('http://localhost/*');
    const page = await desktop.newPage(`${sites.origin}/plain`);
    const popup = await desktop.openPopup(page);
    // The one click asks the phone, and the popup's buttons move until it has been reached. After the visit it is asked anew, with
    // the question.
    await person.page.waitForSelector('.pass');
    await says(popup, 'Confirm on');
    await popup.click('From now on, sign in here with…');
    await popup.click('DingTalk');
    await person.press('Done');
    await tap();
    await person.sees('That computer asks to keep this password sealed');
    await person.page.locator('.notice.warn input[type=checkbox]').click();
    await person.approve();
    await until('signed in', () => sites.posted.length === 1);
    await person.page.waitForSelector('[data-outcome]');
    await person.press('Done');
    await until('it is kept', async () => (await kept()).length === 1);
    await page.close();
    sites.posted.length = 0;
  });

  test('is made by provider and phone together, and opened by the provider alone', async () => {
    const page = await desktop.newPage(`${sites.origin}/plain`);
    const popup = await desktop.openPopup(page);
    await popup.click('Sign in with DingTalk');
    await tap();
    await until('signed in without the phone', () => sites.posted.length === 1);
    expect(Object.fromEntries(sites.posted[0] ?? [])).toMatchObject({ user: NAME, password: PASSWORD });
    await page.close();
  });

  test('is not opened by another person of the same provider', async () => {
    await t.dingtalk.mood({ person: 'somebody' });
    onTestFinished(async () => void (await t.dingtalk.mood({ person: 'wang' })));
    const page = await desktop.newPage(`${sites.origin}/plain`);
    const popup = await desktop.openPopup(page);
    await popup.click('Sign in with DingTalk');
    await tap();
    await until('the tab is gone', async () =>
      (await desktop.browser.pages()).every(
        (one) => ![t.dingtalk.origin, t.companion.origin].some((origin) => one.url().startsWith(origin)),
      ),
    );
    const told = await desktop.openPopup(page);
    await says(told, 'That was not the same person');
    expect(sites.posted).toHaveLength(0);
    await page.close();
  });

  test('keeps no password in the browser’s storage, and no half of the companion’s', async () => {
    const stored = await desktop.inExtension(async () => JSON.stringify(await chrome.storage.local.get(null)));
    expect(stored).toContain('dingtalk');
    expect(stored).not.toContain(PASSWORD);
  });

  test('is worth nothing to whoever has one half, or asks without the other', async () => {
    const origin = `chrome-extension://iafbdandlnajajocdfhpngcoakkghafb`;
    const ask = async (body: object, from = origin) => {
      const response = await fetch(`${t.companion.origin}/v1/half`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { origin: from },
      });
      return { status: response.status, body: (await response.json()) as Record<string, string> };
    };
    const secret = 'A'.repeat(43);
    expect((await ask({ t: 'begin', provider: 'dingtalk', secret }, t.companion.origin)).status).toBe(403);
    expect((await ask({ t: 'make', secret, receipt: secret })).body.code).toBe('provider-state');
    // The right person, in a browser that has not made the half: its id and proof are another's.
    const { body } = await ask({ t: 'begin', provider: 'dingtalk', secret });
    const jar = new Jar();
    const to = (await jar.ask(body.to ?? '')).headers.get('location') ?? '';
    const tapped = await fetch(to, { method: 'POST', redirect: 'manual', headers: { accept: 'text/html' } });
    const receipt = (await jar.go(tapped.headers.get('location') ?? '')).url.hash.slice(1);
    const [stored] = await kept();
    const asked = { t: 'open', secret, id: stored?.id, auth: 'B'.repeat(43) };
    expect((await ask({ ...asked, receipt })).body.code).toBe('not-found');
    // The ticket that leads to the provider counts once.
    expect((await jar.ask(body.to ?? '')).status).toBe(403);
  });

  test('is taken back in the popup, and is gone at the companion, too', async () => {
    const page = await desktop.newPage(`${sites.origin}/plain`);
    const popup = await desktop.openPopup(page);
    await popup.click('Turn off');
    await until(
      'the offer to keep is all there is',
      async () => !(await popup.text()).includes('Sign in with DingTalk'),
    );
    await says(popup, 'From now on, sign in here with…');
    await until('nothing is kept', async () => (await kept()).length === 0);
    await page.close();
  });
});

describe('a vault that a provider finds', () => {
  test('is linked on the old phone, found on a new one, and opened by the passphrase alone', async () => {
    const t = await startTeam();
    const old = await phone();
    const fresh = await phone();
    try {
      await old.visit(t.companion.origin);
      await old.firstRun();
      await old.press('Add an account');
      await old.addAccount({ site: 'https://example.org', username: NAME, password: PASSWORD });
      await old.press('Settings');
      await old.press('Backup');
      await old.type('passphrase', PASSPHRASE);
      await old.press('Make a recovery sheet');
      await old.press('I’ve printed or written it down');
      await old.press('Let DingTalk find this vault');
      await press(old.page, '确认登录');
      // Back, the page is locked, and what was to be put by is.
      await old.page.locator('#passphrase').waitHandle();
      await until('nothing waits to be put by', () => old.page.evaluate(() => sessionStorage.length === 0));

      await fresh.visit(t.companion.origin);
      await fresh.press('I have a vault already');
      await fresh.press('Find my vault with DingTalk');
      await press(fresh.page, '确认登录');
      // Another passphrase opens nothing.
      await fresh.page.locator('::-p-text(Your passphrase opens the backup)').waitHandle();
      await fresh.type('passphrase', 'not the passphrase at all');
      await fresh.page.locator('button[type=submit]').click();
      await fresh.sees('That passphrase does not open the vault');
      await fresh.type('passphrase', PASSPHRASE);
      await fresh.page.locator('button[type=submit]').click();
      await fresh.sees(NAME);
      expect([...old.violations, ...fresh.violations]).toEqual([]);
    } finally {
      await Promise.allSettled([old.close(), fresh.close()]);
      await t.close();
    }
  });
});
