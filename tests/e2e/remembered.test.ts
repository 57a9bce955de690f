// Remembered browsers, as the two people at them see it.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { NAME, PASSWORD } from '../sites/server.ts';
import { until } from './companion.ts';
import { phone as anotherPhone, pairByCode } from './phone.ts';
import { follow } from './shown.ts';
import { type World, world } from './world.ts';

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
  let w: World;
  let page: Page;
  beforeAll(async () => {
    w = await world(make);
  });
  afterAll(() => w.close());
  afterEach(() => w.tidy(page));

  const navigated = make === 'chromium' ? 'signed-in' : 'cannot-tell';
  const posted = () => w.sites.posted.map((one) => `${one.get('user')}/${one.get('password')}`);
  const asked = () => w.phone.page.waitForSelector('.pass');
  const session = () => w.desktop.inExtension(async () => JSON.stringify(await chrome.storage.session.get(null)));
  /** The names of the logins that can be saved, in any tab. */
  const offers = () =>
    w.desktop.inExtension(async () =>
      Object.entries(await chrome.storage.session.get(null)).flatMap(([key, value]) =>
        key.startsWith('offer:') ? [(value as { username: string }).username] : [],
      ),
    );

  /** The popup, once it offers to save what was typed in `tab`: where nobody could look before, the click that opens it lets us. */
  const offered = (tab: Page) =>
    until('an offer in the popup', async () => {
      const opened = await w.desktop.openPopup(tab);
      if (
        await w.says(opened, 'Save to', 8_000).then(
          () => true,
          () => false,
        )
      )
        return opened;
      await opened.close();
      return undefined;
    });

  describe('with a phone that it does not know', () => {
    beforeEach(() => w.forgetPhones());

    test('after a sign-in by code both screens offer to remember the other, and list it by name', async () => {
      const begun = await w.begin('/plain');
      page = begun.page;
      await w.scan(begun.popup);
      await w.phone.approve();
      expect(await w.outcome()).toBe(navigated);
      await w.says(begun.popup, 'Trust this browser with “Li’s phone”?');
      await w.phone.sees('Trust this computer?');
      // One yes is none.
      await begun.popup.click('Trust');
      await w.says(begun.popup, 'Now confirm on “Li’s phone”');
      await w.phone.sees('The computer asks to be trusted');
      await w.phone.type('computer-name', 'Ward desk');
      await w.phone.page.locator('.remember button.primary').click();
      await w.phone.sees('Trusted. Next time');
      await w.says(begun.popup, 'Trusted. Next time');
      await begun.popup.click('Settings');
      await w.says(begun.popup, 'Trusted phones');
      await w.phone.press('Done');
      await w.phone.press('Settings');
      await w.phone.press('Computers');
      await w.phone.page.waitForSelector('.computers input');
      expect(await w.phone.page.$eval('.computers input', (field) => (field as HTMLInputElement).value)).toBe(
        'Ward desk',
      );
    });
  });

  // Together they ask less often than a phone may be asked.
  describe('with a phone that it remembers', () => {
    beforeAll(() => w.remember());

    test('one click asks the phone, one tap signs in, and the code stays on the same screen', async () => {
      await w.phone.press('Lock');
      const unlock = await w.phone.page.waitForSelector('button[type=submit]');
      // A screen slides in.
      await w.phone.page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
      const place = await unlock?.boundingBox();
      const begun = await w.begin('/plain');
      page = begun.page;
      await w.says(begun.popup, 'Request sent to “Li’s phone”');
      await begun.popup.link();
      await w.phone.sees('Sign-in request. Unlock to review.');
      // Whoever was about to press it presses it.
      expect(await unlock?.boundingBox()).toEqual(place);
      await w.phone.unlock();
      await asked();
      const screen = await w.phone.text();
      for (const part of [new URL(w.sites.origin).host, 'Ward desk', 'same network', NAME])
        expect(screen).toContain(part);
      await w.phone.approve();
      expect(await w.outcome()).toBe(navigated);
      expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
      await w.says(begun.popup, navigated === 'signed-in' ? 'Signed in' : 'Password entered');
      // A sign-in that was called for has been remembered already.
      expect(await w.phone.text()).not.toContain('Trust this computer');
    });

    test('far away, the number on the computer has to be typed', async () => {
      w.network.far = true;
      const begun = await w.begin('/plain');
      page = begun.page;
      await asked();
      await w.phone.sees('on another network');
      expect(await w.phone.page.$('.actions button.primary:not(:disabled)')).toBeNull();
      await w.says(begun.popup, 'Type this number on it');
      const digits = await until(
        'the number',
        async () => /(\d{3}) (\d{3})/.exec(await begun.popup.text()) ?? undefined,
      );
      await w.phone.type('digits', digits.slice(1).join(''));
      await w.phone.press('Check');
      await w.phone.approve();
      expect(await w.outcome()).toBe(navigated);
      expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
    });

    test('a site that signs in by itself asks when its page opens; signed out on purpose, it does not', async () => {
      await w.desktop.willAllow(`${new URL(w.sites.origin).protocol}//${new URL(w.sites.origin).hostname}/*`);
      const begun = await w.begin('/plain');
      page = begun.page;
      await asked();
      await w.phone.approve();
      await w.outcome();
      await begun.popup.click('Sign in here automatically');
      await w.says(begun.popup, 'Signs in automatically here');
      await begun.popup.close();
      await w.phone.press('Done');
      // Whoever comes back at once has signed out, or was bounced.
      const calls = w.network.calls;
      await page.goto(`${w.sites.origin}/plain`);
      // "Sign out" leads to the sign-in page from another page of the site.
      await page.evaluate(() => {
        location.href = '/plain?signed-out';
      });
      await until('the sign-in page', () => page.url().endsWith('?signed-out'));
      await page.waitForFunction(() => document.readyState === 'complete');
      w.sites.posted.length = 0;
      await page.close();
      page = await w.desktop.newPage(`${w.sites.origin}/plain`);
      await page.bringToFront();
      await asked();
      await w.phone.approve();
      expect(await w.outcome()).toBe('signed-in');
      expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
      // Of the three pages the last one alone has called.
      expect(w.network.calls).toBe(calls + 1);
      await w.phone.press('Done');
      // Taken back where it was given.
      const again = await w.desktop.openPopup(page);
      await again.click('Turn off');
      await until('the permission is gone', async () =>
        w.desktop.inExtension(
          async (origin) => !(await chrome.permissions.contains({ origins: [`${origin}/*`] })),
          w.sites.origin.replace(/:\d+$/, ''),
        ),
      );
      await again.close();
      await page.close();
      // Nothing of ours runs there any more that could call.
      await until('the script is gone', () =>
        w.desktop.inExtension(async () => (await chrome.scripting.getRegisteredContentScripts()).length === 0),
      );
      page = await w.desktop.newPage(`${w.sites.origin}/plain`);
      expect(await session()).not.toContain('"automatic":true');
      expect(w.network.calls).toBe(calls + 1);
    });

    test('a login typed by hand is offered in the popup, saved sealed to the phone, and left nowhere else', async () => {
      const begun = await w.begin('/plain', await w.newSite());
      page = begun.page;
      await asked();
      await begun.popup.close();
      await page.bringToFront();
      await page.type('[name=user]', NAME);
      await page.type('[name=password]', PASSWORD);
      await page.click('button');
      // Whoever types by hand wants no phone.
      expect(await w.outcome()).toBe('cancelled');
      await w.phone.press('Done');
      const again = await offered(page);
      expect(await session()).not.toContain(PASSWORD);
      await again.click('Save to “Li’s phone”');
      await asked();
      await w.phone.sees('Save the login for');
      await w.phone.sees('has this very login already');
      expect(await w.phone.text()).not.toContain(PASSWORD);
      await w.phone.press('Show');
      await w.phone.sees(PASSWORD);
      await w.phone.type('name', 'night-nurse');
      await w.phone.sees('becomes a new account');
      await w.phone.approve();
      expect(await w.outcome()).toBe('saved');
      await w.says(again, 'Saved on your phone');
      await w.phone.press('Done');
      await w.phone.sees('night-nurse');
      await until('no offer', async () => (await offers()).length === 0);
      expect(await session()).not.toContain(PASSWORD);
    });

    test('a login that the person does not save is forgotten', async () => {
      const begun = await w.begin('/plain');
      page = begun.page;
      await asked();
      await begun.popup.close();
      await page.bringToFront();
      await page.type('[name=user]', NAME);
      await page.type('[name=password]', PASSWORD);
      await page.click('button');
      const again = await offered(page);
      await again.click('Don’t save');
      await until('no offer', async () => (await offers()).length === 0);
    });

    test('a page cannot make a login up, nor one that was refused be offered', async () => {
      // Only where somebody may look after the page has navigated can it be told that it was refused.
      const host = `${new URL(w.sites.origin).protocol}//${new URL(w.sites.origin).hostname}/*`;
      if (make === 'firefox') {
        await w.desktop.allow(host);
        onTestFinished(async () => {
          await w.desktop.inExtension((origin) => chrome.permissions.remove({ origins: [origin] }), host);
        });
      }
      // Nobody asks the phone here: there is no form yet. What is typed is listened to all the same.
      const open = async () => {
        const begun = await w.begin('/folded');
        await begun.popup.link();
        await begun.popup.close();
        await begun.page.bringToFront();
        await begun.page.click('summary');
        return begun.page;
      };
      const typeIn = async (tab: Page, user: string, password: string) => {
        await tab.type('[name=user]', user);
        await tab.type('[name=password]', password);
        await tab.click('button');
      };
      const reads = (tab: Page, text: string) =>
        until(text, () => tab.evaluate((words) => document.body?.innerText.includes(words), text).catch(() => false));
      const tabs = [await open(), await open(), await open()] as const;
      // One that this site takes: were it heard of, it would be offered.
      await tabs[0].evaluate(() => {
        const [user, password] = document.querySelectorAll('input');
        if (!user || !password?.form) return;
        user.value = 'made-up';
        password.value = 'made-up';
        for (const type of ['keydown', 'input', 'change', 'keyup', 'paste'])
          password.dispatchEvent(new Event(type, { bubbles: true }));
        password.form.action = '/done';
        password.form.requestSubmit();
      });
      await reads(tabs[0], 'Welcome');
      await tabs[1].bringToFront();
      await typeIn(tabs[1], 'somebody', 'wrong');
      await reads(tabs[1], 'Wrong password');
      // What is typed last and taken is offered: an offer of the others would have come before it.
      await tabs[2].bringToFront();
      await typeIn(tabs[2], NAME, PASSWORD);
      await until('an offer', async () => (await offers()).length > 0);
      expect(await offers()).toEqual([NAME]);
      for (const tab of tabs) await tab.close();
      await until('it is forgotten with its tab', async () => (await offers()).length === 0);
    });

    test('a sign-up gets a password from the phone, by its own rules, kept there before it is entered', async () => {
      const site = await w.newSite();
      const begun = await w.begin('/sign-up', site);
      page = begun.page;
      await w.says(begun.popup, 'New password for');
      await begun.popup.click('Send request to “Li’s phone”');
      await asked();
      await w.phone.type('name', 'newcomer');
      const made = await w.phone.page.$eval('.secret', (element) => element.textContent);
      expect(made).toMatch(/^\S{20}$/);
      await w.phone.approve();
      expect(await w.outcome()).toBe('entered');
      await w.says(begun.popup, 'The new password is filled');
      const typed = await page.$$eval('[type=password]', (fields) =>
        fields.map((field) => (field as HTMLInputElement).value),
      );
      expect(typed).toEqual([made, made]);
      expect(site.posted).toHaveLength(0);
      await w.phone.press('Done');
      await w.phone.sees('newcomer');
    });
  });

  // Each declines, forgets or adds, and nobody is asked the same way afterwards.
  describe('with a phone that was just remembered', () => {
    beforeEach(() => w.remember());

    test('a phone that does not answer leaves the code, which any phone can scan', async () => {
      await w.phone.page.goto('about:blank');
      const begun = await w.begin('/plain');
      page = begun.page;
      await w.says(begun.popup, 'Request sent to “Li’s phone”');
      await begun.popup.link();
      await w.phone.visit(w.companion.origin);
      await w.phone.sees('Sign-in request. Unlock to review.');
      // The person scans instead, before unlocking for the call: the call is void.
      await w.phone.unlock();
      await asked();
      await w.phone.press('Not now');
      await w.phone.press('Done');
      await w.says(begun.popup, 'You denied it on your phone');
      await w.scan(begun.popup);
      await w.phone.approve();
      expect(await w.outcome()).toBe(navigated);
      expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
    });

    test('who declines is not asked again at once', async () => {
      const first = await w.begin('/plain');
      page = first.page;
      await asked();
      await w.phone.press('Not now');
      await w.says(first.popup, 'You denied it on your phone');
      await w.phone.press('Done');
      await first.popup.close();
      await first.page.close();
      const second = await w.begin('/plain');
      page = second.page;
      await w.says(second.popup, 'The phone was asked too often, or its owner denied just now');
      await second.popup.link();
      // The companion itself has refused: the phone never hears of it.
      expect(await w.phone.page.$('.pass, .ringing')).toBeNull();
    });

    test('“this wasn’t me” forgets the computer, which is told when it asks again', async () => {
      const begun = await w.begin('/plain');
      page = begun.page;
      await asked();
      await w.phone.press('This wasn’t me');
      await w.says(begun.popup, 'You denied it on your phone');
      await w.phone.press('Done');
      await begun.popup.click('Resend to “Li’s phone”');
      await w.says(begun.popup, 'The phone does not trust this browser any more');
      await begun.popup.click('Settings');
      await w.says(begun.popup, 'None yet');
      await w.phone.press('Settings');
      await w.phone.press('Computers');
      await w.phone.sees('None yet');
    });

    test('a phone that the computer forgets hears of it at once', async () => {
      // What it was told of a pairing before this one is not on its screen any more.
      await w.phone.press('Settings');
      await w.phone.press('Computers');
      await until('one computer', async () => (await w.phone.page.$$('.computers li')).length === 1);
      await w.tidy(undefined);
      const begun = await w.begin('/nothing');
      page = begun.page;
      await begun.popup.click('Settings');
      await w.says(begun.popup, 'Since');
      const shown = await follow(w.phone.page);
      await begun.popup.click('Remove');
      await begun.popup.click('Remove');
      await w.says(begun.popup, 'None yet');
      await shown('does not trust this phone any more');
    });

    test('with two phones the person says which; the other one hears nothing', async () => {
      const ann = await anotherPhone();
      try {
        await ann.visit(w.companion.origin);
        await ann.firstRun('Ann’s phone');
        await ann.press('Add an account');
        await ann.addAccount({ site: w.sites.origin, username: NAME, password: PASSWORD });
        const begun = await w.begin('/plain');
        page = begun.page;
        await asked();
        await w.phone.press('Not now');
        await w.phone.press('Done');
        await pairByCode(ann, begun.popup);
        await begun.popup.close();
        w.sites.posted.length = 0;
        await page.goto(`${w.sites.origin}/plain`);
        const again = await w.desktop.openPopup(page);
        await w.says(again, 'Resend to “Li’s phone”');
        await w.says(again, 'Send request to “Ann’s phone”');
        await again.click('Send request to “Ann’s phone”');
        await ann.page.waitForSelector('.pass');
        expect(await w.phone.page.$('.pass')).toBeNull();
        await w.says(again, 'Confirm on “Ann’s phone”');
        await ann.approve();
        await ann.page.waitForSelector('[data-outcome]');
        expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
      } finally {
        await ann.close();
      }
    });
  });
});

