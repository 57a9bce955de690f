import type { Dialog, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { NAME, PASSWORD } from '../sites/server.ts';
import { until } from './companion.ts';
import { follow } from './shown.ts';
import { followVoice } from './voice.ts';
import { type World, world } from './world.ts';

/** What the background keeps of the page that it has looked at. */
interface Looked {
  page?: { mark: string };
}

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
  let w: World;
  let page: Page;
  beforeAll(async () => {
    w = await world(make);
  });
  afterAll(() => w.close());
  afterEach(() => w.tidy(page));

  /** Firefox takes the permission of the click away when the page navigates: without the site's own nobody can look. */
  const navigated = make === 'chromium' ? 'signed-in' : 'cannot-tell';

  /** How a sign-in went is shown to whoever opens the popup within twenty seconds, by a clock that the test may set back. */
  const justNow = async () => {
    await w.desktop.setClock(-60_000);
    onTestFinished(() => w.desktop.setClock(0));
  };

  test('one scan signs in, and everybody says so', async () => {
    const voice = await followVoice(w.phone.page);
    const begun = await w.begin('/plain');
    page = begun.page;
    await w.says(begun.popup, new URL(w.sites.origin).host);
    await w.scan(begun.popup);
    await w.says(begun.popup, 'Confirm on “Li’s phone”');
    const screen = await w.phone.text();
    for (const part of [
      'Sign in to',
      new URL(w.sites.origin).host,
      make === 'chromium' ? 'Chrome' : 'Firefox',
      'Linux',
      'same network',
      NAME,
    ])
      expect(screen).toContain(part);
    await w.phone.approve();
    expect(await w.outcome()).toBe(navigated);
    await w.says(begun.popup, navigated === 'signed-in' ? 'Signed in' : 'Password entered');
    await w.says(begun.popup, NAME);
    expect(w.sites.posted.map(String)).toEqual([new URLSearchParams({ user: NAME, password: PASSWORD }).toString()]);
    await page.waitForFunction(() => document.body?.innerText.includes('Welcome'));
    // Whoever did not do that finds it with the account, and the way to take it back.
    await w.phone.press('Done');
    await w.phone.press(NAME);
    await w.phone.sees('Last given to a computer');
    expect(await w.phone.text()).toMatch(make === 'chromium' ? /Chrome \d+ · Linux/ : /Firefox \d+ · Linux/);
    await w.phone.sees(`Not me? Change it at ${new URL(w.sites.origin).host}`);
    await w.phone.press('Back');
    // Whoever does not see the phone hears of it from the same region all along.
    const { said, wrong } = await voice.heard();
    expect(wrong).toEqual([]);
    expect(said.join()).toMatch(/Sending|Sent/);
  });

  describe.runIf(make === 'firefox')('the permission by which Scankey sees how it went', () => {
    const allowed = () => w.desktop.inExtension(async () => (await chrome.permissions.getAll()).origins ?? []);
    const OFFER = 'To tell you whether the sign-in worked, let Scankey look at';

    test('is given by one click beside the code, for this sign-in alone', async () => {
      const begun = await w.begin('/plain');
      page = begun.page;
      await w.says(begun.popup, OFFER);
      await w.allow(begun.popup);
      await w.scan(begun.popup);
      await w.phone.approve();
      expect(await w.outcome()).toBe('signed-in');
      await w.says(begun.popup, 'Signed in');
      await until('the permission is gone', async () => (await allowed()).length === 0);
    });

    test('tells a refusal from a sign-in', async () => {
      const begun = await w.begin('/refuses');
      page = begun.page;
      await w.says(begun.popup, OFFER);
      await w.allow(begun.popup);
      await w.scan(begun.popup);
      await w.phone.approve();
      expect(await w.outcome()).toBe('refused');
      await w.says(begun.popup, 'Wrong password, says the site');
    });

    test('is not asked for where it was given for good, and can be taken back', async () => {
      const begun = await w.begin('/plain');
      page = begun.page;
      await begun.popup.click('Always');
      await w.scan(begun.popup);
      await w.phone.approve();
      expect(await w.outcome()).toBe('signed-in');
      await w.phone.press('Done');
      await begun.popup.close();
      await page.goto(`${w.sites.origin}/two-forms`);
      const again = await w.desktop.openPopup(page);
      // What is asked for would stand in its place.
      await w.says(again, 'New code in');
      expect(await again.text()).not.toContain(OFFER);
      await w.scan(again);
      await w.phone.approve();
      expect(await w.outcome()).toBe('signed-in');
      await again.click('Settings');
      await w.says(again, 'Sites that Scankey may look at');
      await again.click('Stop');
      await until('the permission is gone', async () => (await allowed()).length === 0);
    });
  });

  test.each(['/react', '/vue', '/angular'])('the framework of %s sees what was filled in', async (path) => {
    const begun = await w.begin(path);
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.approve();
    expect(await w.outcome()).toBe('signed-in');
    await page.waitForFunction(() => document.body?.innerText.includes('Welcome'));
    expect(w.sites.posted).toHaveLength(1);
  });

  test('signed out in the same document, the popup shows a new code at once', async () => {
    const begun = await w.begin('/react');
    page = begun.page;
    const link = await begun.popup.link();
    await w.scan(begun.popup);
    await w.phone.approve();
    expect(await w.outcome()).toBe('signed-in');
    await begun.popup.close();
    await page.locator('::-p-text(Sign out)').click();
    await page.waitForSelector('[type=password]');
    const again = await w.desktop.openPopup(page);
    await until('a new code', async () => (await again.link()) !== link);
    await w.says(again, 'Scan with your phone’s camera');
  });

  test('a form that appears late is filled', async () => {
    const begun = await w.begin('/late');
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.approve();
    await w.outcome();
    expect(w.sites.posted.map((one) => one.get('password'))).toEqual([PASSWORD]);
  });

  test('declining on the phone fills nothing and says so', async () => {
    const begun = await w.begin('/plain');
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.press('Deny');
    await w.says(begun.popup, 'You denied it on your phone');
    expect(await w.outcome()).toBe('denied');
    expect(w.sites.posted).toHaveLength(0);
    await begun.popup.click('Show a new code');
    await begun.popup.link();
  });

  test('a popup that was closed finds the same sign-in when it opens again', async () => {
    const begun = await w.begin('/plain');
    page = begun.page;
    const link = await begun.popup.link();
    await begun.popup.close();
    const again = await w.desktop.openPopup(page);
    expect(await again.link()).toBe(link);
    await w.scan(again);
    await again.close();
    await w.phone.approve();
    expect(await w.outcome()).toBe(navigated);
    await justNow();
    // Where nobody could look when it ended, this click lets us.
    const third = await w.desktop.openPopup(page);
    await w.says(third, 'Signed in');
  });

  test('"not my phone" ends the sign-in for both', async () => {
    const begun = await w.begin('/plain');
    page = begun.page;
    await w.scan(begun.popup);
    await begun.popup.click('Not my phone');
    await w.says(begun.popup, 'The sign-in was cancelled');
    expect(await w.outcome()).toBe('cancelled');
    expect(w.sites.posted).toHaveLength(0);
  });

  test('a page that changed before the confirmation gets nothing, and both screens say why', async () => {
    const begun = await w.begin('/plain');
    page = begun.page;
    await w.scan(begun.popup);
    await page.goto(`${w.sites.origin}/two-forms`);
    await w.phone.approve();
    expect(await w.outcome()).toBe('page-left');
    await justNow();
    const again = await w.desktop.openPopup(page);
    await w.says(again, 'The page changed before you confirmed');
    expect(w.sites.posted).toHaveLength(0);
    expect(await page.$eval('[type=password]', (field) => (field as HTMLInputElement).value)).toBe('');
  });

  test('a code that was drawn before the page was loaded anew signs in to what stands there now', async () => {
    const begun = await w.begin('/plain');
    page = begun.page;
    const link = await begun.popup.link();
    await begun.popup.close();
    const looked = () =>
      w.desktop.inExtension(async () =>
        JSON.stringify(Object.values(await chrome.storage.session.get(null)).map((one) => (one as Looked).page?.mark)),
      );
    const before = await looked();
    await page.goto(`${w.sites.origin}/two-forms`);
    const again = await w.desktop.openPopup(page);
    expect(await again.link()).toBe(link);
    // The popup asks what is there while it already shows the code.
    await until('the page was looked at anew', async () => (await looked()) !== before);
    await w.scan(again);
    await w.phone.approve();
    expect(await w.outcome()).toBe(navigated);
    expect(w.sites.posted.map((one) => one.get('password'))).toEqual([PASSWORD]);
  });

  test('a password that is asked for once more is entered and left to the person, and both screens say why', async () => {
    const begun = await w.begin('/sudo');
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.approve();
    expect(await w.outcome()).toBe('not-sent');
    await w.phone.sees('The site asks for the password once more');
    await w.says(begun.popup, 'The site asks for the password once more');
    expect(await page.$eval('[type=password]', (field) => (field as HTMLInputElement).value)).toBe(PASSWORD);
    expect(w.sites.posted).toHaveLength(0);
  });

  test('a site that thinks for long leaves nobody without a word: both screens say that it is still waited for', async () => {
    const begun = await w.begin('/thinks');
    page = begun.page;
    await w.scan(begun.popup);
    // For ten seconds, before it is given up.
    const [onPhone, inPopup] = await Promise.all([follow(w.phone.page), begun.popup.follow()]);
    await w.phone.approve();
    expect(await w.outcome()).toBe('cannot-tell');
    await onPhone('No word from the computer yet');
    await inPopup('The site has not answered yet');
  });

  test('a button that does nothing is told of on both screens', async () => {
    const begun = await w.begin('/dead');
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.approve();
    expect(await w.outcome()).toBe('not-sent');
    await w.says(begun.popup, 'Filled in, but nothing was sent');
    expect(w.sites.posted).toHaveLength(0);
  });

  test('a window of the page’s own, which answers nobody, is told of on both screens', async () => {
    const begun = await w.begin('/alerts');
    page = begun.page;
    const shown = Promise.withResolvers<Dialog>();
    page.on('dialog', shown.resolve);
    await w.scan(begun.popup);
    await w.phone.approve();
    const dialog = await shown.promise;
    expect(await w.outcome()).toBe('cannot-tell');
    await w.phone.sees('The page shows a message of its own');
    await dialog.dismiss();
    await justNow();
    const again = await w.desktop.openPopup(page);
    await w.says(again, 'The page shows a message of its own');
  });

  test('a page without a form says so', async () => {
    const begun = await w.begin('/nothing');
    page = begun.page;
    await w.says(begun.popup, 'No sign-in form is open on this page yet');
    await w.scan(begun.popup);
    await w.phone.approve();
    expect(await w.outcome()).toBe('no-form');
    await w.says(begun.popup, 'There is no sign-in form on this page');
  });

  test.each(['/sign-up', '/sign-up-once'])('the password in force is never offered to %s', async (path) => {
    const begun = await w.begin(path);
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.sees('New password for');
    expect(await w.phone.text()).not.toContain(NAME);
    await w.phone.press('Deny');
    expect(await w.outcome()).toBe('denied');
    expect(await page.$$eval('input', (fields) => fields.map((field) => field.value).join(''))).toBe('');
  });

  test.each(['/hidden', '/covered'])('nothing is filled into %s', async (path) => {
    const begun = await w.begin(path);
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.approve();
    expect(await w.outcome()).toBe('covered');
    await w.says(begun.popup, 'Something covers the sign-in form');
    expect(await page.$$eval('input', (fields) => fields.map((field) => field.value).join(''))).toBe('');
  });

  test.each([
    ['/diverted', 'origin-mismatch', 'would send the password or the code to another address'],
    ['/diverted-later', 'origin-mismatch', 'would send the password or the code to another address'],
    ['/into-its-address', 'password-in-address', 'would write the password or the code into its address'],
  ])('a password is not sent where %s would send it', async (path, code, sentence) => {
    const begun = await w.begin(path);
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.approve();
    expect(await w.outcome()).toBe(code);
    await w.says(begun.popup, sentence);
    expect(await page.$eval('[type=password]', (field) => (field as HTMLInputElement).value)).toBe('');
    expect(page.url()).toBe(w.sites.origin + path);
  });

  test('a password is not given where the form sends to another site: the phone says so', async () => {
    const begun = await w.begin('/elsewhere');
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.sees(
      `This form sends what you give to ${new URL(w.elsewhere.origin).host.replace('127.0.0.1', 'localhost')}`,
    );
    await w.phone.sees('That address belongs to another site');
    expect(await w.phone.page.$('.actions button.primary:not(:disabled)')).toBeNull();
    await w.phone.press('Deny');
    expect(await w.outcome()).toBe('denied');
    expect(await page.$eval('[type=password]', (field) => (field as HTMLInputElement).value)).toBe('');
  });

  test.each([
    ['and how it went is told where the person allows that', true, 'signed-in'],
    ['and how it went is not known without leave', false, 'cannot-tell'],
  ])(
    'a form that sends to another port of the host is sent there once the phone was shown it, %s',
    async (_what, isAllowed, outcome) => {
      await w.desktop.willAllow('http://127.0.0.1/*');
      const begun = await w.begin('/sister');
      page = begun.page;
      await w.says(begun.popup, 'let Scankey look at');
      await w.says(begun.popup, `${new URL(w.elsewhere.origin).host}:`);
      if (isAllowed) await w.allow(begun.popup);
      await w.scan(begun.popup);
      await w.phone.sees(`This form sends what you give to ${new URL(w.elsewhere.origin).host}`);
      await w.phone.page.locator('.check').click();
      await w.phone.approve();
      expect(await w.outcome()).toBe(outcome);
      await page.waitForFunction(() => document.body.innerText.includes('Welcome'));
      expect([w.sites.posted.length, w.elsewhere.posted.length]).toEqual([0, 1]);
      expect(w.elsewhere.posted[0]?.get('password')).toBe(PASSWORD);
    },
  );

  test.each(['/decoy', '/two-forms', '/no-button', '/clobbered', '/unwilling', '/tampered', '/shadow'])(
    '%s does not lead the fill astray',
    async (path) => {
      const begun = await w.begin(path);
      page = begun.page;
      await w.scan(begun.popup);
      await w.phone.approve();
      await w.outcome();
      const [given] = w.sites.posted;
      expect(given?.get('user')).toBe(NAME);
      expect(given?.get('password')).toBe(PASSWORD);
      expect(given?.get('trap') ?? '').toBe('');
      expect(given?.get('trap_user') ?? '').toBe('');
      expect(w.sites.posted).toHaveLength(1);
    },
  );

  test('a site without an account offers to add it on the spot, and a refused password is told in the site’s words', async () => {
    page = await w.desktop.newPage(`${w.sites.origin.replace('127.0.0.1', 'localhost')}/react`);
    const popup = await w.desktop.openPopup(page);
    await w.scan(popup);
    await w.phone.sees('No account for this site yet');
    await w.phone.press('Add an account for this site');
    await w.phone.type('username', NAME);
    await w.phone.type('password', 'wrong');
    await w.phone.page.locator('button[type=submit]').click();
    await w.phone.approve();
    expect(await w.outcome()).toBe('refused');
    await w.phone.sees('Wrong password, says React');
    await w.says(popup, 'The site did not accept');
    await w.says(popup, 'Wrong password, says React');
    expect(w.sites.posted).toHaveLength(1);
  });

  test.runIf(make === 'chromium')(
    'a page that is not encrypted, and an account of another address, each need a word of their own',
    async () => {
      page = await w.desktop.newPage(`${w.sites.origin.replace('127.0.0.1', 'insecure.test')}/plain`);
      const popup = await w.desktop.openPopup(page);
      await w.scan(popup);
      await w.phone.sees('http://');
      await w.phone.page.locator('button.fact').click();
      await w.phone.page.locator('summary').click();
      await w.phone.page.locator('details li:last-child button').click();
      await w.phone.sees('This page is not encrypted');
      await w.phone.sees('Saved for another site');
      const ready = () => w.phone.page.$('.actions button.primary:not(:disabled)');
      expect(await ready()).toBeNull();
      const [first, second] = await w.phone.page.$$('.check input');
      await first?.click();
      expect(await ready()).toBeNull();
      await second?.click();
      await w.phone.approve();
      await w.outcome();
      expect(w.sites.posted.map((one) => one.get('password'))).toEqual([PASSWORD]);
    },
  );

  test('a page of the browser itself is told from a site', async () => {
    page = await w.desktop.newPage('about:blank');
    const popup = await w.desktop.openPopup(page);
    await w.says(popup, 'Extensions cannot work on this page');
  });

  test('a code shown without a companion says that it cannot be reached, and works once it can', async () => {
    w.network.cut();
    const begun = await w.begin('/plain');
    page = begun.page;
    await w.says(begun.popup, 'Can’t reach');
    await begun.popup.link();
    w.network.mend();
    // It is dimmed as long as it is of no use.
    await until('the code again', async () => !(await begun.popup.text()).includes('Can’t reach'));
    await w.scan(begun.popup);
    await w.phone.approve();
    expect(await w.outcome()).toBe(navigated);
  });
});
