// What a person has to do on the ways that everybody goes: taps and keys, counted as they are made, and seconds at a person's pace.
// A real companion, a Chromium with the extension and one of phone size; Argon2 costs what it costs people.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle } from 'puppeteer';
import { fromBase64 } from '../src/protocol/encoding.ts';
import { readSheet, sheetLink } from '../src/protocol/recovery.ts';
import { chromium, type Desktop, type Popup } from '../tests/e2e/chromium.ts';
import { buildFor, type Companion, freePort, startCompanion } from '../tests/e2e/companion.ts';
import { PASSPHRASE, type Phone, phone, rememberEachOther, withFinger } from '../tests/e2e/phone.ts';
import { NAME, PASSWORD, type Sites, startSites } from '../tests/sites/server.ts';

type Note = (name: string, value: number, unit: string, aim?: string) => void;

/** A person's pace, a second. */
const PACE = { taps: 3, keys: 4 };

/** What was done on one way. What the system's own screens take is counted by hand. */
interface Done {
  /** On the phone. */
  taps: number;
  /** On the computer. */
  clicks: number;
  keys: number;
  /** ms that the machine took, also to show what has to be read before the tap that confirms. */
  machine: number;
}

/** A person's hand: on the phone, and where it is said so on the computer. */
class Hand {
  taps = 0;
  clicks = 0;
  keys = 0;
  readonly phone: Phone;
  readonly #began = Date.now();

  constructor(one: Phone) {
    this.phone = one;
  }

  /** On something of the system's own: the link that its camera shows, a file in its chooser. */
  elsewhere(): void {
    this.taps++;
  }

  /** On the toolbar's button. */
  click(): void {
    this.clicks++;
  }

  async tap(selector: string): Promise<void> {
    this.taps++;
    await this.phone.page.locator(selector).click();
  }

  press(label: string): Promise<void> {
    return this.tap(`button ::-p-text(${label}), button[aria-label="${label}"]`);
  }

  /** Into a field, which needs no tap where it has the focus already. */
  async type(id: string, text: string): Promise<void> {
    const { page } = this.phone;
    const field = await page.waitForSelector(`#${id}`);
    if (!(await field?.evaluate((element) => element === document.activeElement))) await this.tap(`#${id}`);
    this.keys += text.length;
    await page.keyboard.sendCharacter(text);
  }

  async confirm(): Promise<void> {
    this.taps++;
    await this.phone.approve();
  }

