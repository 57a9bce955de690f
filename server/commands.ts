// What an operator does at the command line: looks whether everything is set up, and says who gets in.
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { CompanionInfo } from '../src/protocol/relay.ts';
import { send } from './http/outgoing.ts';
import { newToken } from './store/hashes.ts';
import type { Store } from './store/store.ts';
import { codeOfPerson, People } from './team/people.ts';
import { providersOf } from './team/providers/all.ts';
import { type Attempt, type Provider, type ProviderCode, ProviderError } from './team/providers/provider.ts';
import type { Team } from './team/settings.ts';

export interface Command {
  command: string;
  code: string | undefined;
  team: Team | undefined;
  store: Store;
  /** The companion's own origin. */
  origin: string;
  name: string | undefined;
  email: string | undefined;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** @returns whether it went well; undefined for a command that there is not */
export async function runCommand(asked: Command): Promise<boolean | undefined> {
  const people = new People(asked.store, false);
  const { name, email } = asked;
  const given = { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
  switch (asked.command) {
    case 'doctor':
      return doctor(asked);
    case 'people':
      for (const person of await people.list()) {
        const by = person.knownBy.map((subject) => subject.split(':')[0]).join(', ');
        print(
          `${codeOfPerson(person.id)}  ${person.admitted ? 'admitted' : 'waiting '}  ${person.name || '—'}  ${person.email}  (${by})`,
        );
      }
      return true;
    case 'admit':
    case 'remove': {
      const person = await (asked.command === 'admit'
        ? people.admit(asked.code ?? '', given)
        : people.remove(asked.code ?? ''));
      print(
        person
          ? `${person.name || codeOfPerson(person.id)}: ${asked.command === 'admit' ? 'admitted' : 'removed'}.`
          : 'Nobody has that code. See "people".',
      );
      return person !== undefined;
    }
    default:
      return undefined;
  }
}

/** What helps, for each way in which a provider refuses an app. */
const HELP: Partial<Record<ProviderCode, string>> = {
  'provider-secret':
    'the secret is not the one in the console. Copy it again; resetting it there makes the old one void',
  'provider-set-up': 'the app’s id is not known there, or the app is not released. Compare it with the console',
  'provider-scope': 'the app lacks a permission. Look at its list of interfaces or permissions in the console',
  'provider-callback': 'the callback’s domain is not registered. Enter it as printed above',
  'provider-address': 'this server’s address is not in the console’s list of allowed addresses',
  'provider-clock': 'this server’s clock is more than a minute off. Set it by NTP',
  'provider-busy': 'the provider limits requests. Try again later',
  'provider-down':
    'the provider cannot be reached from here, or answers with something else. Look at proxy and firewall',
  'provider-slow': 'the provider did not answer within ten seconds. Look at proxy and firewall',
};

/** Signatures are taken within a minute. */
const CLOCK_MS = 30_000;

/** Whether browsers and providers that come to `origin` come to this companion. */
async function leadsHere(origin: string): Promise<boolean> {
  const asked = { method: 'GET', headers: {}, body: null, listed: true, within: 10_000 } as const;
  const { text } = await send(new URL('/v1/companion', origin), asked).catch(() => ({ text: '' }));
  const info = v.safeParse(v.pipe(v.string(), v.parseJson(), CompanionInfo), text);
  return info.success && info.output.phoneOrigin === origin;
}

/** What has to be entered at the provider, in the form in which it wants it. */
function callbackOf({ id }: Provider, origin: string): string[] {
  const { hostname, host } = new URL(origin);
  const address = `${origin}/v1/callback/${id}`;
  // WeChat wants bare domains, WeCom one with its port, the others the whole address.
  if (id === 'wechat') return [`callback domain (授权回调域, 网页授权域名): ${hostname}`];
  return [id === 'wecom' ? `trusted domain (可信域名): ${host}` : `redirect address (重定向 URL): ${address}`];
}

/** A sign-in that nobody has begun: its page can be looked at, and leads nowhere. */
const trial = ({ id }: Provider, origin: string): Attempt => ({
  where: 'page',
  state: randomBytes(16).toString('hex'),
  callback: `${origin}/v1/callback/${id}`,
  verifier: newToken(),
});
const SEE_YOURSELF =
  'its page says only to a browser whether it takes callback and scope. It does if this shows a code to scan:';

async function doctor({ team, origin }: Command): Promise<boolean> {
  if (!team) {
    print('Give the team’s file with --team FILE.');
    return false;
  }
  let well = true;
  const line = (good: boolean, text: string) => {
    well &&= good;
    print(`${good ? 'ok   ' : 'WRONG'} ${text}`);
  };
  const { protocol, hostname } = new URL(origin);
  line(
    protocol === 'https:' || hostname === 'localhost',
    `address: ${origin}${protocol === 'https:' ? '' : ' (good for this computer alone; providers want --public-url)'}`,
  );
  const there = await leadsHere(origin);
  const lost = 'nothing of this companion answers there. Start it, or look at name, proxy and certificate';
  line(there, there ? 'the companion answers there' : lost);
  for (const client of team.clients)
    line(true, `site ${client.id}: ${client['redirect-uris'].join(' ') || 'a device'}`);
  for (const provider of providersOf(team.providers).values()) {
    for (const wanted of callbackOf(provider, origin)) print(`      ${provider.id}: register the ${wanted}`);
    if (provider.id === 'wechat' && new URL(origin).port)
      line(false, 'wechat: its callback takes no port. Put the companion behind a proxy at 443');
    try {
      await provider.check();
      line(true, `${provider.id}: reached, id and secret are right`);
      const ahead = await provider.ahead();
      if (ahead !== undefined && Math.abs(ahead) > CLOCK_MS)
        line(false, `${provider.id}: ${HELP['provider-clock']} (${Math.round(ahead / 1000)} s)`);
      const page = provider.where.includes('page') && provider.authorizeUrl(trial(provider, origin));
      if (page && provider.checkPage) {
        await provider.checkPage(page);
        line(true, `${provider.id}: its sign-in page takes callback and scope`);
      } else if (page) print(`      ${provider.id}: ${SEE_YOURSELF} ${page}`);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      line(false, `${provider.id}: ${HELP[error.code] ?? 'it refuses'} (${error.said || error.code})`);
    }
  }
  return well;
}
