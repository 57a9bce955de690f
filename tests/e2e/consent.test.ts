// What the person's tap covers, on a real screen: a computer that the test plays may ask for anything and at any moment, and a finger may
// come down right after whatever has changed. The page's clock is in the test's hands.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../src/protocol/encoding.ts';
import { tokenHash } from '../../src/protocol/mailbox.ts';
import { type Message, pack, requestHash, unpack } from '../../src/protocol/messages.ts';
import { makeCode } from '../../src/protocol/new-code.ts';
import { browserEnd, openingOf, sealFrom } from '../../src/protocol/seal.ts';
import { EXTENSION, newToken, party } from '../companion/party.ts';
import { buildFor, type Companion, freePort, hashCheaply, startCompanion, until } from './companion.ts';
import { type Phone, phone } from './phone.ts';

const SITE = 'https://bank.example';
const TOTP = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const APPROVE = '.actions button.primary';

/** A computer whose code the phone has opened: asks what the test wants asked. */
async function computer(companion: Companion, person: Phone) {
  const code = await makeCode(companion.origin);
  const line = await party(companion.port, EXTENSION);
  line.say({ t: 'open', sid: code.sid, pk: code.publicKey, tokenHash: await tokenHash(newToken()) });
  await person.page.evaluate((fragment) => {
    location.hash = fragment;
  }, code.drawing.link.split('#')[1] ?? '');
  /** The phone's next message. */
  const take = async () => {
    for (;;) {
      const frame = await line.next(60_000);
      if (frame.t === 'gone') throw new Error(JSON.stringify(frame));
      if (frame.t !== 'msg') continue;
      line.say({ t: 'ack', n: frame.n });
      return { n: Number(frame.n), wire: fromBase64(String(frame.m)) };
    }
  };
  const hello = await take();
  const pair = { seed: fromBase64(code.seed), publicKey: fromBase64(code.publicKey) };
  const opening = await openingOf({ origin: code.origin, secret: fromBase64(code.secret) });
  const { end } = await browserEnd(pair, opening, hello.n, hello.wire);
  let said = 0;
  return {
    /** @returns the hash that an answer to it carries */
    async ask(more: Partial<Message<'request'>>): Promise<string> {
      const plaintext = pack('request', {
        ...{ v: 1, t: 'request', kind: 'password', topOrigin: SITE, frameOrigin: SITE, title: '' },
        ...{ browser: 'Chrome 156', os: 'Windows', time: Date.now() },
        ...more,
      } as Message<'request'>);
      line.say({ t: 'send', n: said, m: toBase64(await sealFrom('b', end.shared, said++, plaintext)) });
      return requestHash(plaintext);
    },
    async answer(): Promise<Message<'answer'>> {
      const { n, wire } = await take();
      return unpack('answer', await end.open(n, wire));
    },
    leave() {
      line.say({ t: 'close', reason: 'cancelled' });
      line.close();
    },
  };
}

/** The page's own clock stands still but for `pass`. */
const stopClock = (page: Page) =>
  page.evaluateOnNewDocument(() => {
    const clock = { ms: 1 };
    Object.assign(window, { clock });
    performance.now = () => clock.ms;
  });
const pass = (page: Page, ms: number) =>
  page.evaluate((by) => {
    (window as unknown as { clock: { ms: number } }).clock.ms += by;
  }, ms);

