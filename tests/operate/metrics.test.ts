// `--metrics`: what it counts of a whole sign-in is true and in Prometheus' format, and nothing of it names anybody or tells a secret.
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { EXTENSION, newSid, newToken, PK, pair, party } from '../companion/party.ts';
import { freePort } from '../redis/server.ts';
import { newFolder, startCompanion } from './companion.ts';

/** A companion that counts at `port`. */
async function begin() {
  const [folder, port] = [newFolder(), await freePort()];
  const one = await startCompanion({ folder, data: `${folder}/data`, more: ['--metrics', String(port), '--log'] });
  return { one, port };
}

const ask = (port: number, path: string, { method = 'GET', host = `127.0.0.1:${port}` } = {}) =>
  new Promise<{ status: number; type: string | undefined; text: string }>((done, failed) => {
    const sending = request({ host: '127.0.0.1', port, path, method, headers: { host } }, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += String(part)));
      answer.on('end', () => done({ status: answer.statusCode ?? 0, type: answer.headers['content-type'], text }));
    });
    sending.on('error', failed).end();
  });

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
// `Nan` is the library's word for what it has not measured yet; Prometheus reads it in either case.
const SAMPLE = new RegExp(
  `^(${NAME})(\\{(?:${LABEL}(?:,${LABEL})*)?\\})? (Na[Nn]|[+-]Inf|[-+]?\\d+(?:\\.\\d+)?(?:e[-+]?\\d+)?)$`,
);
/** @returns each figure under its name and labels @throws Error at the first line that is not of the format (0.0.4) */
function figuresOf(text: string): Map<string, number> {
  const types = new Map<string, string>();
  const figures = new Map<string, number>();
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.split('\n')) {
    const [, typed, type] = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`).exec(line) ?? [];
    if (typed !== undefined && type !== undefined) {
      if (types.has(typed)) throw new Error(`a second type: ${line}`);
      types.set(typed, type);
    } else if (line !== '' && !new RegExp(`^# HELP ${NAME} [^\\n]+$`).test(line)) {
      const [, name = '', labels = '', value] = SAMPLE.exec(line) ?? [];
      const of = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
      if (value === undefined || !types.has(of) || figures.has(name + labels)) throw new Error(`no sample: ${line}`);
      figures.set(name + labels, Number(value.replace('Inf', 'Infinity')));
    }
  }
  return figures;
}
const scrape = async (port: number) => figuresOf((await ask(port, '/metrics')).text);

test('a whole sign-in is counted, each step once, and leaves no word of its own there', async () => {
  const { one, port } = await begin();
  const { sid, tokens, browser, phone } = await pair(one);
  const lonely = await party(one.port, EXTENSION);
  lonely.say({ t: 'open', sid: newSid(), pk: PK, tokenHash: 'A'.repeat(43) });
  await lonely.next();
  const during = await scrape(port);
  expect(
    [...['new', 'waiting', 'browser', 'phone', 'listening']].map((kind) =>
      during.get(`scankey_connections{kind="${kind}"}`),
    ),
  ).toEqual([0, 1, 1, 1, 0]);
  phone.say({ t: 'send', n: 0, m: 'c2VjcmV0' });
  await phone.next();
  phone.say({ t: 'close', reason: 'done' });
  expect([await browser.next(), await browser.problem()]).toMatchObject([{ t: 'msg' }, 'session-gone']);
  const stranger = await party(one.port, one.page);
  const token = newToken();
  stranger.say({ t: 'resume', sid, role: 'p', token, lastSeen: -1 });
  await stranger.problem();
  await one.ask('/no/such/page');
  for (const { close } of [browser, phone, lonely, stranger]) close();
  await expect.poll(async () => (await scrape(port)).get('scankey_connections{kind="waiting"}')).toBe(0);
  const { status, type, text } = await ask(port, '/metrics');
  expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  const figures = figuresOf(text);
  const told = (name: string) => figures.get(`scankey_${name}`);
  expect([
    told('sessions_opened_total'),
    told('sessions_joined_total'),
    told('sessions_ended_total{reason="done"}'),
  ]).toEqual([2, 1, 1]);
  // Both sides of the one that has ended, and who came back to it with a word that is wrong.
  expect(told('refusals_total{code="session-gone",by="relay"}')).toBe(3);
  expect(told('refusals_total{code="not-found",by="http"}')).toBe(1);
  expect(told('http_request_duration_seconds_count{route="unknown",status="4xx"}')).toBe(1);
  expect(told('store_duration_seconds_count{operation="put"}')).toBeGreaterThan(4);
  expect(told('store_failures_total{operation="put"}')).toBe(0);
  expect(told('room_bytes')).toBe(2 * 2 ** 30);
  expect(told('room_taken_bytes')).toBeGreaterThan(4096);
  for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_p99_seconds'])
    expect(figures.get(name)).toBeGreaterThan(0);
  for (const secret of [
    sid,
    ...Object.values(tokens),
    token,
    PK,
    'A'.repeat(43),
    'c2VjcmV0',
    '127.0.0.1',
    'iafbdandlnajajocdfhpngcoakkghafb',
    'no/such',
  ])
    expect(text).not.toContain(secret);
  // A label that anybody could fill would show as one that is longer than a route, or is not of these.
  expect(new Set([...text.matchAll(/([a-z]+)="/g)].map(([, label]) => label))).toEqual(
    new Set([
      'code',
      'by',
      'kind',
      'le',
      'major',
      'minor',
      'operation',
      'patch',
      'reason',
      'result',
      'route',
      'space',
      'status',
      'type',
      'version',
    ]),
  );
});

test('it is read at its own port alone, by address, and a port that is taken ends the start', async () => {
  const { one, port } = await begin();
  expect((await one.ask('/metrics')).status).toBe(404);
  expect((await ask(port, '/metrics', { host: 'rebound.example' })).status).toBe(421);
  expect((await ask(port, '/metrics', { method: 'POST' })).status).toBe(404);
  expect((await ask(port, '/')).status).toBe(404);
  expect((await ask(port, '/metrics', { host: `localhost:${port}` })).status).toBe(200);
  const folder = newFolder();
  const other = await startCompanion({ folder, data: `${folder}/data`, more: ['--metrics', `127.0.0.1:${port}`] });
  expect([other.code(), other.said()]).toEqual([2, expect.stringContaining('Cannot listen for --metrics')]);
});
