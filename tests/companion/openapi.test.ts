// docs/openapi.yaml is true: it has the routes of a running companion and no others, and whatever is answered is as it says.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SEEN, withWord } from '../../server/operate/seen.ts';
import { PROBLEM_CODES } from '../../src/protocol/errors.ts';
import { companion, EXTENSION, MOZ, newSid, newToken } from './party.ts';
import { Jar, newIdentityKey, type TeamCompanion, teamCompanion } from './team-companion.ts';

interface Operation {
  responses: Record<string, { $ref?: string; content?: Record<string, unknown> }>;
}
type Methods = Partial<Record<string, Operation>>;
const document: {
  paths: Record<string, Methods>;
  components: { responses: Record<string, Operation['responses'][string]>; schemas: { Code: { enum: string[] } } };
} = parse(readFileSync(join(import.meta.dirname, '../../docs/openapi.yaml'), 'utf8'));

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(document, 'openapi');
const pointer = (...keys: string[]): string =>
  `openapi#/${keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

/** Fastify's form of a route in the form that it has in the document. */
const NAMED: Readonly<Record<string, string>> = { '/oidc/*': 'endpoint', '/device/*': 'rest' };
const templateOf = (url: string): string => url.replace('*', `{${NAMED[url] ?? 'file'}}`).replaceAll(/:(\w+)/g, '{$1}');

/** Every route as `METHOD template`, of each companion that is begun while `begin` runs, `HEAD` beside `GET` left out. */
async function routesOf<T>(begin: () => Promise<T>): Promise<[T, Set<string>]> {
  const routes = new Set<string>();
  const listen = (message: unknown) =>
    (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) if (one !== 'HEAD') routes.add(`${one} ${templateOf(url)}`);
    });
  subscribe('fastify.initialization', listen);
  try {
    return [await begin(), routes];
  } finally {
    unsubscribe('fastify.initialization', listen);
  }
}

let own: Awaited<ReturnType<typeof companion>>;
let team: TeamCompanion;
let routes: Set<string>;
beforeAll(async () => {
  const [begunOwn, ofOwn] = await routesOf(() => companion());
  const wechat = { account: { 'app-id': 'wxfedcba9876543210', secret: '$TEAM_UNIT', token: '$TEAM_UNIT' } };
  const dingtalk = { 'client-id': 'ding1', secret: '$TEAM_UNIT', organisations: ['corp1'] };
  const [begunTeam, ofTeam] = await routesOf(() => teamCompanion({ file: { providers: { dingtalk, wechat } } }));
  [own, team, routes] = [begunOwn, begunTeam, new Set([...ofOwn, ...ofTeam])];
});
afterAll(() => Promise.all([own.close(), team.close()]));

test('it is of the form that OpenAPI has', async () => {
  expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
});

test('it has each route of a companion, with a team and without, and no other', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((name) => name !== 'parameters')
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual([...routes].sort());
});

test('it has each code that a companion answers', () => {
  expect(document.components.schemas.Code.enum.toSorted()).toEqual(PROBLEM_CODES.toSorted());
});

interface Answered {
  status: number;
  type: string;
  text: string;
}
/** @returns what is wrong with an answer by the document, '' for nothing */
function wrongWith(method: string, template: string, { status, type, text }: Answered): string {
  const responses = document.paths[template]?.[method.toLowerCase()]?.responses;
  const key = responses?.[status] ? String(status) : 'default';
  const given = responses?.[key];
  const name = given?.$ref?.split('/').at(-1);
  const response = name === undefined ? given : document.components.responses[name];
  if (!response) return `no response for ${status}`;
  if (response.content === undefined) return '';
  const media = type.split(';', 1)[0] ?? '';
  if (!(media in response.content)) return `${media || 'no type'} at ${status}`;
  if (!media.endsWith('json')) return '';
  const base =
    name === undefined
      ? ['paths', template, method.toLowerCase(), 'responses', key]
      : ['components', 'responses', name];
  const validate = ajv.getSchema(pointer(...base, 'content', media, 'schema'));
  if (!validate) return 'no schema';
  return validate(JSON.parse(text)) ? '' : ajv.errorsText(validate.errors);
}

describe('what is answered is as it says', () => {
  /** @returns the status, and what is wrong with the answer */
  async function asked(template: string, given: InjectOptions = {}): Promise<[number, string]> {
    const method = given.method ?? 'GET';
    const headers = { host: `127.0.0.1:${own.port}`, ...given.headers };
    const answer = await own.app.inject({ ...given, url: given.url ?? template, headers });
    const type = String(answer.headers['content-type'] ?? '');
    return [answer.statusCode, wrongWith(method, template, { status: answer.statusCode, type, text: answer.body })];
  }

  test('to an operator and to anybody', () =>
    withWord(own.store, async (word) => {
      const practice = { 'content-type': 'application/x-www-form-urlencoded' };
      const cases: [string, InjectOptions, number][] = [
        ['/healthz', {}, 200],
        ['/healthz', { headers: { host: 'another.example' } }, 421],
        ['/readyz', {}, 200],
        [SEEN, { headers: { authorization: `Bearer ${word}` } }, 200],
        [SEEN, { headers: { authorization: `Bearer ${word}`, 'x-forwarded-for': '10.0.0.1' } }, 200],
        [SEEN, { headers: { authorization: `Bearer ${newToken()}` } }, 404],
        ['/v1/companion', {}, 200],
        ['/v1/companion', { headers: { origin: EXTENSION } }, 200],
        ['/v1/relay', { headers: { origin: 'https://a.example' } }, 403],
        ['/v1/relay', { headers: { origin: EXTENSION } }, 404],
        ['/practice', {}, 200],
        ['/practice', { method: 'POST', headers: practice, payload: 'username=a&password=b' }, 403],
        ['/practice', { method: 'POST', headers: { 'content-type': 'application/json' }, payload: '{' }, 400],
        ['/practice.js', {}, 200],
        ['/', {}, 200],
        ['/{file}', { url: '/no-such-file' }, 404],
      ];
      const answered = [];
      for (const [template, given] of cases) answered.push([template, ...(await asked(template, given))]);
      expect(answered).toEqual(cases.map(([template, , status]) => [template, status, '']));
      own.store.put = () => Promise.reject(new Error('database or disk is full'));
      own.later(2_000);
      expect(await asked('/readyz')).toEqual([503, '']);
    }));

  test('to a phone that keeps its backup there', async () => {
    const other = await companion();
    const [id, auth] = [newSid(), `Scankey ${newToken()}`];
    const ask = async (payload: object | string, headers: Record<string, string> = { authorization: auth }) => {
      const answer = await fetch(`${other.page}/v1/backup`, {
        method: 'POST',
        headers: { origin: other.page, 'content-type': 'application/json', ...headers },
        body: typeof payload === 'string' ? payload : JSON.stringify(payload),
      });
      const type = answer.headers.get('content-type') ?? '';
      return [
        answer.status,
        wrongWith('POST', '/v1/backup', { status: answer.status, type, text: await answer.text() }),
      ];
    };
    const write = { t: 'write', id, ifRev: 0, rev: 1, blob: 'AAAA' };
    expect(await ask(write)).toEqual([200, '']);
    expect(await ask(write)).toEqual([409, '']);
    expect(await ask({ t: 'read', id })).toEqual([200, '']);
    expect(await ask({ t: 'read', id }, { authorization: `Scankey ${newToken()}` })).toEqual([404, '']);
    expect(await ask({ t: 'read', id }, { authorization: auth, origin: 'https://a.example' })).toEqual([403, '']);
    expect(await ask({ t: 'read' })).toEqual([400, '']);
    expect(await ask('{')).toEqual([400, '']);
    expect(await ask('x', { 'content-type': 'text/x' })).toEqual([400, '']);
    expect(await ask({ ...write, blob: 'A'.repeat(6 * 2 ** 20) })).toEqual([413, '']);
    expect(await ask({ t: 'delete', id })).toEqual([200, '']);
    for (let left = 310; left > 0; left--) other.limiters.backups.consume('127.0.0.1/32').catch(() => {});
    expect(await ask({ t: 'read', id })).toEqual([429, '']);
    await other.close();
  });

  test('to a browser that signs in to a site, and to its phone', async () => {
    const jar = new Jar();
    const { url: page } = await team.asked(jar, 'wiki');
    const uid = page.pathname.split('/')[2] ?? '';
    const own = { origin: team.here, 'content-type': 'application/json' };
    /** @returns the status, and what is wrong with the answer */
    const ask = async (template: string, url: string, body?: unknown, headers: Record<string, string> = own) => {
      const method = body === undefined ? 'GET' : 'POST';
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await jar.ask(team.here + url, { method, headers, ...sent });
      const [type, text] = [answer.headers.get('content-type') ?? '', await answer.text()];
      return [template, answer.status, wrongWith(method, template, { status: answer.status, type, text })];
    };
    const at = (rest: string) => [`/sign-in/{uid}${rest}`, `/sign-in/${uid}${rest}`] as const;
    const nobodys = (rest: string) => [`/sign-in/{uid}${rest}`, `/sign-in/nobodys${rest}`] as const;
    const key = await newIdentityKey();
    const sid = newSid();
    const extension = { origin: MOZ, 'content-type': 'text/plain' };
    const secret = newToken();
    const cases: [readonly [string, string], number, unknown?, Record<string, string>?][] = [
      [at(''), 200],
      [nobodys(''), 404],
      [at('/about'), 200],
      [nobodys('/about'), 404],
      [['/v1/sign-in/{uid}', `/v1/sign-in/${uid}`], 200],
      [['/v1/sign-in/{uid}', '/v1/sign-in/nobodys'], 404],
      [at('/next'), 303],
      [at('/go'), 404],
      [['/sign-in/{uid}/with/{provider}', `/sign-in/${uid}/with/dingtalk`], 303],
      [['/sign-in/{uid}/with/{provider}', `/sign-in/${uid}/with/nobody`], 404],
      [['/v1/callback/{provider}', '/v1/callback/dingtalk?state=x'], 403],
      [at('/proof'), 400, {}],
      [at('/proof'), 403, { key: 'A'.repeat(87), signature: 'A'.repeat(86) }],
      [at('/proof'), 403, {}, { ...own, origin: 'https://a.example' }],
      [nobodys('/wechat-code'), 404, {}],
      [['/v1/wechat/events', '/v1/wechat/events'], 403],
      [['/v1/known-by', '/v1/known-by'], 403, { key: 'A'.repeat(87), signature: 'A'.repeat(86) }],
      [['/v1/half', '/v1/half'], 200, { t: 'begin', provider: 'dingtalk', secret }, extension],
      [['/v1/half', '/v1/half'], 426, { t: 'make', secret }, extension],
      [['/v1/half', '/v1/half'], 404, { t: 'drop', id: newSid(), auth: newToken() }, extension],
      [['/v1/half', '/v1/half'], 403, { t: 'make', secret }],
      [['/v1/vault', '/v1/vault'], 200, { t: 'begin', provider: 'dingtalk', secret }],
      [['/v1/vault', '/v1/vault'], 403, { t: 'find', secret }],
      [['/v1/kept/go', '/v1/kept/go'], 403],
      [['/v1/kept/done', '/v1/kept/done'], 200],
      [['/v1/session/{sid}', `/v1/session/${sid}`], 200],
      [['/v1/session/{sid}', '/v1/session/x'], 400],
      [['/v1/in-app/{provider}', '/v1/in-app/dingtalk'], 404, { sid }],
      [['/v1/in-app/said', '/v1/in-app/said'], 403, { sid }],
      [['/v1/in-app/ticket', '/v1/in-app/ticket'], 403, { sid, signIn: uid }],
      [['/oidc/go-on.js', '/oidc/go-on.js'], 200],
    ];
    const answered = [];
    for (const [[template, url], , body, headers] of cases) answered.push(await ask(template, url, body, headers));
    expect(answered).toEqual(cases.map(([[template], status]) => [template, status, '']));
    await team.prove(jar, page, key);
    expect(await ask(...at('/about'))).toEqual(['/sign-in/{uid}/about', 200, '']);
    expect(await ask(...at('/next'))).toEqual(['/sign-in/{uid}/next', 303, '']);
    expect(await ask(...at('/go'))).toEqual(['/sign-in/{uid}/go', 303, '']);
    const { url: other } = await team.asked(jar, 'ward');
    await jar.ask(String(other));
    const declined = other.pathname.split('/')[2];
    expect(await ask('/sign-in/{uid}/cancel', `/sign-in/${declined}/cancel`, {})).toEqual([
      '/sign-in/{uid}/cancel',
      200,
      '',
    ]);
  });
});
