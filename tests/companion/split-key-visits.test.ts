// An extension's visit to a provider for half of a split key (R36), played through the companion's routes: by its owner, and by somebody
// who has copied the owner's profile and lures the owner through a visit of his own.
import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerFailures } from '../../server/http/failures.ts';
import { newLimiters } from '../../server/http/limits.ts';
import { newListener } from '../../server/http/listener.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { Answers } from '../../server/team/answers.ts';
import { Attempts } from '../../server/team/attempts.ts';
import { People } from '../../server/team/people.ts';
import type { Provider } from '../../server/team/providers/provider.ts';
import { providerRoutes } from '../../server/team/routes/provider.ts';
import { BrowserCookie } from '../../server/team/routes/request.ts';
import type { Rooms } from '../../server/team/routes/rooms.ts';
import { storedRoutes } from '../../server/team/routes/stored.ts';
import { SignIns } from '../../server/team/sign-ins.ts';
import { SplitKeys } from '../../server/team/split-keys.ts';
import { Visits } from '../../server/team/visits.ts';
import { VISITED } from '../../src/protocol/providers.ts';
import { newToken } from './party.ts';

const ORIGIN = 'http://keys.example';
const none = () => Promise.reject(new Error('not asked'));
/** Says that whoever comes back is who the code names. */
const provider: Provider = {
  id: 'dingtalk',
  where: ['page'],
  authorizeUrl: ({ state }) => new URL(`https://dingtalk.example/?state=${state}`),
  codeOf: ({ code }) => code,
  identify: async (code) => ({ subjects: [`dingtalk:union:${code}`], name: code, member: false }),
  doctor: { entry: () => '', check: none, ahead: none },
};

let store: Store;
let app: FastifyInstance;
beforeEach(async () => {
  store = openSqlite(':memory:');
  app = newListener({}, { hosts: ['localhost:80'] });
  // What an injected request lacks of a socket.
  app.addHook('onRequest', async ({ raw }) => void Object.assign(raw.socket, { setTimeout() {} }));
  answerFailures(app, undefined);
  await app.register(cookie);
  const answers = new Answers(store);
  const signIns = new SignIns(store, new People(store, 'anyone'), () => undefined);
  const rooms = {
    origin: ORIGIN,
    attempts: new Attempts({ store, providers: new Map([['dingtalk', provider]]), origin: ORIGIN, signIns, answers }),
    answers,
    signIns,
    splitKeys: new SplitKeys(store),
    visits: new Visits(store, ORIGIN),
    cookie: new BrowserCookie(ORIGIN),
    limiters: newLimiters(),
    isExtension: () => true,
  };
  for (const routes of [storedRoutes, providerRoutes]) await app.register(routes, rooms as unknown as Rooms);
});
afterEach(async () => {
  await app.close();
  store.close();
});

const ask = async (body: object): Promise<Record<string, string>> =>
  (
    await app.inject({
      method: 'POST',
      url: '/v1/half',
      payload: JSON.stringify(body),
      headers: { 'content-type': 'text/plain', origin: 'chrome-extension://one' },
    })
  ).json();

/** A browser with its cookies, whose person confirms as `person` at the provider. */
function browserOf(person: string) {
  let cookies: Record<string, string> = {};
  const go = async (address: string) => {
    const { pathname, search } = new URL(address, ORIGIN);
    const answer = await app.inject({ url: pathname + search, cookies });
    for (const { name, value } of answer.cookies) cookies = { ...cookies, [name]: value };
    return { status: answer.statusCode, to: String(answer.headers.location ?? ''), text: answer.body };
  };
  return {
    go,
    /** Back from the provider's page at `to`, where the person has confirmed: the address that its tab shows then. */
    async confirms(to: string): Promise<{ status: number; shown: string }> {
      const state = new URL(to).searchParams.get('state') ?? '';
      const back = await go(`/v1/callback/dingtalk?code=${person}&state=${state}`);
      return { status: back.status, shown: back.to };
    },
  };
}

const secret = newToken;
const receiptIn = (shown: string): string => new URL(shown, ORIGIN).hash.slice(1);

/** The owner has had a half made. */
async function owned() {
  const [owner, mine] = [browserOf('owner'), secret()];
  const { to = '' } = await ask({ t: 'begin', provider: 'dingtalk', secret: mine });
  const { shown } = await owner.confirms((await owner.go(to)).to);
  return { owner, made: await ask({ t: 'make', secret: mine, receipt: receiptIn(shown) }) };
}

