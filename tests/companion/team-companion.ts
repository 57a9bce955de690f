// A team's companion in this process, on a real socket: two sites, a second confirmation by DingTalk, a device; and people without a
// screen who sign in there.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { buildApp, newShared, type Settings } from '../../server/app.ts';
import { readNetwork } from '../../server/http/addresses.ts';
import type { SetLimits } from '../../server/http/limits.ts';
import { newPushKeys } from '../../server/push/push-keys.ts';
import { Pusher } from '../../server/push/pusher.ts';
import { hashOf } from '../../server/store/hashes.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import { Answers } from '../../server/team/answers.ts';
import { teamServices } from '../../server/team/team-app.ts';
import { readTeam } from '../../server/team/team-file.ts';
import { newIdentityKey, signIdentity } from '../../src/protocol/identity-proof.ts';
import { freePort } from '../e2e/companion.ts';
import { Jar, pressed } from '../e2e/team.ts';

export const SECRET = 'secret-of-the-sites';
const VERIFIER = 'v'.repeat(50);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
/** Where nobody listens: a browser that is sent there has arrived. */
export const HOME = 'http://localhost:1/callback';
const atHome = (url: URL) => url.href.startsWith(HOME);

export interface TeamOptions {
  /** Lines of the team's file besides. */
  file?: Record<string, unknown>;
  /** The issuer, where it is not the listener itself: a proxy is said to stand in front. */
  issuer?: string;
  /** Points of its limits. */
  limits?: SetLimits;
}

/** The key file of the first companion, which made it by itself; the others begin with it: an RSA key takes a while. */
let keys: string | undefined;

export async function teamCompanion({ file = {}, issuer, limits = {} }: TeamOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-team-unit-'));
  for (const name of ['phone', 'sign-in']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.html'), '<!doctype html><html data-trial="false"></html>');
  }
  process.env.TEAM_UNIT = SECRET;
  const client = (id: string, more: object = {}) => ({
    id,
    name: `The ${id}`,
    secret: '$TEAM_UNIT',
    'redirect-uris': [HOME],
    ...more,
  });
  const path = join(folder, 'team.yaml');
  writeFileSync(
    path,
    stringify({
      people: 'anyone',
      clients: [
        client('wiki'),
        client('ward', { confirm: 'dingtalk' }),
        { id: 'terminal', name: 'Terminal', device: true },
      ],
      providers: { dingtalk: { 'client-id': 'ding1', secret: '$TEAM_UNIT', organisations: ['corp1'] } },
      ...file,
    }),
  );
  const keyFile = join(folder, 'issuer-keys.json');
  if (keys !== undefined) writeFileSync(keyFile, keys);
  const port = await freePort();
  const here = `http://localhost:${port}`;
  const origin = issuer ?? here;
  const database = join(folder, 'scankey.sqlite');
  const store = openSqlite(database);
  const settings: Settings = {
    hosts: [new URL(origin).host, new URL(here).host],
    phoneOrigin: origin,
    pageOrigins: [origin],
    extensionIds: [],
    // Tests come from wherever they say.
    proxies: ['127.0.0.1', '::1'].map(readNetwork).filter((network) => network !== undefined),
    trial: false,
    phonePage: join(folder, 'phone'),
    team: await teamServices(readTeam(path), store, origin, folder),
  };
  keys ??= file.keys === undefined ? readFileSync(keyFile, 'utf8') : undefined;
  const shared = newShared(store, new Pusher(newPushKeys(), { contact: 'https://a.example' }), { limits });
  const app = await buildApp(settings, shared);
  await app.listen({ host: '127.0.0.1', port });

  const authUrl = (client: string, more: Record<string, string> = {}): string =>
    `${here}/oidc/auth?${new URLSearchParams({
      client_id: client,
      redirect_uri: HOME,
      response_type: 'code',
      scope: 'openid profile',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      state: 's',
      nonce: 'n',
      ...more,
    })}`;
  const form = async (path: string, body: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await fetch(here + path, { method: 'POST', body: new URLSearchParams(body), headers });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const basic = (client: string, secret = SECRET) => ({
    authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}`,
  });

  return {
    here,
    folder,
    database,
    store,
    app,
    authUrl,
    form,
    basic,
    /** A request whose address and headers are all the test's own; with a form, a POST. */
    plain: (path: string, headers: Record<string, string>, sent?: URLSearchParams) =>
      new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
        const type = sent && { 'content-type': 'application/x-www-form-urlencoded' };
        const method = sent ? 'POST' : 'GET';
        const asked = request({ host: '127.0.0.1', port, path, method, headers: { ...type, ...headers } }, (answer) => {
          let body = '';
          answer.on('data', (chunk) => {
            body += chunk;
          });
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
        });
        asked.on('error', reject).end(sent?.toString());
      }),
    /** A site sends this browser: to its sign-in page, or straight home with an answer. */
    asked: (jar: Jar, client: string, more: Record<string, string> = {}) => jar.go(authUrl(client, more), atHome),
    /** On with a sign-in that has been confirmed. */
    goOn: (jar: Jar, page: URL) => jar.go(`${page}/go`, atHome),
    /** The vault's word for the sign-in at this page. @returns whether that was all */
    async prove(jar: Jar, page: URL, key: string) {
      const { body } = await jar.json(`${page}/about`);
      const { issuer, id, client, nonce } = body as Record<'issuer' | 'id' | 'client' | 'nonce', string>;
      return (await jar.json(`${page}/proof`, await signIdentity(key, { issuer, id, client, nonce }))).body;
    },
    /** DingTalk's word for it, as a page in its app would hand it in. */
    async confirm(jar: Jar, page: URL, person: string) {
      const ticket = hashOf(person);
      const id = page.pathname.split('/')[2];
      const identity = { subjects: [`dingtalk:corp1:${person}`], name: '', member: true } as const;
      await new Answers(store).put(hashOf(`${ticket} ${id}`), identity);
      return (await jar.json(`${page}/proof`, { ticket })).body;
    },
    /** The tokens for the code that a browser has come home with. */
    async tokens(client: string, home: URL) {
      const code = home.searchParams.get('code') ?? '';
      const asked = { grant_type: 'authorization_code', code, redirect_uri: HOME, code_verifier: VERIFIER };
      return (await form('/oidc/token', asked, basic(client))).body;
    },
    async close() {
      await app.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type TeamCompanion = Awaited<ReturnType<typeof teamCompanion>>;

export const claimsOf = (jwt = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());

export { Jar, newIdentityKey, pressed };