  done(): Done {
    return { taps: this.taps, clicks: this.clicks, keys: this.keys, machine: Date.now() - this.#began };
  }
}

interface Stage {
  companion: Companion;
  desktop: Desktop;
  sites: Sites;
  phones: Phone[];
}

async function newPhone({ phones }: Stage): Promise<Phone> {
  const one = await phone();
  phones.push(one);
  return one;
}

/** A popup over a page with a form, which shows its code; what came before it is no part of the way. */
async function code({ desktop, sites }: Stage, url = `${sites.origin}/plain`): Promise<Popup> {
  const popup = await desktop.openPopup(await desktop.newPage(url));
  await popup.link();
  return popup;
}

/** The popup is opened, the system's camera held before it, and its link tapped. */
async function scan(hand: Hand, popup: Popup): Promise<void> {
  hand.click();
  hand.elsewhere();
  await hand.phone.visit(await popup.link());
}

async function makeVault(hand: Hand): Promise<void> {
  await hand.type('passphrase', PASSPHRASE);
  await hand.type('repeat', PASSPHRASE);
  await hand.tap('button[type=submit]');
}

/** Confirms, and waits until the phone says how it went. */
async function signedIn(hand: Hand, popup: Popup): Promise<Done> {
  await hand.confirm();
  await hand.phone.page.waitForSelector('[data-outcome=signed-in]');
  const done = hand.done();
  await popup.close();
  return done;
}

/** The offers that follow a first sign-in are put off. */
async function putOff(one: Phone): Promise<void> {
  await one.press('Done');
  while (await one.page.$('main[data-offer]')) await one.page.click('main[data-offer] .actions button:last-child');
  await one.page.waitForSelector('header .add');
}

async function firstScan(stage: Stage, one: Phone): Promise<Done> {
  const popup = await code(stage);
  const hand = new Hand(one);
  await scan(hand, popup);
  await makeVault(hand);
  await hand.press('Add an account for this site');
  await hand.type('username', NAME);
  await hand.type('password', PASSWORD);
  await hand.press('Save');
  return signedIn(hand, popup);
}

async function practice(stage: Stage, one: Phone): Promise<Done> {
  const popup = await code(stage, `http://localhost:${new URL(stage.companion.origin).port}/practice`);
  const hand = new Hand(one);
  await scan(hand, popup);
  await makeVault(hand);
  await hand.press('Use the practice account');
  return signedIn(hand, popup);
}

async function returning(stage: Stage, one: Phone, unlock: (hand: Hand) => Promise<void>): Promise<Done> {
  await one.page.goto('about:blank');
  const popup = await code(stage);
  const hand = new Hand(one);
  await scan(hand, popup);
  await unlock(hand);
  return signedIn(hand, popup);
}

const byPassphrase = async (hand: Hand): Promise<void> => {
  await hand.type('passphrase', PASSPHRASE);
  await hand.tap('button[type=submit]');
};
/** It asks for the finger by itself. */
const byFinger = async (): Promise<void> => {};

async function remembered(stage: Stage, one: Phone): Promise<Done> {
  const page = await stage.desktop.newPage(`${stage.sites.origin}/plain`);
  const hand = new Hand(one);
  hand.click();
  const popup = await stage.desktop.openPopup(page);
  return signedIn(hand, popup);
}

/** A picture of the sheet's code is scanned by the system's camera. */
async function secondPhone(stage: Stage, sheet: string): Promise<Done> {
  const two = await newPhone(stage);
  const hand = new Hand(two);
  hand.elsewhere();
  await two.visit(sheet);
  await hand.type('passphrase', PASSPHRASE);
  await hand.press('Find my vault');
  await hand.press('Use it on this phone');
  await two.page.waitForSelector('.rows');
  return hand.done();
}

const MOVED = 240;

async function movingIn(one: Phone): Promise<Done> {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-bench-'));
  const rows = Array.from({ length: MOVED }, (_, n) => `Site ${n},https://s${n}.example,user${n},pass-${n}`);
  const file = join(folder, 'passwords.csv');
  writeFileSync(file, `name,url,username,password\n${rows.join('\n')}\n`);
  const hand = new Hand(one);
  await hand.press('Settings');
  await hand.press('Import');
  // The field, and the file in the system's chooser.
  hand.elsewhere();
  hand.elsewhere();
  const input = (await one.page.waitForSelector('#file')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(file);
  await hand.tap('.actions .primary');
  await one.page.waitForSelector('.rows');
  rmSync(folder, { recursive: true, force: true });
  return hand.done();
}

/** Turns the backup on. @returns the link that the sheet's code holds */
async function sheetOf(one: Phone, origin: string): Promise<string> {
  for (const label of ['Settings', 'Backup and other phones']) await one.press(label);
  await one.type('passphrase', PASSPHRASE);
  await one.press('Make a recovery sheet');
  await one.page.waitForSelector('.words');
  const words = await one.page.$eval('.words', (element) => element.textContent ?? '');
  await one.press('I’ve printed or written it down');
  await one.sees('Backed up:');
  return sheetLink(origin, fromBase64(await readSheet(words)));
}

/** Each way once, from the first look at a code, or at the phone, until it is done. */
export async function measurePaths(note: Note): Promise<void> {
  const port = await freePort();
  const build = await buildFor(port);
  const [companion, sites, desktop] = await Promise.all([startCompanion(port), startSites(), chromium(build)]);
  const stage: Stage = { companion, desktop, sites, phones: [] };
  const tell = (way: string, { taps, clicks, keys, machine }: Done, aims: { taps?: number; seconds?: number } = {}) => {
    note(`${way}: taps`, taps, 'taps', aims.taps ? `≤ ${aims.taps}` : undefined);
    note(`${way}: clicks on the computer`, clicks, 'clicks');
    note(`${way}: keys`, keys, 'keys');
    note(`${way}: the machine`, machine / 1000, 's');
    const all = machine / 1000 + (taps + clicks) / PACE.taps + keys / PACE.keys;
    note(`${way}: at a person’s pace`, all, 's', aims.seconds ? `≤ ${aims.seconds}` : undefined);
  };
  try {
    tell('first scan, practice account', await practice(stage, await newPhone(stage)));
    const one = await newPhone(stage);
    await withFinger(one.page);
    tell('first scan, own account', await firstScan(stage, one), { taps: 8, seconds: 45 });
    await one.press('Done');
    await one.press('Unlock by fingerprint or face');
    await one.press('Not now');
    tell('returning, fingerprint', await returning(stage, one, byFinger), { taps: 2 });
    const typing = await newPhone(stage);
    await typing.visit(companion.origin);
    await typing.firstRun();
    await typing.press('Add an account');
    await typing.addAccount({ site: sites.origin, username: NAME, password: PASSWORD });
    tell('returning, passphrase', await returning(stage, typing, byPassphrase));
    await putOff(typing);
    tell(`moving in ${MOVED} accounts by a file`, await movingIn(typing));
    tell('another phone by the recovery sheet', await secondPhone(stage, await sheetOf(typing, companion.origin)));
    await typing.visit(companion.origin);
    await typing.unlock();
    const popup = await code(stage);
    typing.show(await popup.picture());
    await typing.scan();
    await typing.approve();
    await typing.page.waitForSelector('[data-outcome=signed-in]');
    await rememberEachOther(typing, popup);
    await popup.close();
    tell('remembered, the phone in hand', await remembered(stage, typing), { taps: 1 });
  } finally {
    await Promise.all([desktop.close(), ...stage.phones.map((each) => each.close())]);
    await Promise.all([companion.remove(), sites.close()]);
    rmSync(build, { recursive: true, force: true });
  }
}