describe('a tap on the phone', () => {
  let companion: Companion;
  let person: Phone;
  let page: Page;
  let other: Awaited<ReturnType<typeof computer>>;
  beforeAll(async () => {
    const port = await freePort();
    hashCheaply(await buildFor(port));
    companion = await startCompanion(port);
    person = await phone();
    page = person.page;
    await stopClock(page);
    await person.visit(companion.origin);
    await person.firstRun();
    for (const [site, username, totp] of [
      [SITE, 'ann', TOTP],
      [SITE, 'bob', ''],
      ['https://wiki.example', 'wim', ''],
    ] as const) {
      await person.press('Add an account');
      await person.addAccount({ site, username, password: `${username}’s password`, ...(totp ? { totp } : {}) });
    }
  });
  afterAll(async () => {
    await person.close();
    await companion.remove();
  });
  afterEach(async () => {
    other.leave();
    await page.waitForSelector('[data-outcome]');
    await person.press('Done');
  });

  /** Chooses in the sheet of accounts; those of other sites lie behind a word there. */
  const choose = async (name: string) => {
    await page.locator('button.fact').click();
    await page.waitForSelector('.account');
    const own = await page.$$eval('.body > ul .account', (all) => all.map((one) => one.textContent ?? ''));
    if (!own.some((text) => text.includes(name))) await page.locator('summary').click();
    await page.locator(`.account ::-p-text(${name})`).click();
    await page.waitForSelector('.pass');
  };
  const leaveList = async () => {
    await page.locator('button.fact').click();
    await page.waitForSelector('.account');
    await page.click('.actions button');
    await page.waitForSelector('.pass');
  };
  const ticked = () => page.$$eval('.check input', (boxes) => boxes.map((box) => (box as HTMLInputElement).checked));
  const isReady = async () => (await page.$(`${APPROVE}:not(:disabled)`)) !== null;
  /** The finger comes down, whatever it meets. */
  const tap = () => page.click(APPROVE);

  test('releases nothing within half a second of any change of the screen', async () => {
    other = await computer(companion, person);
    const hash = await other.ask({});
    await page.waitForSelector(`${APPROVE}:not(:disabled)`);
    await tap();
    const changes: [string, () => Promise<unknown>][] = [
      ['another account', () => choose('ann')],
      ['and the first again', () => choose('bob')],
      ['the list of accounts, which is left again', leaveList],
      ['an account of another site, and the word that it needs', () => choose('wim').then(() => page.click('.check'))],
      ['and an account of this one', () => choose('bob')],
      ['the page has another size', () => page.evaluate(() => window.dispatchEvent(new Event('resize')))],
    ];
    for (const [what, change] of changes) {
      // Whatever there was before is half a second old, so a tap would count but for this.
      await pass(page, 501);
      await change();
      expect(await isReady(), what).toBe(true);
      await tap();
    }
    await pass(page, 501);
    await choose('ann');
    await pass(page, 501);
    await tap();
    // The one tap that counted is the last: any other would have been answered before, and with another account.
    expect(await other.answer()).toMatchObject({ t: 'credential', request: hash, username: 'ann' });
  });

  test('counts for the request that it was shown, though another one comes in the last moment', async () => {
    other = await computer(companion, person);
    const shown = await other.ask({ kind: 'otp' });
    await person.sees('asks for a one-time code only');
    await choose('ann');
    await page.waitForSelector(`${APPROVE}:not(:disabled)`);
    await pass(page, 501);
    await other.ask({ kind: 'password' });
    await tap();
    expect(await other.answer()).toMatchObject({ t: 'credential', request: shown, username: '', password: '' });
  });

  test('on an account of another site needs a word for this very account', async () => {
    other = await computer(companion, person);
    const elsewhere = 'http://lunch.example';
    await other.ask({ topOrigin: elsewhere, frameOrigin: elsewhere });
    await choose('wim');
    await until('the words that it needs', async () => (await ticked()).length === 2);
    for (const box of await page.$$('.check')) await box.click();
    expect([await ticked(), await isReady()]).toEqual([[true, true], true]);
    await choose('bob');
    expect([await ticked(), await isReady()]).toEqual([[false, false], false]);
    // Not even for the one that it was given for, once it was left.
    await choose('wim');
    expect([await ticked(), await isReady()]).toEqual([[false, false], false]);
  });

  test.each<[string, Partial<Message<'request'>>, string, string]>([
    [
      'a code that may be asked for afterwards',
      {},
      'ann',
      'If the site asks for a one-time code afterwards, it is sent',
    ],
    ['a code that goes along', { otp: true }, 'ann', 'A one-time code goes along.'],
    ['the site of the frame', { frameOrigin: 'https://pay.example' }, 'wim', 'part of another site: pay.example'],
    [
      'where the form sends',
      { sendsTo: 'https://login.bank.example' },
      'ann',
      'This form sends what you give to login.bank.example',
    ],
    [
      'that it gives nothing to a form of another site',
      { sendsTo: 'https://evil.example' },
      'ann',
      'That address belongs to another site',
    ],
    ['that a new password is kept', { kind: 'new', saves: 'new', username: 'new' }, '', 'It is kept here'],
    ['that the old password goes along', { kind: 'new', saves: 'changed', username: 'ann' }, '', 'The old password is'],
  ])('is told %s before it covers that', async (_what, more, name, sentence) => {
    other = await computer(companion, person);
    await other.ask(more);
    await page.waitForSelector('.pass');
    if (name) await choose(name);
    await person.sees(sentence);
  });

  test('gives nothing to a form that sends to another site, whatever account is chosen', async () => {
    other = await computer(companion, person);
    await other.ask({ sendsTo: 'https://wiki.example' });
    await page.waitForSelector('.pass');
    await choose('ann');
    expect(await isReady()).toBe(false);
    // Kept for where it sends, and so a word is enough that it is used here.
    await choose('wim');
    await page.click('.check');
    expect(await isReady()).toBe(true);
    await choose('bob');
    expect(await isReady()).toBe(false);
  });

  test('on an account with one-time codes is told before if the phone’s clock is not the companion’s', async () => {
    await page.evaluate(() => {
      const own = window.fetch;
      window.fetch = async (address, init) => {
        const answer = await own(address, init);
        if (address !== '/v1/companion') return answer;
        window.fetch = own;
        return new Response(null, { headers: { date: new Date(Date.now() + 300_000).toUTCString() } });
      };
    });
    other = await computer(companion, person);
    await other.ask({});
    await page.waitForSelector('.pass');
    await choose('ann');
    await person.sees('Compared with the server’s clock, this phone’s is behind by 5 minutes');
    await choose('bob');
    expect(await person.text()).not.toContain('clock');
  });

  test('on an account without codes is told of none', async () => {
    other = await computer(companion, person);
    await other.ask({});
    await page.waitForSelector('.pass');
    await choose('bob');
    await pass(page, 501);
    expect(await person.text()).not.toContain('one-time code');
    await tap();
    expect(await other.answer()).toMatchObject({ username: 'bob' });
  });
});
