// A companion that gives phones another page than the one that was released (R56), as the extension finds it out: a real companion, and
// files of its page that somebody changes.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { effectsOf } from '../../src/background/effects.ts';
import { NextCodes } from '../../src/background/next-code.ts';
import { acceptPhonePage, examinePhonePage } from '../../src/background/phone-page.ts';
import { SaveOffers } from '../../src/background/save-offer.ts';
import * as storage from '../../src/background/storage.ts';
import browser from '../fakes/browser.ts';
import { fakeCompanion } from '../fakes/companion.ts';
import { POLICY } from '../fakes/extension-pages.ts';
import { fakeTabs } from '../fakes/tabs.ts';
import { endAll, recordFor, surround } from '../unit/background-in-memory.ts';
import { companion } from './party.ts';

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const PAGE: Record<string, string> = {
  'index.html': '<!doctype html><html data-trial="false"><script src="./assets/page-1234.js"></script></html>',
  'assets/page-1234.js': 'show(code)',
};

let own: Awaited<ReturnType<typeof companion>>;
let folder: string;
let released: string;
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const listOf = (files: Record<string, string>): string =>
  JSON.stringify({ files: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256(text)])) });
/** Makes build.json say what the files are. */
function build(files: Record<string, string> = PAGE): string {
  for (const [name, text] of Object.entries(files)) put(name, text);
  put('build.json', listOf(files));
  return sha256(listOf(files));
}
/** The page is read once, when a companion starts. */
const served = async (trial = false) => {
  await own?.close();
  own = await companion({ phonePage: folder, trial });
  await storage.writeCompanion({ relay: own.page, phoneOrigin: own.page, providers: [] });
};
const found = () =>
  examinePhonePage(own.page).then(
    () => 'nothing',
    ({ code }) => code,
  );
const allow = (phonePages: string[], server = '') =>
  browser.storage.managed.set({ ...POLICY, companion: server, phonePages });

const node = globalThis.fetch;
beforeAll(() => {
  // As in a browser, nothing is read of an answer that is not for everybody.
  vi.stubGlobal('fetch', async (...asked: Parameters<typeof fetch>) => {
    const response = await node(...asked);
    if (response.headers.get('access-control-allow-origin') !== '*') throw new TypeError('Failed to fetch');
    return response;
  });
  folder = mkdtempSync(join(tmpdir(), 'scankey-page-'));
  mkdirSync(join(folder, 'assets'));
});
beforeEach(async () => {
  await surround();
  released = build();
  await served();
  await allow([released]);
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await endAll();
  await own.close();
  await browser.storage.managed.clear();
  rmSync(folder, { recursive: true });
});

describe('the phone page', () => {
  test('that was released is nothing to speak of', async () => {
    expect(await found()).toBe('nothing');
  });

  test('with the mark of a trial in it is the one that was released', async () => {
    put('index.html', String(PAGE['index.html']).replace('"false"', '"true"'));
    await served();
    expect(await found()).toBe('nothing');
  });

  test.each(Object.keys(PAGE))('of which %s was changed is refused', async (name) => {
    put(name, `${PAGE[name]}<!-- and send it to me -->`);
    await served();
    expect(await found()).toBe('phone-page-changed');
  });

  test('of which a file is gone is refused', async () => {
    rmSync(join(folder, 'assets/page-1234.js'));
    expect(await found()).toBe('phone-page-changed');
  });

  test.each([
    [
      'of another build, which says so itself',
      () => void build({ ...PAGE, 'assets/page-1234.js': 'send(passphrase)' }),
    ],
    ['that says nothing of itself', () => rmSync(join(folder, 'build.json'))],
    ['that says what nobody can read', () => put('build.json', '{"files":{"../index.html":"1"}}')],
  ])('%s is not known', async (_which, change) => {
    change();
    await served();
    expect(await found()).toBe('phone-page-unknown');
  });

  test('that cannot be looked at is not refused: nobody could load it, or nobody would tell', async () => {
    const gone = await fakeCompanion(() => undefined);
    await gone.close();
    await expect(examinePhonePage(gone.origin)).resolves.toBe(undefined);
    const busy = await fakeCompanion(() => ({ status: 503 }));
    await expect(examinePhonePage(busy.origin)).resolves.toBe(undefined);
    await busy.close();
  });
});

test('a policy that nobody can read is no fault of the page: nothing is held against it once that is mended', async () => {
  await browser.storage.managed.set({ ...POLICY, nearOnly: 'yes' });
  expect(await found()).toBe('policy-wrong');
  expect(await storage.readWrongPage()).toBe(undefined);
});

