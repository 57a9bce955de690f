// What the doctor says of a companion that runs: as what it was started, and that it is looked at without a trace in its log.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { newListener } from '../../server/http/listener.ts';
import { waitUntilUp } from '../../server/operate/address.ts';
import { doctor } from '../../server/operate/doctor.ts';
import { SEEN, seenRoute, withWord } from '../../server/operate/seen.ts';
import { readTeam, type Team } from '../../server/team/team-file.ts';
import { freePort } from '../redis/server.ts';
import { companion } from './party.ts';
import { teamCompanion } from './team-companion.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Own = Awaited<ReturnType<typeof companion>>;
/** A companion of this computer alone, as the doctor asks it. */
async function own(change: Parameters<typeof companion>[0] = {}): Promise<Own> {
  const one = await companion(change);
  closing.push(one.close);
  const origin = `http://localhost:${one.port}`;
  Object.assign(one.settings, { hosts: [new URL(origin).host], pageOrigins: [origin] });
  return one;
}

async function saidOf({ store, port }: Pick<Own, 'store' | 'port'>, team?: Team): Promise<[boolean, string[]]> {
  const said: string[] = [];
  const looked = { origin: `http://localhost:${port}`, store, port, roomBytes: 2 ** 31, extensionIds: [] };
  return [await doctor(looked, team, (line) => said.push(line)), said];
}

test('a team’s companion is well where it runs with the file that is looked at, and with no other', async () => {
  const client = (name: string) => ({ id: name, name, device: true });
  const t = await teamCompanion({ file: { providers: {}, clients: [client('one')] } });
  closing.push(t.close);
  const its = { store: t.store, port: Number(new URL(t.here).port) };
  const team = readTeam(join(t.folder, 'team.yaml'));
  expect(await saidOf(its, team)).toEqual([
    true,
    expect.arrayContaining(['ok    the companion runs with this team’s file']),
  ]);
  expect(await saidOf(its)).toEqual([
    true,
    expect.arrayContaining([expect.stringMatching(/^ +.*give it with --team/)]),
  ]);
  const later = { ...team, people: 'admitted' } as const;
  const wrong = (what: string) => [
    false,
    expect.arrayContaining([expect.stringMatching(`^WRONG the companion runs ${what}`)]),
  ];
  expect(await saidOf(its, later)).toEqual(wrong('with another team’s file, or with one from before'));
  expect(await saidOf(await own(), team)).toEqual(wrong('without this team’s file, and is no OpenID provider'));
});

test('a trial is well without backups, and what is not one only with them', async () => {
  expect(await saidOf(await own({ trial: true }))).toEqual([
    true,
    expect.arrayContaining(['      a trial keeps no backups']),
  ]);
  expect(await saidOf(await own())).toEqual([true, expect.arrayContaining(['ok    backups come through'])]);
});

test('a line on which a backup takes long does not make a clock wrong', async () => {
  const one = await own();
  const real = Date.now;
  let later = 0;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => real() + later);
  onTestFinished(() => clock.mockRestore());
  one.app.server.on('request', ({ url }) => {
    if (url === '/v1/backup') later = 9_000;
  });
  const [isWell, said] = await saidOf(one);
  expect([later, isWell, said.filter((line) => line.includes('clock'))]).toEqual([9_000, true, []]);
});

test('the log warns of a proxy that was not told of when somebody comes by one, and not of what the doctor makes up', async () => {
  const { store, limiters } = await own();
  const lines: string[] = [];
  const app = newListener({ log: { write: (line) => lines.push(line) } }, { hosts: ['localhost'] });
  closing.push(() => app.close());
  const started = { extensionIds: [], roomBytes: 0, trial: false };
  seenRoute(app, { store, limiters, started });
  const ask = (word: string) =>
    app.inject({ url: SEEN, headers: { authorization: `Bearer ${word}`, 'x-forwarded-for': '203.0.113.77' } });
  const warnings = () => lines.filter((line) => line.includes('proxy-untold')).length;
  const seen = await withWord(store, async (word) => (await ask(word)).json());
  expect([seen, warnings()]).toEqual([expect.objectContaining({ doubt: 'proxy-untold' }), 0]);
  await ask('x'.repeat(43));
  expect(warnings()).toBe(1);
});

test('one that was only just started is waited for, as long as nothing listens and as its proxy does not reach it', async () => {
  const port = await freePort();
  const answers = [502, 503, 504, 404];
  const said: string[] = [];
  const waited = waitUntilUp(`http://localhost:${port}`, (line) => said.push(line));
  const proxy = createServer((_asked, answer) => answer.writeHead(answers.shift() ?? 500).end());
  onTestFinished(() => void proxy.close());
  proxy.listen(port, 'localhost');
  await waited;
  // It has heard the companion itself, and asked no more.
  expect([answers, said]).toEqual([[], []]);
});
