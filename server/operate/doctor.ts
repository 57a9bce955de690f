// Looks whether a team's companion can be reached where it says, and its providers as they are set up; says what would mend the rest.
import { randomBytes } from 'node:crypto';
import { newToken } from '../store/hashes.ts';
import { type Attempt, type Provider, type ProviderCode, ProviderError } from '../team/providers/provider.ts';
import { providersOf } from '../team/providers/registry.ts';
import { hashOfTeam, type Team } from '../team/team-file.ts';
import { type Looked, lookAtAddress, type Report } from './address.ts';
import { lookAtKeys } from './same-keys.ts';
import type { Seen } from './seen.ts';

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

/**
 * @param looked the companion, as it is to be asked
 * @param team whose sites and providers are looked at, too
 * @returns whether everything is well
 */
export async function doctor(
  looked: Looked & { roomBytes: number },
  team: Team | undefined,
  print: (line: string) => void,
): Promise<boolean> {
  let well = true;
  const report: Report = {
    line(good, text) {
      well &&= good;
      print(`${good ? 'ok   ' : 'WRONG'} ${text}`);
    },
    note: (text) => print(`      ${text}`),
  };
  const { origin } = looked;
  const seen = await lookAtAddress(looked, report);
  const redis = process.env.REDIS_URL;
  if (redis) {
    const { lookAtRedis } = await import('./redis.ts');
    // That of the companion which runs, where it has said so.
    await lookAtRedis(redis, seen?.roomBytes ?? looked.roomBytes, report);
    await lookAtKeys(looked.store, report);
  }
  if (seen) lookAtTeam(seen, team, report);
  for (const client of team?.clients ?? [])
    report.line(true, `site ${client.id}: ${client['redirect-uris'].join(' ') || 'a device'}`);
  if (team) for (const provider of providersOf(team.providers).values()) await lookAt(provider, origin, report);
  return well;
}

/** Whether the companion that runs has the team's file that is looked at. */
function lookAtTeam(seen: Seen, team: Team | undefined, { line, note }: Report): void {
  if (!team) {
    if (seen.team !== undefined) note('the companion has a team’s file: give it with --team, and it is looked at, too');
  } else if (seen.team === undefined)
    line(false, 'the companion runs without this team’s file, and is no OpenID provider: start it with --team');
  else if (seen.team !== hashOfTeam(team))
    line(
      false,
      'the companion runs with another team’s file, or with one from before, or with other secrets: start it anew with this one, and look with the same environment',
    );
  else line(true, 'the companion runs with this team’s file');
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
