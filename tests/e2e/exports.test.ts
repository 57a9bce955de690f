// What we write, read by programs that are not ours: KeePassXC opens the KDBX file, Firefox and Chromium import the table, Buttercup's
// importer reads Bitwarden's JSON. And what costs too much for the unit tests: a backup sealed as Stratum fixes it.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import puppeteer, { type Browser } from 'puppeteer';
import { afterAll, expect, test } from 'vitest';
import { writeKdbx } from '../../src/phone/transfer/importers/kdbx.ts';
import { readExport } from '../../src/phone/transfer/read.ts';
import { writeBitwarden, writeCsv } from '../../src/phone/transfer/write.ts';
import { newAccount } from '../../src/phone/vault/document.ts';
import { codeAt } from '../../src/phone/vault/totp.ts';
import { CHROMIUM_ARGS } from './chromium.ts';
import { PATIENCE, until } from './companion.ts';
import { type Bidi, inWindowOf } from './firefox.ts';
import { display } from './webkit.ts';

const folder = mkdtempSync(join(tmpdir(), 'scankey-exports-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SET = Date.UTC(2020, 8, 13, 12, 26, 40);
const SEEDS = {
  plain: 'otpauth://totp/A:ann?issuer=A&secret=JBSWY3DPEHPK3PXP&algorithm=SHA256&digits=8&period=60',
  steam:
    'otpauth://totp/S:bob?issuer=S&secret=JRZCL47CMXVOQMNPZR2F7J4RGI&algorithm=SHA1&digits=5&period=30&encoder=steam',
};
const ACCOUNTS = [
  newAccount({
    ...{ id: '1', title: 'pasted\u000btitle', sites: ['https://a.example'], username: 'ann', password: 'p\u0001w' },
    ...{ notes: 'a\u0000b\ud800', totp: SEEDS.plain, tenant: 'Ward', passwordAt: SET },
  }),
  newAccount({
    ...{
      id: '2',
      title: 'B',
      sites: ['https://b.example', 'https://c.example'],
      username: 'bob',
      password: 'new ünï🎉',
    },
    ...{ totp: SEEDS.steam, favourite: true, passwordAt: SET, changedAt: SET + 1 },
    history: [
      { password: 'old', until: SET },
      { password: 'older', until: SET - 86_400_000 },
    ],
  }),
];

/** KeePassXC's own reading of a file, its password given as a person would. */
const keepassxc = (command: string, ...args: string[]): string =>
  execFileSync('keepassxc-cli', [command, '-q', ...args], { input: 'k\n', encoding: 'utf8', stdio: 'pipe' });

interface Entry {
  Tags: string;
  Times: { LastModificationTime: string };
  String: { Key: string; Value: string | number | { '#text': string } }[];
  History?: { Entry: Entry[] };
}
/** Seconds since the year 1, as KDBX 4 counts. */
const timeOf = (entry: Entry | undefined): number =>
  (Number(Buffer.from(entry?.Times.LastModificationTime ?? '', 'base64').readBigInt64LE()) - 62_135_596_800) * 1000;
const fieldsOf = (entry: Entry | undefined): Record<string, string> =>
  Object.fromEntries(
    (entry?.String ?? []).map(({ Key, Value }) => [Key, typeof Value === 'object' ? Value['#text'] : String(Value)]),
  );

test('KeePassXC opens our KDBX file, and finds in it all that the vault had', async () => {
  const file = join(folder, 'all.kdbx');
  writeFileSync(file, await writeKdbx(ACCOUNTS, 'k'));
  expect(keepassxc('ls', file).split('\n')).toEqual(expect.arrayContaining(['pasted title', 'B']));
  for (const [title, seed] of [
    ['pasted title', SEEDS.plain],
    ['B', SEEDS.steam],
  ] as const) {
    const before = Date.now();
    const theirs = keepassxc('show', '-t', file, title).trim();
    const steps = Array.from({ length: Math.ceil((Date.now() - before) / 30_000) + 1 }, (_, step) =>
      codeAt(seed, before + step * 30_000),
    );
    expect(await Promise.all(steps)).toContain(theirs);
  }
  expect(keepassxc('show', '-s', '-a', 'Password', file, 'pasted title')).toBe('p\u0001w\n');
  const parser = new XMLParser({
    ...{ parseTagValue: false, isArray: (name) => ['Entry', 'Group', 'String'].includes(name) },
  });
  const { KeePassFile } = parser.parse(keepassxc('export', '-f', 'xml', file));
  const [first, second]: Entry[] = KeePassFile.Root.Group[0].Entry;
  expect(fieldsOf(first)).toMatchObject({ UserName: 'ann', URL: 'https://a.example', Tenant: 'Ward' });
  expect(fieldsOf(second)).toMatchObject({ Password: 'new ünï🎉', KP2A_URL_1: 'https://c.example' });
  expect(second?.Tags).toBe('Favorite');
  expect([timeOf(first), timeOf(second)]).toEqual([SET, SET]);
  // Each version's time is when its password was set: the oldest one's is not known, so when it went.
  const history = second?.History?.Entry ?? [];
  expect(history.map((one) => [fieldsOf(one).Password, timeOf(one)])).toEqual([
    ['older', SET - 86_400_000],
    ['old', SET - 86_400_000],
  ]);
});

/** Names and passwords that a table's syntax, or a spreadsheet, could take for something else. */
const AWKWARD = newAccount({
  id: '3',
  sites: ['https://d.example:8443'],
  username: '=cyd',
  password: '"a,b"\n;=1+1',
});
const TABLE = join(folder, 'all.csv');
writeFileSync(TABLE, writeCsv([...ACCOUNTS, AWKWARD]));
/** A login for each site. */
const logins = (end: '' | '/') => [
  [`https://a.example${end}`, 'ann', 'p\u0001w'],
  [`https://b.example${end}`, 'bob', 'new ünï🎉'],
  [`https://c.example${end}`, 'bob', 'new ünï🎉'],
  [`https://d.example:8443${end}`, '=cyd', '"a,b"\n;=1+1'],
];

test('Firefox imports our table by its own importer: a login for each site, names and passwords as they are', async () => {
  const browser = await puppeteer.launch({
    ...{ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', timeout: PATIENCE },
    args: ['--remote-allow-system-access'],
  });
  try {
    const inWindow = inWindowOf((browser as unknown as { connection: Bidi }).connection);
    const taken = await inWindow(`
      const { LoginCSVImport } = ChromeUtils.importESModule('resource://gre/modules/LoginCSVImport.sys.mjs');
      await LoginCSVImport.importFromCSV(${JSON.stringify(TABLE)});
      const logins = await Services.logins.getAllLogins();
      return JSON.stringify(logins.map(({ origin, username, password }) => [origin, username, password]));`);
    expect(JSON.parse(taken).sort()).toEqual(logins(''));
  } finally {
    await browser.close();
  }
});

/** What the page of Chromium's password manager is given to work with. */
declare const passwordsPrivate: {
  importPasswords(store: string): Promise<{ status: string; numberImported: number; displayedEntries: unknown[] }>;
  getCredentialGroups(): Promise<
    { entries: { id: number; username: string; affiliatedDomains: [{ signonRealm: string }] }[] }[]
  >;
  requestPlaintextPassword(id: number, reason: 'VIEW'): Promise<string>;
};

test('so does Chromium, whose password manager asks for the file in a window of the system', async () => {
  const { name, server } = await display();
  const env = { ...process.env, DISPLAY: name, GSETTINGS_BACKEND: 'memory', NO_AT_BRIDGE: '1', LC_ALL: 'C.UTF-8' };
  const xdotool = (...args: string[]): string => {
    try {
      return execFileSync('xdotool', args, { env, encoding: 'utf8', stdio: 'pipe', timeout: 10_000 }).trim();
    } catch {
      return '';
    }
  };
  let browser: Browser | undefined;
  try {
    browser = await puppeteer.launch({
      ...{ executablePath: '/usr/bin/chromium', headless: false, pipe: true, timeout: PATIENCE, env },
      args: [...CHROMIUM_ARGS, '--password-store=basic'],
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto('chrome://password-manager/settings');
    await page.evaluate(() => Object.assign(window, { passwordsPrivate: Reflect.get(chrome, 'passwordsPrivate') }));
    const result = page.evaluate(() => passwordsPrivate.importPasswords('DEVICE'));
    const dialog = await until('the window', async () => xdotool('search', '--onlyvisible', '--name', '^Import'));
    xdotool('windowfocus', '--sync', dialog);
    // The place where a file's name is typed, the name, and "Open", which is dead until the name is looked at.
    xdotool('key', 'ctrl+l', 'ctrl+a');
    xdotool('type', '--delay', '20', TABLE);
    await until('the file is chosen', async () => {
      xdotool('key', 'alt+o');
      return xdotool('search', '--onlyvisible', '--name', '^Import') === '';
    });
    expect(await result).toMatchObject({ status: 'SUCCESS', numberImported: 4, displayedEntries: [] });
    const taken = await page.evaluate(async () => {
      const groups = await passwordsPrivate.getCredentialGroups();
      return Promise.all(
        groups
          .flatMap(({ entries }) => entries)
          .map(async ({ id, username, affiliatedDomains: [{ signonRealm }] }) => [
            ...[signonRealm, username, await passwordsPrivate.requestPlaintextPassword(id, 'VIEW')],
          ]),
      );
    });
    expect(taken.sort()).toEqual(logins('/'));
  } finally {
    await browser?.close();
    const ended = once(server, 'exit');
    server.kill();
    await ended;
  }
});

/** Buttercup, a password manager that moves in from Bitwarden; it has no types. */
interface Importers {
  BitwardenImporter: new (
    json: string,
  ) => { export(): Promise<{ getAllEntries(): { getProperties(): Record<string, string> }[] }> };
}

test('Buttercup’s importer reads our Bitwarden file: names, passwords, addresses, notes and fields', async () => {
  const require = createRequire(import.meta.url);
  (require('buttercup') as { init(): void }).init();
  const { BitwardenImporter } = require('@buttercup/importer') as Importers;
  const vault = await new BitwardenImporter(writeBitwarden([...ACCOUNTS, AWKWARD])).export();
  expect(vault.getAllEntries().map((entry) => entry.getProperties())).toEqual([
    {
      ...{ title: 'pasted\u000btitle', username: 'ann', password: 'p\u0001w', URL: 'https://a.example' },
      ...{ Notes: ACCOUNTS[0]?.notes, Tenant: 'Ward' },
    },
    { title: 'B', username: 'bob', password: 'new ünï🎉', URL: 'https://b.example' },
    { title: 'd.example:8443', username: '=cyd', password: '"a,b"\n;=1+1', URL: 'https://d.example:8443' },
  ]);
});

/** One code; its key costs 64 MiB and three passes, so it is tried once. */
const SEALED_STRATUM = Buffer.from(
  'QVVUSEVOVElDQVRPUlBSTwQEBAQEBAQEBAQEBAQEBAQHBwcHBwcHBwcHBwfyvMWuPbouCfD0XPBwVzqiQN2VJAjqGqPmfCz4jR0OJlARHTB15sJKgZfncTJMjx0DPCllstbuLYRH+x/JyAnebrI45IJ4WOVfJZg8cIagNg4atsjM9X1EYCfzuKhzs4/wJuf2oCXQPbnx4orJPQkBiPQZk42s6jWxKMGsks7B3r97iym3VrZUh0Nt6qEuOlCC+xwO4na9Coifd8k+R9hx7hEVPNVrqLMUg9GOZuz/nKDOabpvjYiSqZLm3pgjMTqFp4VFdwJ2RiGRkl7zf3x/daFepxyE+t9yWvEpgv62B/99pWD5zCs8RtgZevY=',
  'base64',
);
test('a backup of Stratum opens at the cost at which the app seals it', async () => {
  const found = await readExport('backup.stratum', SEALED_STRATUM, 'pw');
  expect([found.source, found.entries[0]?.title]).toEqual(['Stratum', 'Deno']);
  expect(await codeAt(found.entries[0]?.totp ?? '', 1_700_000_000_000)).toMatch(/^\d{6}$/);
});
