// A team: a companion with sites and providers, the providers' fakes, a site made with `openid-client`, and a browser without a
// screen, for what has to be told from the outside in many ways.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cookie, CookieJar } from 'tough-cookie';
import { stringify } from 'yaml';
import { type Fake, startFake } from '../fakes/fake.ts';
import { buildFor, type Companion, freePort, hashCheaply, startCompanion } from './companion.ts';
import { type RelyingParty, startRelyingParty } from './relying-party.ts';
import { mustNotLeak } from './secrets.ts';

export const SECRETS = {
  TEAM_WIKI: mustNotLeak('wiki-secret-1'),
  TEAM_WARD: mustNotLeak('ward-secret-1'),
  TEAM_MONITOR: mustNotLeak('monitor-secret-1'),
  TEAM_WX_WEB: mustNotLeak('wechat-website-secret'),
  TEAM_WX_ACCOUNT: mustNotLeak('wechat-account-secret'),
  TEAM_WX_TOKEN: mustNotLeak('wechat-events-token'),
  TEAM_DING: mustNotLeak('dingtalk-secret'),
  TEAM_WECOM: mustNotLeak('wecom-secret'),
  TEAM_FEISHU: mustNotLeak('feishu-secret'),
} as const;
export const WEBSITE = 'wx0123456789abcdef';
export const ACCOUNT = 'wxfedcba9876543210';
export const CORP = 'dingcorp1';

export interface Team {
  readonly companion: Companion;
  /** Folder of the build that the companion serves. */
  readonly build: string;
  readonly file: string;
  readonly wechat: Fake;
  readonly dingtalk: Fake;
  readonly others: Fake;
  /** Registered for a server of somebody else's, at this port. */
  readonly monitor: { id: string; secret: string; port: number };
  /** Signs in with who one is. */
  readonly wiki: RelyingParty;
  /** Wants a second confirmation by DingTalk. */
  readonly ward: RelyingParty;
  close(): Promise<void>;
}

export interface TeamOptions {
  people?: 'anyone' | 'admitted';
  /** Goes into the team's file besides. */
  clients?: object[];
  privateComputers?: boolean;
  older?: boolean;
  /** Secrets that are wrong, by their names. */
  wrong?: Partial<Record<keyof typeof SECRETS, string>>;
  /** Port of the network through which the extension speaks. */
  relay?: number;
}

export async function startTeam(options: TeamOptions = {}): Promise<Team> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const monitor = { id: 'monitor', secret: SECRETS.TEAM_MONITOR, port: await freePort() };
  const [build, wechat, dingtalk, others, wiki, ward] = await Promise.all([
    buildFor(options.relay ?? port, port),
    startFake('wechat.ts', {
      website: { id: WEBSITE, secret: SECRETS.TEAM_WX_WEB },
      account: { id: ACCOUNT, secret: SECRETS.TEAM_WX_ACCOUNT, token: SECRETS.TEAM_WX_TOKEN },
      domain: 'localhost',
      events: `${origin}/v1/wechat/events`,
    }),
    startFake('dingtalk.ts', {
      id: 'dingapp1',
      secret: SECRETS.TEAM_DING,
      corp: CORP,
      callback: `${origin}/v1/callback/dingtalk`,
    }),
    startFake('wecom-feishu.ts', {
      wecom: { corp: 'wwcorp1', agent: '1000002', secret: SECRETS.TEAM_WECOM, domain: `localhost:${port}` },
      feishu: { id: 'cli_1', secret: SECRETS.TEAM_FEISHU, tenant: 'tenant1', callback: `${origin}/v1/callback/feishu` },
    }),
    startRelyingParty(origin, 'wiki', SECRETS.TEAM_WIKI),
    startRelyingParty(origin, 'ward', SECRETS.TEAM_WARD),
  ]);
  hashCheaply(build);
  const at = (fake: Fake, ...names: string[]) => Object.fromEntries(names.map((name) => [name, fake.origin]));
  const team = {
    people: options.people ?? 'anyone',
    'private-computers': options.privateComputers ?? false,
    clients: [
      {
        id: 'wiki',
        name: 'The Wiki',
        secret: '$TEAM_WIKI',
        'redirect-uris': [wiki.callback],
        'after-logout': [`${wiki.origin}/bye`],
      },
      { id: 'ward', name: 'Ward plan', secret: '$TEAM_WARD', 'redirect-uris': [ward.callback], confirm: 'dingtalk' },
      {
        id: 'monitor',
        name: 'Ward monitor',
        secret: '$TEAM_MONITOR',
        'redirect-uris': [`http://localhost:${monitor.port}/callback`],
      },
      { id: 'terminal', name: 'Terminal', device: true },
      ...(options.clients ?? []),
    ],
    providers: {
      wechat: {
        website: { 'app-id': WEBSITE, secret: '$TEAM_WX_WEB' },
        account: { 'app-id': ACCOUNT, secret: '$TEAM_WX_ACCOUNT', token: '$TEAM_WX_TOKEN' },
        hosts: at(wechat, 'open', 'api'),
      },
      dingtalk: {
        'client-id': 'dingapp1',
        secret: '$TEAM_DING',
        organisations: [CORP],
        ...(options.older ? { api: 'older' } : {}),
        hosts: at(dingtalk, 'login', 'api', 'oapi'),
      },
      wecom: {
        'corp-id': 'wwcorp1',
        'agent-id': '1000002',
        secret: '$TEAM_WECOM',
        hosts: at(others, 'login', 'open', 'api'),
      },
      feishu: {
        'client-id': 'cli_1',
        secret: '$TEAM_FEISHU',
        organisations: ['tenant1'],
        hosts: at(others, 'accounts', 'open'),
      },
    },
    verification: { 'MP_verify_Abc123.txt': 'Abc123' },
  };
  const folder = mkdtempSync(join(tmpdir(), 'scankey-team-'));
  const file = join(folder, 'team.yaml');
  writeFileSync(file, stringify(team));
  const companion = await startCompanion(port, ['--team', file], { ...SECRETS, ...options.wrong });
  return {
    companion,
    build,
    file,
    wechat,
    dingtalk,
    others,
    monitor,
    wiki,
    ward,
    async close() {
      for (const one of [wechat, dingtalk, others]) one.stop();
      for (const one of [wiki, ward]) one.close();
      await companion.remove();
      for (const one of [folder, build]) rmSync(one, { recursive: true, force: true });
    },
  };
}

