// Looks whether a team's companion can be reached where it says, and its providers as they are set up; says what would mend the rest.
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { CompanionInfo } from '../../src/protocol/relay.ts';
import { send } from '../http/outgoing.ts';
import { newToken } from '../store/hashes.ts';
import { type Attempt, type Provider, type ProviderCode, ProviderError } from '../team/providers/provider.ts';
import { providersOf } from '../team/providers/registry.ts';
import type { Team } from '../team/team-file.ts';

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
const SEE_YOURSELF =
  'its page says only to a browser whether it takes callback and scope. It does if this shows a code to scan:';

/** Where the doctor writes: what is right or wrong, and what is neither. */
interface Report {
  line(good: boolean, text: string): void;
  note(text: string): void;
}

/** @param origin the companion's own @returns whether everything is well */
export async function doctor(team: Team | undefined, origin: string, print: (line: string) => void): Promise<boolean> {
  if (!team) {
    print('Give the team’s file with --team FILE.');
    return false;
  }
  let well = true;
  const report: Report = {
    line(good, text) {
      well &&= good;
      print(`${good ? 'ok   ' : 'WRONG'} ${text}`);
    },
    note: (text) => print(`      ${text}`),
  };
  await lookAtAddress(origin, report);
  for (const client of team.clients)
    report.line(true, `site ${client.id}: ${client['redirect-uris'].join(' ') || 'a device'}`);
  for (const provider of providersOf(team.providers).values()) await lookAt(provider, origin, report);
  return well;
}

async function lookAtAddress(origin: string, { line }: Report): Promise<void> {
  const { protocol, hostname } = new URL(origin);
  const alone = protocol === 'https:' ? '' : ' (good for this computer alone; providers want --public-url)';
  line(protocol === 'https:' || hostname === 'localhost', `address: ${origin}${alone}`);
  const there = await leadsHere(origin);
  const lost = 'nothing of this companion answers there. Start it, or look at name, proxy and certificate';
  line(there, there ? 'the companion answers there' : lost);
}

/** Whether browsers and providers that come to `origin` come to this companion. */
async function leadsHere(origin: string): Promise<boolean> {
  const asked = { method: 'GET', headers: {}, body: null, listed: true, within: 10_000 } as const;
  const { text } = await send(new URL('/v1/companion', origin), asked).catch(() => ({ text: '' }));
  const info = v.safeParse(v.pipe(v.string(), v.parseJson(), CompanionInfo), text);
  return info.success && info.output.phoneOrigin === origin;
}

async function lookAt({ id, where, doctor, authorizeUrl }: Provider, origin: string, report: Report): Promise<void> {
  const callback = `${origin}/v1/callback/${id}`;
  report.note(`${id}: register the ${doctor.entry(new URL(origin), callback)}`);
  const refused = doctor.refuses?.(new URL(origin));
  if (refused) report.line(false, `${id}: ${refused}`);
  try {
    await doctor.check();
    report.line(true, `${id}: reached, id and secret are right`);
    const ahead = await doctor.ahead();
    if (ahead !== undefined && Math.abs(ahead) > CLOCK_MS)
      report.line(false, `${id}: ${HELP['provider-clock']} (${Math.round(ahead / 1000)} s)`);
    const page = where.includes('page') && authorizeUrl(trial(callback));
    if (page && doctor.checkPage) {
      await doctor.checkPage(page);
      report.line(true, `${id}: its sign-in page takes callback and scope`);
    } else if (page) report.note(`${id}: ${SEE_YOURSELF} ${page}`);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    report.line(false, `${id}: ${HELP[error.code] ?? 'it refuses'} (${error.said || error.code})`);
  }
}

/** A sign-in that nobody has begun: its page can be looked at, and leads nowhere. */
const trial = (callback: string): Attempt => ({
  where: 'page',
  state: randomBytes(16).toString('hex'),
  callback,
  verifier: newToken(),
});