test('its owner has the half by what the visit’s own tab shows at the end, once', async () => {
  const { owner, made } = await owned();
  const mine = secret();
  const { to = '' } = await ask({ t: 'begin', provider: 'dingtalk', secret: mine });
  const { shown } = await owner.confirms((await owner.go(to)).to);
  expect(new URL(shown, ORIGIN)).toMatchObject({ origin: ORIGIN, pathname: VISITED });
  expect((await owner.go(shown)).status).toBe(200);
  const open = { t: 'open', secret: mine, receipt: receiptIn(shown), id: made.id, auth: made.auth };
  expect(await ask(open)).toEqual({ half: made.half });
  expect(await ask(open)).toMatchObject({ code: 'provider-state' });
});

test('an extension of before, which reads no receipt, is told that it is too old, and uses nothing up', async () => {
  const { owner, made } = await owned();
  const mine = secret();
  const { to = '' } = await ask({ t: 'begin', provider: 'dingtalk', secret: mine });
  const { shown } = await owner.confirms((await owner.go(to)).to);
  const open = { t: 'open', secret: mine, id: made.id, auth: made.auth };
  for (const old of [open, { t: 'make', secret: mine }])
    expect(await ask(old)).toMatchObject({ code: 'upgrade-required', status: 426 });
  expect(await ask({ ...open, receipt: receiptIn(shown) })).toEqual({ half: made.half });
});

test('of those who come at the same moment one begins the visit, and one has the half', async () => {
  const { owner, made } = await owned();
  const mine = secret();
  const { to = '' } = await ask({ t: 'begin', provider: 'dingtalk', secret: mine });
  const pages = await Promise.all([owner.go(to), owner.go(to), owner.go(to)]);
  expect(pages.map(({ status }) => status).toSorted()).toEqual([303, 403, 403]);
  const { shown } = await owner.confirms(pages.find(({ status }) => status === 303)?.to ?? '');
  const open = { t: 'open', secret: mine, receipt: receiptIn(shown), id: made.id, auth: made.auth };
  const answers = await Promise.all([ask(open), ask(open), ask(open)]);
  expect(answers.filter(({ half }) => half === made.half)).toHaveLength(1);
  expect(answers.filter(({ code }) => code === 'provider-state')).toHaveLength(2);
});

test('a thief of the profile gets nothing by a link that the owner opens', async () => {
  const { owner, made } = await owned();
  const his = secret();
  const open = { t: 'open', secret: his, id: made.id, auth: made.auth };
  const { to = '' } = await ask({ t: 'begin', provider: 'dingtalk', secret: his });
  const { shown } = await owner.confirms((await owner.go(to)).to);
  // All that he could try in its place: nothing, what he knows, what he makes up, what a visit of his own shows.
  expect(await ask(open)).toMatchObject({ code: 'upgrade-required' });
  const another = secret();
  const begun = await ask({ t: 'begin', provider: 'dingtalk', secret: another });
  const thief = browserOf('thief');
  const own = await thief.confirms((await thief.go(begun.to ?? '')).to);
  const ticket = new URL(to).searchParams.get('ticket') ?? '';
  for (const receipt of [his, ticket, secret(), receiptIn(own.shown)])
    expect(await ask({ ...open, receipt })).toMatchObject({ code: 'provider-state' });
  // Nor does the owner's receipt fit anything else of his.
  expect(await ask({ ...open, secret: another, receipt: receiptIn(shown) })).toMatchObject({ code: 'provider-state' });
  expect(await ask({ ...open, secret: another, receipt: receiptIn(own.shown) })).toMatchObject({
    code: 'identity-wrong',
  });
});

test('a thief who begins the visit himself gets nothing by the provider’s page that he sends on', async () => {
  const { owner } = await owned();
  const { to = '' } = await ask({ t: 'begin', provider: 'dingtalk', secret: secret() });
  const thief = browserOf('thief');
  const page = (await thief.go(to)).to;
  expect((await owner.confirms(page)).status).toBe(403);
  // The link counts once, for whoever came first.
  expect((await owner.go(to)).status).toBe(403);
});

test('the same answer twice shows the same receipt, and one that came to nothing shows none', async () => {
  const owner = browserOf('owner');
  const { to = '' } = await ask({ t: 'begin', provider: 'dingtalk', secret: secret() });
  const page = (await owner.go(to)).to;
  const [first, second] = [await owner.confirms(page), await owner.confirms(page)];
  expect(first.shown).toBe(second.shown);
  const again = await ask({ t: 'begin', provider: 'dingtalk', secret: secret() });
  const state = new URL((await owner.go(again.to ?? '')).to).searchParams.get('state');
  const declined = await owner.go(`/v1/callback/dingtalk?error=access_denied&state=${state}`);
  expect(declined).toMatchObject({ status: 200, to: '' });
});
