import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { fromBase64, toBase64 } from '../../src/protocol/encoding.ts';
import type { Popup } from '../e2e/chromium.ts';
import { ROOT, until } from '../e2e/companion.ts';
import { phone as anotherPhone } from '../e2e/phone.ts';
import { type World, world } from '../e2e/world.ts';
import { NAME, PASSWORD } from '../sites/server.ts';

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

  /** Which numbers the browser, or the phone, has told the companion that it has taken. */
  type Taken = { see(frame: { t: string; n?: number }, from: 'browser' | 'companion'): void; has(n: number): boolean };
  const browserAcks = (): Taken => {
    const acked = new Set<number | undefined>();
    return {
      see: (frame, from) => void (from === 'browser' && frame.t === 'ack' && acked.add(frame.n)),
      has: (n) => acked.has(n),
    };
  };
  const phoneAcks = async (): Promise<Taken> => {
    const acked = new Set<number | undefined>();
    const client = await w.phone.page.createCDPSession();
    onTestFinished(() => client.detach());
    await client.send('Network.enable');
    client.on('Network.webSocketFrameSent', ({ response }) => {
      const frame = JSON.parse(response.payloadData) as { t: string; n?: number };
      if (frame.t === 'ack') acked.add(frame.n);
    });
    return { see: () => {}, has: (n) => acked.has(n) };
  };

  /** Brings a sign-in to a state, does `harm` there, and lets it go on. */
  type State = 'created' | 'joined' | 'requested';
  async function reach(state: State, harm: (popup: Popup) => Promise<void>): Promise<void> {
    const begun = await w.begin('/plain');
    page = begun.page;
    const picture = await begun.popup.link().then(() => begun.popup.picture());
    w.phone.show(picture);
    if (state === 'created') await harm(begun.popup);
    if (state === 'joined') {
      // Joined, but the hello is still on its way.
      let held = true;
      w.network.onFrame = (frame, from) => (held && from === 'companion' && frame.t === 'msg' ? undefined : frame);
      await w.phone.scan();
      await w.says(begun.popup, 'Scanned. Waiting for your phone');
      held = false;
      await harm(begun.popup);
    } else await w.phone.scan();
    await w.phone.page.waitForSelector('.pass');
    if (state === 'requested') await harm(begun.popup);
    await w.phone.approve();
  }

  const states: State[] = ['created', 'joined', 'requested'];

  test.each(states)('the worker is killed in "%s": the sign-in goes on', async (state) => {
    await reach(state, async (popup) => {
      await w.desktop.killWorker();
      // The open popup says that it is still here, which wakes the worker.
      await popup.nudge();
    });
    expect(await w.outcome()).toBe(navigated);
    expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
  });

  test('the worker is killed while it delivers: nothing is filled twice, and both say that they cannot tell', async () => {
    const begun = await w.begin('/name-thinks');
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.approve();
    // Its next page, where the password belongs, is waited for.
    await until('the name was sent', () => w.sites.posted.length > 0);
    await w.desktop.killWorker();
    await begun.popup.nudge();
    expect(await w.outcome()).toBe('cannot-tell');
    // Nor does it say that anything was entered: nobody saw whether it was.
    await w.says(begun.popup, 'It could not be seen how this went');
    expect(posted()).toEqual([`${NAME}/null`]);
  });

  test('the worker is killed after the form was sent: the outcome is found by looking again', async () => {
    const begun = await w.begin('/slow');
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.approve();
    await until('the form was sent', () => w.sites.posted.length > 0);
    await w.desktop.killWorker();
    await begun.popup.nudge();
    expect(await w.outcome()).toBe(navigated);
    expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
  });

  test.each(states)('the companion is killed and restarted in "%s": the sign-in goes on', async (state) => {
    await reach(state, async () => {
      await w.companion.stop('SIGKILL');
      await w.companion.start();
    });
    expect(await w.outcome()).toBe(navigated);
    expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
  });

  test('the companion is away while the person confirms: the answer leaves when it is back', async () => {
    await reach('requested', async () => {
      expect(await w.companion.stop('SIGTERM')).toBe(0);
    });
    await w.phone.page.waitForFunction(() => !document.querySelector('.pass'));
    await w.companion.start();
    expect(await w.outcome()).toBe(navigated);
    expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
  });

  test('the phone page is reloaded: unlocking it again goes on with the same sign-in', async () => {
    const begun = await w.begin('/plain');
    page = begun.page;
    await w.scan(begun.popup);
    await begun.popup.click('My phone asks for a number');
    const shown = async () => /\d{3} \d{3}/.exec(await begun.popup.text())?.[0];
    const before = await until('digits', shown);
    await w.phone.page.reload();
    // Whoever reads that knows still for which site, and where.
    await w.phone.sees(`go on with the sign-in to ${new URL(w.sites.origin).host} on `);
    await w.phone.unlock();
    await w.phone.page.waitForSelector('.pass');
    await until('other digits', async () => (await until('digits', shown)) !== before);
    await w.phone.approve();
    expect(await w.outcome()).toBe(navigated);
    expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
  });

  test.runIf(make === 'chromium')(
    'the phone page is updated in the middle: the sign-in ends on the old one',
    async () => {
      const worker = join(ROOT, `.cache/build-${w.companion.port}/phone/sw.js`);
      const was = readFileSync(worker, 'utf8');
      const phonePage = w.phone.page;
      await phonePage.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
      const begun = await w.begin('/plain');
      page = begun.page;
      await w.scan(begun.popup);
      try {
        writeFileSync(worker, was.replace(/scankey-[0-9a-f]{16}/, 'scankey-0123456789abcdef'));
        const waits = () =>
          phonePage.evaluate(async () => {
            const found = await navigator.serviceWorker.getRegistration();
            await found?.update();
            return Boolean(found?.waiting);
          });
        await until('the new version waits', waits);
        // Nobody is asked to start it while a computer waits.
        expect(await w.phone.text()).not.toContain('A new version is ready');
        await w.phone.approve();
        expect(await w.outcome()).toBe(navigated);
        expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
        await w.phone.press('Done');
        await w.phone.sees('A new version is ready');
      } finally {
        writeFileSync(worker, was);
      }
    },
  );

  test('a second phone that scans the same code is told, and so is the popup', async () => {
    const begun = await w.begin('/plain');
    page = begun.page;
    const picture = await begun.popup.link().then(() => begun.popup.picture());
    const second = await anotherPhone();
    try {
      await second.visit(w.companion.origin);
      await second.firstRun('Thief’s phone');
      await second.sees('Accounts');
      second.show(picture);
      await w.scan(begun.popup);
      await second.scan();
      await second.sees('Another phone scanned this code first');
      await w.says(begun.popup, 'Somebody else tried to scan this code');
      await w.phone.approve();
      expect(await w.outcome()).toBe(navigated);
      expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
    } finally {
      await second.close();
    }
  });

  test('the tab moves on between the confirmation and the delivery: nothing is filled, both say why', async () => {
    const begun = await w.begin('/plain');
    page = begun.page;
    await w.scan(begun.popup);
    // The answer waits in the network until the tab has moved.
    let moved = false;
    const late: (() => void)[] = [];
    w.network.onFrame = (frame, from) => {
      if (moved || from !== 'companion' || frame.t !== 'msg') return frame;
      late.push(() => {});
      return undefined;
    };
    await w.phone.approve();
    await until('the answer is on its way', () => late.length > 0);
    await page.goto(`${w.sites.origin}/two-forms`);
    moved = true;
    w.network.cut();
    w.network.mend();
    expect(await w.outcome()).toBe('page-left');
    expect(posted()).toEqual([]);
    expect(await page.$eval('[type=password]', (field) => (field as HTMLInputElement).value)).toBe('');
  });

  test('the tab is closed: the phone is told', async () => {
    const begun = await w.begin('/plain');
    page = begun.page;
    await w.scan(begun.popup);
    await page.close();
    expect(await w.outcome()).toBe('cancelled');
  });

  test.each([
    ['a changed hello', 'companion', 0],
    ['a changed request', 'browser', 0],
    ['a changed answer', 'companion', 1],
  ] as const)('%s opens nowhere and fills nothing', async (_name, side, n) => {
    const taken = side === 'companion' ? browserAcks() : await phoneAcks();
    w.network.onFrame = (frame, from) => {
      taken.see(frame, from);
      if (from !== side || frame.n !== n || !frame.m) return frame;
      const wire = fromBase64(frame.m);
      wire[wire.length - 20] = (wire[wire.length - 20] ?? 0) ^ 1;
      return { ...frame, m: toBase64(wire) };
    };
    const begun = await w.begin('/plain');
    page = begun.page;
    w.phone.show(await begun.popup.link().then(() => begun.popup.picture()));
    await w.phone.scan();
    if (n === 1) {
      await w.phone.approve();
      await w.phone.sees('Sent.');
    } else await w.phone.sees('Reaching the computer');
    // Whoever it was for has taken it, and made nothing of it.
    await until('it was taken', () => taken.has(n));
    const computer = await begun.popup.text();
    if (side === 'companion' && n === 0) expect(computer).not.toMatch(/Confirm on|\d{6}|\d{3} \d{3}/);
    if (n === 1) expect(computer).not.toMatch(/Signing in as|Signed in|Password entered/);
    else expect(await w.phone.page.$('.pass')).toBeNull();
    expect(await w.phone.page.$('[data-outcome]')).toBeNull();
    expect(posted()).toEqual([]);
    await begun.popup.click(n === 0 && side === 'companion' ? 'Cancel' : 'Not my phone');
    expect(await w.outcome()).toBe('cancelled');
  });

  test('a relay that swaps the browser’s key is found out by the phone', async () => {
    w.network.onFrame = (frame, from) => {
      const open = frame as { t: string; pk?: string };
      if (from !== 'browser' || open.t !== 'open' || !open.pk) return frame;
      return { ...frame, pk: open.pk.replace(/^..../, 'AAAA') } as typeof frame;
    };
    const begun = await w.begin('/plain');
    page = begun.page;
    w.phone.show(await begun.popup.link().then(() => begun.popup.picture()));
    await w.phone.scan();
    expect(await w.outcome()).toBe('key-mismatch');
    await w.phone.sees('does not match the code');
    expect(posted()).toEqual([]);
  });

  test('replayed messages change nothing in any state, and the password is filled once', async () => {
    const seen: { t: string; n?: number }[] = [];
    let acks = 0;
    // The site takes its time, so that there is a while in which the password is on its way.
    const begun = await w.begin('/slow');
    page = begun.page;
    w.network.onFrame = (frame, from) => {
      if (from === 'companion' && frame.t === 'msg') seen.push({ ...frame });
      if (from === 'browser' && frame.t === 'ack') acks += 1;
      return frame;
    };
    /** Says everything again three times, and waits until the browser has taken it all. */
    const replay = async (state: string) => {
      const before = acks;
      const again = [...seen, ...seen, ...seen];
      for (const frame of again) w.network.inject(frame);
      await until(`what was said again is taken (${state})`, () => acks >= before + again.length);
    };
    await w.scan(begun.popup);
    expect(seen.map(({ n }) => n)).toEqual([0]);
    await until('the hello is taken', () => acks === 1);
    await replay('requested');
    await w.says(begun.popup, 'Confirm on “Li’s phone”');
    await w.phone.approve();
    await until('the form was sent', () => posted().length > 0);
    await until('the answer is taken', () => acks === 1 + 3 + 1);
    await replay('delivering');
    expect(await w.outcome()).toBe(navigated);
    await replay('done');
    expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
    await w.says(begun.popup, navigated === 'signed-in' ? 'Signed in' : 'Password entered');
  });

  test('a relay that invents, enlarges and garbles frames ends the session, with a sentence and no fill', async () => {
    const garbled = 'Something arrived that Scankey does not understand';
    for (const [sentence, ...frames] of [
      [garbled, ...[0, 1, 2].map((n) => ({ t: 'msg', n, m: 'AAAA' }))],
      ['Messages arrived in the wrong order', { t: 'msg', n: 7, m: 'AAAA' }],
      [garbled, { t: 'msg', n: 0, m: 'A'.repeat(40_000) }],
      [garbled, { t: 'nonsense' }],
      [garbled, { t: 'gone', problem: { code: 'no-such-code' } }],
    ] as const) {
      let isOpen = false;
      w.network.onFrame = (frame) => {
        isOpen ||= frame.t === 'opened';
        return frame;
      };
      const begun = await w.begin('/plain');
      page = begun.page;
      await begun.popup.link();
      // What is left of a sign-in before may still be connected.
      await until('the companion has opened it', () => isOpen);
      expect(await begun.popup.text()).not.toContain(sentence);
      for (const frame of frames) w.network.inject(frame);
      await w.says(begun.popup, sentence);
      expect(posted()).toEqual([]);
      await page.close();
    }
  });
});
