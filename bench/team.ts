// What signing in with who one is costs: from the scan to the code at the site, and the token endpoint beside `oidc-provider` alone.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Provider from 'oidc-provider';
import { openSqlite } from '../server/store/sqlite.ts';
import { Issuer } from '../server/team/issuer/issuer.ts';
import { KeyFile } from '../server/team/issuer/keys.ts';
import { People } from '../server/team/people.ts';
import { chromium } from '../tests/e2e/chromium.ts';
import { until } from '../tests/e2e/companion.ts';
import { phone } from '../tests/e2e/phone.ts';
import { startTeam } from '../tests/e2e/team.ts';

type Note = (name: string, value: number, unit: string, aim?: string, baseline?: number) => void;
const median = (list: number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

const VERIFIER = 'v'.repeat(50);
const CALLBACK = 'http://localhost:1/callback';
/** Few enough for the bare provider’s memory, which forgets beyond a thousand records. */
const CODES = 120;

/** Codes per second that the provider's token endpoint takes, each once. */
async function exchanged(provider: Provider, account: string): Promise<number> {
  const server: Server = createServer(provider.callback()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const client = await provider.Client.find('site');
  if (!client) throw new Error('no client');
  const challenge = createHash('sha256').update(VERIFIER).digest('base64url');
  const codes: string[] = [];
  for (let i = 0; i < CODES; i++) {
    const grant = new provider.Grant({ clientId: 'site', accountId: account });
    grant.addOIDCScope('openid profile');
    const code = new provider.AuthorizationCode({
      client,
      accountId: account,
      grantId: await grant.save(),
      gty: 'authorization_code',
      scope: 'openid profile',
      redirectUri: CALLBACK,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
      authTime: Math.floor(Date.now() / 1000),
      claims: {},
    } as never);
    codes.push(await code.save());
  }
  const authorization = `Basic ${Buffer.from('site:secret').toString('base64')}`;
  const at = String(provider.urlFor('token')).replace(/^https?:\/\/[^/]+/, `http://127.0.0.1:${port}`);
  const start = performance.now();
  const next = async (): Promise<void> => {
    for (let code = codes.pop(); code; code = codes.pop()) {
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: CALLBACK,
        code_verifier: VERIFIER,
      });
      const response = await fetch(at, { method: 'POST', body, headers: { authorization } });
      if (response.status !== 200) throw new Error(await response.text());
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 8 }, next));
  const perSecond = CODES / ((performance.now() - start) / 1000);
  server.closeAllConnections();
  server.close();
  return perSecond;
}

async function measureTokens(note: Note): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-bench-'));
  const store = openSqlite(join(folder, 'scankey.sqlite'));
  const keys = await KeyFile.open({ path: join(folder, 'issuer-keys.json') });
  const people = new People(store, 'anyone');
  const { id } = await people.meet({ subjects: ['key:bench'], name: 'Li', member: true });
  const clients = [
    {
      id: 'site',
      name: 'Site',
      secret: 'secret',
      'redirect-uris': [CALLBACK],
      'after-logout': [],
      http: false,
      pkce: true,
      'claims-in-id-token': false,
      'signed-with': 'RS256' as const,
      device: false,
    },
  ];
  const issuer = 'http://localhost:1';
  const ours = await new Issuer({ issuer, keys, salt: 'salt', store, people, clients, privateComputers: false }).now();
  const alone = new Provider(issuer, {
    clients: [{ client_id: 'site', client_secret: 'secret', redirect_uris: [CALLBACK] }],
    jwks: { keys: (await keys.signing()).map(({ jwk }) => jwk) },
    findAccount: async (_ctx, accountId) => ({ accountId, claims: async () => ({ sub: accountId, name: 'Li' }) }),
    cookies: { keys: [randomBytes(8).toString('hex')] },
    features: { devInteractions: { enabled: false } },
    scopes: ['openid', 'profile'],
  });
  const rates: Record<'ours' | 'alone', number[]> = { ours: [], alone: [] };
  for (let round = 0; round < 5; round++) {
    rates.alone.push(await exchanged(alone, id));
    rates.ours.push(await exchanged(ours, id));
  }
  store.close();
  rmSync(folder, { recursive: true, force: true });
  note('token endpoint, oidc-provider alone, in memory', median(rates.alone), '/s');
  note('token endpoint, ours, kept on disk', median(rates.ours), '/s', '', median(rates.alone));
}

async function measureScan(note: Note): Promise<void> {
  const team = await startTeam();
  const [desktop, person] = await Promise.all([chromium(team.build), phone()]);
  await person.visit(team.companion.origin);
  await person.firstRun();
  const took: Record<'asked' | 'delivered' | 'trip', number[]> = { asked: [], delivered: [], trip: [] };
  for (let round = 0; round < 7; round++) {
    await desktop.forget();
    const trip = performance.now();
    await fetch(`${team.companion.origin}/healthz`);
    took.trip.push(performance.now() - trip);
    const page = await desktop.newPage(team.wiki.origin);
    const code = await page.waitForSelector('.code');
    person.show((await code?.screenshot()) ?? new Uint8Array());
    const start = performance.now();
    await person.scan();
    await person.page.waitForSelector('.pass');
    took.asked.push(performance.now() - start);
    await person.page.waitForSelector('.actions button.primary:not(:disabled)');
    await new Promise((resolve) => setTimeout(resolve, 600));
    const before = team.wiki.people.length;
    const tapped = performance.now();
    await person.page.click('.actions button.primary');
    await until('the site has the code', () => team.wiki.people.length > before);
    took.delivered.push(performance.now() - tapped);
    await person.page.waitForSelector('[data-outcome]');
    await person.press('Done');
    await page.close();
  }
  await Promise.allSettled([desktop.close(), person.close()]);
  await team.close();
  note('scan pressed to the phone asking (camera included)', median(took.asked), 'ms');
  note('tap to code exchanged at the site', median(took.delivered), 'ms', '', median(took.trip));
}

export async function measureTeam(note: Note): Promise<void> {
  await measureTokens(note);
  await measureScan(note);
  for (const name of ['wechat', 'dingtalk', 'wecom', 'feishu']) {
    const text = readFileSync(join(import.meta.dirname, `../server/team/providers/${name}.ts`), 'utf8');
    note(
      `adapter ${name}`,
      text.split('\n').filter((line) => line.trim() && !line.trim().startsWith('//')).length,
      'lines',
    );
  }
}