describe('a remembering phone', () => {
  let w: World;
  let page: Page | undefined;
  beforeAll(async () => {
    w = await world('chromium');
  });
  afterAll(() => w.close());
  afterEach(() => w.tidy(page));
  const asked = () => w.phone.page.waitForSelector('.pass');

  test('whose vault was set back is found out by the computer that has seen it newer', async () => {
    const copies = (put?: number[][]) =>
      w.phone.page.evaluate(
        (blobs) =>
          new Promise<number[][]>((resolve) => {
            const opening = indexedDB.open('scankey');
            opening.onsuccess = () => {
              const store = opening.result.transaction('phone', 'readwrite').objectStore('phone');
              if (blobs)
                store.put(
                  blobs.map((blob) => new Uint8Array(blob)),
                  'vault',
                );
              const reading = store.get('vault');
              reading.onsuccess = () => {
                opening.result.close();
                resolve((reading.result as Uint8Array[]).map((blob) => [...blob]));
              };
            };
          }),
        put,
      );
    await w.remember();
    const before = await copies();
    await w.phone.press('Add an account');
    await w.phone.addAccount({ site: 'https://example.com', username: 'later', password: PASSWORD });
    await w.phone.press('Add an account');
    await w.phone.addAccount({ site: 'https://example.org', username: 'later', password: PASSWORD });
    const first = await w.begin('/plain');
    page = first.page;
    await asked();
    expect(await w.phone.text()).not.toContain('set back');
    await w.phone.approve();
    await w.outcome();
    await w.phone.press('Done');
    await first.page.close();
    // Somebody puts an older copy of the whole vault in place.
    await copies(before);
    await w.phone.page.reload();
    await w.phone.unlock();
    page = (await w.begin('/plain')).page;
    await asked();
    await w.phone.sees('It may have been set back');
  });

  // Together they are called less often than a phone lets itself be called.
  describe('that is remembered', () => {
    beforeAll(() => w.remember());

    test('that is woken shows one notice, which says nothing but that a computer asks, and confirms nothing', async () => {
      const phone = w.phone.page;
      await phone.browserContext().overridePermissions(w.companion.origin, ['notifications']);
      const client = await phone.createCDPSession();
      const sent: string[] = [];
      await client.send('Network.enable');
      client.on('Network.webSocketFrameSent', ({ response }) => sent.push(response.payloadData));
      const registered = new Promise<string>((resolve) =>
        client.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
          const [first] = registrations;
          if (first) resolve(first.registrationId);
        }),
      );
      await client.send('ServiceWorker.enable');
      const registrationId = await registered;
      const push = (data: string) =>
        client.send('ServiceWorker.deliverPushMessage', { origin: w.companion.origin, registrationId, data });
      // A worker that is still being installed is woken by nothing.
      await until('the worker runs', () =>
        phone.evaluate(async () => (await navigator.serviceWorker.ready).active?.state === 'activated'),
      );
      const notices = () =>
        phone.evaluate(async () => {
          const { getNotifications } = await navigator.serviceWorker.ready.then((ready) => ({
            getNotifications: () => ready.getNotifications(),
          }));
          return (await getNotifications()).map(({ title, body, tag }) => [title, body, tag]);
        });
      const [notice, ...more] = await until('a notice', async () => {
        for (let i = 0; i < 3; i++) await push('open');
        const shown = await notices();
        return shown.length > 0 && shown;
      });
      expect(notice).toEqual(['Sign-in request', 'Open Scankey to review', 'scankey']);
      expect(more).toEqual([]);
      expect(await phone.$('.pass')).toBeNull();
      // What a first push carries goes back to the companion, by the page.
      await push('AAAAAAAAAAAAAAAAAAAAAA');
      await until('the echo', () => sent.some((frame) => frame === '{"t":"echo","nonce":"AAAAAAAAAAAAAAAAAAAAAA"}'));
      await client.detach();
    });

    test('makes a password in the place of an old one, by the rules of the page, and keeps the old one', async () => {
      const site = await w.newSite();
      const begun = await w.begin('/change', site);
      page = begun.page;
      await begun.popup.click('Send request to “Li’s phone”');
      await asked();
      await w.phone.sees('It takes the place of the one kept here');
      const made = await w.phone.page.$eval('.secret', (element) => element.textContent ?? '');
      expect(made).toMatch(/^(?=.*[a-z])(?=.*\d)[a-z\d-]{16}$/);
      await w.phone.approve();
      expect(await w.outcome()).toBe('entered');
      const typed = await page.$$eval('[type=password]', (fields) =>
        fields.map((field) => (field as HTMLInputElement).value),
      );
      expect(typed).toEqual([PASSWORD, made, made]);
      expect(site.posted).toHaveLength(0);
      await w.phone.press('Done');
      await w.phone.press(new URL(site.origin).host);
      await w.phone.sees('Earlier passwords: 1');
    });

    test('that could not enter a new password leaves the account as it was', async () => {
      const begun = await w.begin('/sign-up');
      page = begun.page;
      await begun.popup.click('Send request to “Li’s phone”');
      await asked();
      await w.phone.type('name', 'nobody');
      // The page takes its fields away between the question and the answer.
      await page.evaluate(() => document.querySelector('form')?.remove());
      await w.phone.approve();
      expect(['no-form', 'page-left']).toContain(await w.outcome());
      await w.phone.press('Done');
      await w.phone.page.waitForSelector('ul.list');
      expect(await w.phone.text()).not.toContain('nobody');
    });

    test.each([
      {
        path: '/sign-up',
        fields: { user: 'typed@example.com', a: 'Pale-Harbour-9', b: 'Pale-Harbour-9' },
        says: 'becomes a new account',
      },
      {
        path: '/change',
        fields: { old: PASSWORD, a: 'Pale-Harbour-9', b: 'Pale-Harbour-9' },
        says: 'takes the place of the password',
      },
    ])('keeps what was typed by hand on $path', async ({ path, fields, says }) => {
      const site = await w.newSite();
      if (path === '/change') {
        await w.phone.press('Add an account');
        await w.phone.addAccount({ site: site.origin, username: 'night-nurse', password: PASSWORD });
      }
      const begun = await w.begin(path, site);
      page = begun.page;
      await begun.popup.link();
      await begun.popup.close();
      await page.bringToFront();
      for (const [field, value] of Object.entries(fields)) await page.type(`[name=${field}]`, value);
      await page.click('form button');
      await until('an offer', () =>
        w.desktop.inExtension(async () =>
          Object.keys(await chrome.storage.session.get(null)).some((key) => key.startsWith('offer:')),
        ),
      );
      const again = await w.desktop.openPopup(page);
      await again.click('Save to “Li’s phone”');
      await asked();
      // Which of several accounts is meant the person says by its name.
      if (path === '/change') await w.phone.type('name', NAME);
      await w.phone.sees(says);
      await w.phone.press('Show');
      await w.phone.sees('Pale-Harbour-9');
      await w.phone.approve();
      expect(await w.outcome()).toBe('saved');
      await w.phone.press('Done');
    });

    test('is asked for a new password by code, too', async () => {
      const begun = await w.begin('/sign-up-once', await w.newSite());
      page = begun.page;
      await w.says(begun.popup, 'Scan to get a new password from your phone');
      await w.scan(begun.popup);
      await w.phone.type('name', 'scanned@example.com');
      await w.phone.approve();
      expect(await w.outcome()).toBe('entered');
      expect(await page.$eval('[type=password]', (field) => (field as HTMLInputElement).value.length)).toBe(20);
      await w.phone.press('Done');
    });
  });
});
