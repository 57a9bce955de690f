// Sites made with the libraries that people take, in five languages, each set as its own documentation has it: somebody signs in there,
// and the site knows who that is.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer';
import { afterAll, beforeAll, describe, expect, onTestFailed, onTestFinished, test } from 'vitest';
import { codeOfPerson, People } from '../../server/team/people.ts';
import { HOME, Jar, newIdentityKey, SECRET, type TeamCompanion, teamCompanion } from '../companion/team-companion.ts';
import { CHROMIUM_ARGS } from '../e2e/chromium.ts';
import { freePort, PATIENCE, until } from '../e2e/companion.ts';
import { apache } from './apache.ts';

type Env = Record<'ISSUER' | 'CLIENT' | 'SECRET' | 'PORT' | 'FOLDER', string>;
interface Party {
  /** What starts it. */
  command(env: Env): string[];
  /** Path of its callback. */
  callback: string;
  /** What the team's file says of it besides. */
  settings?: Record<string, unknown>;
}

const here = (name: string): string => join(import.meta.dirname, name);
const node = (name: string) => () => [process.execPath, here(name)];
const noPkce = { pkce: false };
const inIdToken = { 'claims-in-id-token': true };
const PARTIES: Record<string, Party> = {
  passport: { command: node('passport.mjs'), callback: '/callback', settings: noPkce },
  'auth-js': { command: node('auth-js.mjs'), callback: '/auth/callback/scankey', settings: inIdToken },
  hono: { command: node('hono.mjs'), callback: '/callback', settings: inIdToken },
  django: {
    command: () => ['/usr/bin/python3', here('django_site.py')],
    callback: '/complete/oidc/',
    settings: noPkce,
  },
  omniauth: {
    command: () => ['/usr/bin/ruby', here('omniauth.rb')],
    callback: '/auth/openid_connect/callback',
    settings: noPkce,
  },
  mojolicious: { command: () => ['/usr/bin/perl', here('mojolicious.pl')], callback: '/', settings: noPkce },
  apache: { command: (env) => apache(env.FOLDER, env), callback: '/callback' },
};
const IN_BROWSER: Party = { command: node('in-browser.mjs'), callback: '/callback' };

let t: TeamCompanion;
let ports: Record<string, number>;
const key = await newIdentityKey();
const LI = { name: 'Li Na', username: 'li.na', email: 'li@example.org' };

beforeAll(async () => {
  const found = await Promise.all(Object.keys(PARTIES).map(async (id) => [id, await freePort()] as const));
  ports = Object.fromEntries(found);
  const clients = Object.entries(PARTIES).map(([id, { callback, settings }]) => ({
    id,
    name: id,
    secret: '$TEAM_UNIT',
    'redirect-uris': [`http://localhost:${ports[id]}${callback}`],
    ...settings,
  }));
  ports['in-browser'] = await freePort();
  const open = [
    { id: 'wiki', name: 'Wiki', 'redirect-uris': [HOME] },
    { id: 'in-browser', name: 'A page', 'redirect-uris': [`http://localhost:${ports['in-browser']}/callback`] },
  ];
  t = await teamCompanion({
    file: { clients: [...clients, ...open], providers: {} },
  });
  // Who comes is known by the key alone, until the operator has said who that is.
  const jar = new Jar();
  await t.prove(jar, (await t.asked(jar, 'wiki')).url, key);
  const people = new People(t.store, 'anyone');
  for (const { id } of await people.list()) await people.admit(codeOfPerson(id), LI);
});
afterAll(() => t?.close());

/** Starts a site; it is ended with the test, and what it printed is told if that fails. @returns where it is */
async function start(id: string, { command }: Party): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-party-'));
  // A server that was started by root gives that up.
  chmodSync(folder, 0o755);
  const env: Env = { ISSUER: t.here, CLIENT: id, SECRET, PORT: String(ports[id]), FOLDER: folder };
  const [program = '', ...args] = command(env);
  const child: ChildProcess = spawn(program, args, { cwd: folder, env: { ...process.env, ...env } });
  let said = '';
  // A program that is not there is told below.
  child.on('error', (error) => (said += error.message));
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk));
  onTestFailed(() => console.error(`${id} said: ${said}`));
  onTestFinished(async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await once(child, 'exit');
      clearTimeout(timer);
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const origin = `http://localhost:${ports[id]}`;
  await until(`${id} listens`, async () => {
    if (child.pid === undefined || child.exitCode !== null) throw new Error(`${id} ended: ${said}`);
    return fetch(origin, { redirect: 'manual' }).then(
      () => true,
      () => false,
    );
  });
  return origin;
}

/** Somebody goes to a site, and signs in. @returns what the site says of who that is */
async function signIn(origin: string): Promise<Record<string, unknown>> {
  const jar = new Jar();
  const { url, text } = await jar.go(origin);
  expect(url.pathname, text).toMatch(/^\/sign-in\//);
  expect(await t.prove(jar, url, key)).toEqual({ complete: true });
  const done = await jar.go(`${url}/go`);
  expect(done.status, done.text).toBe(200);
  return JSON.parse(done.text) as Record<string, unknown>;
}

describe('a site made with', () => {
  test.each(Object.entries(PARTIES))('%s knows who has signed in', async (id, party) => {
    const said = await signIn(await start(id, party));
    expect(said).toMatchObject({ ...LI, sub: expect.stringMatching(/^[\w-]{43}$/) });
  });

  test('oidc-client-ts, in a browser alone, knows who has signed in', async () => {
    const origin = await start('in-browser', IN_BROWSER);
    const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', pipe: true, args: CHROMIUM_ARGS });
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    await page.goto(origin);
    await until('its sign-in page', () => page.url().startsWith(`${t.here}/sign-in/`));
    const { url, cookies } = { url: new URL(page.url()), cookies: await browser.cookies() };
    const jar = new Jar();
    for (const { name, value } of cookies) await jar.hold(`${name}=${value}`, t.here);
    expect(await t.prove(jar, url, key)).toEqual({ complete: true });
    await page.goto(`${url}/go`);
    const said = await (await page.waitForSelector('pre', { timeout: PATIENCE }))?.evaluate((pre) => pre.textContent);
    expect(JSON.parse(said ?? '')).toMatchObject(LI);
  });
});