describe('an update', () => {
  const NEXT = {
    'index.html': '<html><script src="./assets/page-5678.js"></script></html>',
    'assets/page-5678.js': 'show',
  };

  test('of the files under a running companion comes with its next start, all at once', async () => {
    const next = build({ ...PAGE, 'index.html': '<!doctype html><html data-trial="false" lang="en"></html>' });
    expect(await found()).toBe('nothing');
    await own.restart();
    expect(await found()).toBe('phone-page-unknown');
    await allow([next]);
    expect(await found()).toBe('nothing');
  });

  test.each<[string, ('old' | 'new')[]]>([
    ['of which the other one says next what it serves', ['old', 'new', 'new', 'new']],
    ['of which the same one says next what it serves', ['old', 'new', 'new', 'old', 'old', 'old']],
  ])('of one of two companions behind one address, %s, accuses nobody', async (_which, turns) => {
    const pages = { old: { ...PAGE, 'build.json': listOf(PAGE) }, new: { ...NEXT, 'build.json': listOf(NEXT) } };
    await allow([listOf(PAGE), listOf(NEXT)].map(sha256));
    const asked = vi.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
      const files: Record<string, string> = pages[turns[asked.mock.calls.length - 1] ?? 'old'];
      const text = files[new URL(String(url)).pathname.slice(1)];
      return new Response(text ?? '', { status: text === undefined ? 404 : 200 });
    });
    expect(await found()).toBe('nothing');
  });
});

describe('a page of one’s own making', () => {
  const change = () => build({ ...PAGE, 'assets/page-1234.js': 'show(logo, code)' });

  test('is taken where the policy names it', async () => {
    const made = change();
    await served();
    expect(await found()).toBe('phone-page-unknown');
    await allow([made]);
    expect(await found()).toBe('nothing');
  });

  test('is taken with the server that the person chooses, and the next one is not', async () => {
    change();
    await served();
    await acceptPhonePage(own.page);
    expect(await found()).toBe('nothing');
    build({ ...PAGE, 'assets/page-1234.js': 'send(passphrase)' });
    await own.restart();
    expect(await found()).toBe('phone-page-unknown');
  });

  test.each([
    ['one of its own making', { 'index.html': '<html></html>' }, 2],
    ['the released one', PAGE, 1],
  ])('stays taken where another server, with %s, is tried in between', async (_which, page, taken) => {
    change();
    await served();
    await acceptPhonePage(own.page);
    const files: Record<string, string> = { ...page, 'build.json': listOf(page) };
    const real = vi.spyOn(globalThis, 'fetch');
    real.mockImplementation(async (url) => new Response(files[new URL(String(url)).pathname.slice(1)] ?? ''));
    await acceptPhonePage('https://elsewhere.example');
    real.mockRestore();
    expect(Object.keys(await storage.readAcceptedPages())).toHaveLength(taken);
    expect(await found()).toBe('nothing');
  });

  test('is not taken so where the policy names the server', async () => {
    change();
    await served();
    await acceptPhonePage(own.page);
    await allow([], own.page);
    expect(await found()).toBe('phone-page-unknown');
  });

  test('that is not what it says cannot be chosen', async () => {
    put('assets/page-1234.js', 'send(passphrase)');
    await expect(acceptPhonePage(own.page)).rejects.toThrow('phone-page-changed');
  });
});

test('a wrong page ends the sign-in whose code was just shown, and no code comes until it is well again', async () => {
  const around = await surround();
  fakeTabs().show(1, []);
  await storage.writeCompanion({ relay: own.page, phoneOrigin: own.page, providers: [] });
  const signIns = await around.signIns((one) => effectsOf(one, new SaveOffers(around.clock)));
  const codes = new NextCodes();
  expect((await codes.take()).origin).toBe(own.page);
  put('assets/page-1234.js', 'send(passphrase)');
  const examined = Promise.withResolvers<void>();
  around.examinePhonePage = (relay) => examinePhonePage(relay).finally(examined.resolve);
  const signIn = await signIns.add(await recordFor(1, { relay: own.page }));
  if (!signIn) throw new Error('the tab is there');
  await signIns.connect(signIn);
  await examined.promise;
  await expect.poll(() => signIn.record.view.session).toMatchObject({ state: 'failed', code: 'phone-page-changed' });
  expect(await storage.readNext()).toBe(undefined);
  await expect(codes.take()).rejects.toThrow('phone-page-changed');
  build();
  expect((await codes.take()).origin).toBe(own.page);
});