const unescaped = (text: string): string =>
  text
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
const attribute = (tag: string, name: string): string | undefined => {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`).exec(tag) ?? [];
  return value === undefined ? undefined : unescaped(value);
};

/**
 * What a browser would send of the one form of `html` when the button `words` is pressed: the form's own fields, what was typed into those
 * that a person sees, and the button.
 * @throws when there is no such form, field or button: nobody could press it
 */
export function pressed(html: string, words: string, typed: Record<string, string> = {}) {
  const [form = '', inside = ''] = /<form\b[^>]*>([\s\S]*?)<\/form>/.exec(html) ?? [];
  const action = attribute(form, 'action');
  const buttons = [...html.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/g)];
  const button = buttons.find(([, , label]) => label?.includes(words));
  const owner = button && attribute(button[1] ?? '', 'form');
  const reaches = button && (owner ? owner === attribute(form, 'id') : inside.includes(button[0]));
  if (action === undefined || !reaches) throw new Error(`no form with a button "${words}": ${html}`);
  const body = new URLSearchParams();
  for (const [tag] of inside.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(tag, 'name') ?? '';
    const hidden = attribute(tag, 'type') === 'hidden';
    if (name) body.set(name, hidden ? (attribute(tag, 'value') ?? '') : (typed[name] ?? attribute(tag, 'value') ?? ''));
  }
  for (const name of Object.keys(typed)) if (!body.has(name)) throw new Error(`nowhere to type ${name}: ${form}`);
  const own = attribute(button[1] ?? '', 'name');
  if (own) body.set(own, attribute(button[1] ?? '', 'value') ?? '');
  return { action, method: (attribute(form, 'method') ?? 'get').toUpperCase(), body };
}

/** A browser without a screen: keeps cookies as browsers do, follows no redirect by itself. */
export class Jar {
  readonly #cookies = new CookieJar();
  /** What it says that it is. */
  agent = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0';

  /** Every cookie that it holds. */
  kept(): Cookie[] {
    return this.#cookies.serializeSync()?.cookies.map((one) => Cookie.fromJSON(one)) as Cookie[];
  }

  /** Takes a cookie over from another browser. */
  async hold(cookie: string, url: string): Promise<void> {
    await this.#cookies.setCookie(cookie, url);
  }

  async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = await this.#cookies.getCookieString(url);
    const headers = { accept: 'text/html', 'user-agent': this.agent, ...(cookie ? { cookie } : {}), ...init.headers };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) await this.#cookies.setCookie(line, url);
    return response;
  }

  /** Goes where it is sent, as far as `stop`. @returns where that is, and what is there */
  async go(
    url: string,
    stop: (url: URL) => boolean = () => false,
  ): Promise<{ url: URL; status: number; text: string }> {
    let at = new URL(url);
    for (let steps = 0; steps < 12; steps++) {
      const response = await this.ask(String(at));
      const to = response.headers.get('location');
      if (to === null) return { url: at, status: response.status, text: await response.text() };
      const fragment = new URL(to, at);
      at = fragment;
      if (stop(at)) return { url: at, status: 0, text: '' };
    }
    throw new Error(`sent round and round, last to ${at.pathname}`);
  }

  /** What the sign-in page would ask. */
  async json(url: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
    const { origin } = new URL(url);
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await this.ask(url, {
      ...init,
      headers: {
        accept: 'application/json',
        origin,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
}
