// Providers from the outside: what comes back to the callback, in every way in which it can, and what the site learns of it. The
// browser has no screen here; the companion, the site and the providers' rules are real or strict.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { newIdentityKey, signIdentity } from '../../src/protocol/identity-proof.ts';
import { ROOT } from './companion.ts';
import { ACCOUNT, CORP, Jar, SECRETS, startTeam, type Team, WEBSITE } from './team.ts';

let t: Team;
beforeAll(async () => {
  t = await startTeam();
});
afterAll(() => t?.close());
const CALM = {
  ahead: 0,
  fails: '',
  deny: false,
  double: false,
  twice: false,
  bound: true,
  snapshot: false,
  gone: false,
  outsider: false,
  permission: true,
} as const;
afterEach(async () => {
  await t.wechat.mood({ ...CALM, deny: '', person: 'li' });
  await t.dingtalk.mood({ ...CALM, corp: CORP, person: 'wang' });
  await t.others.mood({ ...CALM, person: 'zhao', tenant: 'tenant1' });
});

/** A sign-in at the wiki that has come as far as the page with the code. */
async function begun(jar = new Jar(), site = t.wiki) {
  const { url } = await jar.go(site.origin);
  expect(url.pathname).toMatch(/^\/sign-in\//);
  return { jar, page: String(url), about: () => jar.json(`${url}/about`) };
}
type Begun = Awaited<ReturnType<typeof begun>>;

/** Which fake, and what its person's tap brings. */
const PROVIDERS = {
  wechat: { fake: () => t.wechat, code: { app: WEBSITE, scope: 'snsapi_login' }, name: 'code', lives: 600_000 },
  dingtalk: { fake: () => t.dingtalk, code: { kind: 'browser' }, name: 'authCode', lives: 300_000 },
  wecom: { fake: () => t.others, code: { app: 'wecom' }, name: 'code', lives: 300_000 },
  feishu: { fake: () => t.others, code: { app: 'feishu' }, name: 'code', lives: 300_000 },
} as const;
type Id = keyof typeof PROVIDERS;
const IDS = Object.keys(PROVIDERS) as Id[];

/** Presses the button of that provider: where the browser is sent, with which state. */
async function sent({ jar, page }: Begun, id: Id) {
  const response = await jar.ask(`${page}/with/${id}`);
  const to = new URL(response.headers.get('location') ?? '');
  return { to, state: to.searchParams.get('state') ?? '' };
}

/** The tap in the app, and the callback that it leads to. */
async function tapped(id: Id, to: URL): Promise<string> {
  const state = to.searchParams.get('state') ?? '';
  if (id === 'wechat') {
    const { code } = (await t.wechat.does('code', PROVIDERS.wechat.code)) as { code: string };
    return `${to.searchParams.get('redirect_uri')}?${new URLSearchParams({ code, state })}`;
  }
  // Their fakes answer the page's one button by themselves.
  const response = await fetch(to, { method: 'POST', redirect: 'manual', headers: { accept: 'text/html' } });
  return response.headers.get('location') ?? '';
}

async function through(id: Id, start: Begun) {
  const { to } = await sent(start, id);
  return { callback: await tapped(id, to), to };
}
const failureOf = async (start: Begun) => ((await start.about()).body.failure as { code?: string } | undefined)?.code;

describe('a provider says who somebody is', () => {
  for (const id of IDS) {
    test(`${id}: from the page to the site, and the same person the next time`, async () => {
      const before = t.wiki.people.length;
      for (let times = 0; times < 2; times++) {
        const start = await begun();
        const { callback } = await through(id, start);
        const end = await start.jar.go(callback);
        expect(end.text).toContain('Signed in to the wiki');
      }
      const [first, second] = t.wiki.people.slice(before);
      expect(first?.sub).toBeTruthy();
      expect(second?.sub).toBe(first?.sub);
      for (const one of [first, second]) expect(one?.amr).toEqual([id]);
    });

    test(`${id}: a code that has expired is none, and the page can begin again`, async () => {
      const start = await begun();
      const { callback } = await through(id, start);
      await PROVIDERS[id].fake().mood({ ahead: PROVIDERS[id].lives + 1000 });
      const end = await start.jar.go(callback);
      expect(end.url.pathname).toMatch(/^\/sign-in\//);
      expect(await failureOf(start)).toBe('provider-code');
    });

    test(`${id}: the same callback twice is one question to the provider and one sign-in`, async () => {
      const start = await begun();
      const { callback } = await through(id, start);
      const asks = async () =>
        (await PROVIDERS[id].fake().record()).filter(({ path }) =>
          /access_token|userAccessToken|getuserinfo$|oauth\/v3\/token/.test(path),
        ).length;
      const before = await asks();
      const [one, two] = await Promise.all([start.jar.ask(callback), start.jar.ask(callback)]);
      expect([one?.status, two?.status]).toEqual([303, 303]);
      expect(two?.headers.get('location')).toBe(one?.headers.get('location'));
      expect(await asks()).toBe(before + 1);
    });

    test(`${id}: declined there, the person is back at the code`, async () => {
      await PROVIDERS[id].fake().mood({ deny: true });
      const start = await begun();
      const { to, state } = await sent(start, id);
      const callback =
        id === 'wechat' ? `${to.searchParams.get('redirect_uri')}?state=${state}&code=authdeny` : await tapped(id, to);
      await start.jar.go(callback);
      expect(await failureOf(start)).toBe('provider-cancelled');
    });

    for (const fails of ['down', 'html', 'garbled', 'busy'] as const) {
      test(`${id}: a provider that is ${fails} costs the code and nothing else; it is not asked again`, async () => {
        const start = await begun();
        const { callback } = await through(id, start);
        await PROVIDERS[id].fake().mood({ fails });
        await start.jar.go(callback);
        expect(await failureOf(start)).toMatch(/^provider-(down|busy|refused)$/);
        await PROVIDERS[id].fake().mood({ fails: '' });
        const end = await start.jar.go(callback);
        expect(end.url.pathname).toMatch(/^\/sign-in\/[^/]+$/);
      });
    }

    test(`${id}: state missing, invented, of another browser, of another provider, with another code: refused`, async () => {
      const start = await begun();
      const { callback } = await through(id, start);
      const other = new URL(callback);
      const changed = (change: (url: URL) => void) => {
        const url = new URL(other);
        change(url);
        return String(url);
      };
      const another = id === 'wechat' ? 'feishu' : 'wechat';
      const hostile = [
        changed((url) => url.searchParams.delete('state')),
        changed((url) => url.searchParams.set('state', 'ab'.repeat(24))),
        changed((url) => {
          url.pathname = `/v1/callback/${another}`;
        }),
      ];
      for (const url of hostile) expect((await start.jar.ask(url)).status).toBe(403);
      // A browser that has a sign-in of its own, and one that has none.
      const stranger = await begun();
      for (const jar of [stranger.jar, new Jar()]) expect((await jar.ask(callback)).status).toBe(403);
      // None of this used the code up.
      expect((await start.jar.go(callback)).text).toContain('Signed in');
      // Used, the state takes no other code.
      const again = changed((url) => url.searchParams.set(PROVIDERS[id].name, 'another'));
      expect((await start.jar.ask(again)).status).toBe(403);
    });
  }

  test('a slow provider is not waited for longer than ten seconds, nor asked twice', async () => {
    const start = await begun();
    const { callback } = await through('wechat', start);
    await t.wechat.mood({ fails: 'slow' });
    await start.jar.go(callback);
    expect(await failureOf(start)).toBe('provider-slow');
  });

  test('WeChat: a code of another app, and one that was used elsewhere', async () => {
    for (const [scope, app, expected] of [
      ['snsapi_base', ACCOUNT, 'provider-code'],
      ['snsapi_login', WEBSITE, 'provider-code-used'],
    ] as const) {
      const start = await begun();
      const { to, state } = await sent(start, 'wechat');
      const { code } = (await t.wechat.does('code', { app, scope })) as { code: string };
      if (expected === 'provider-code-used') {
        const query = { appid: WEBSITE, secret: 'wechat-website-secret', code, grant_type: 'authorization_code' };
        await fetch(`${t.wechat.origin}/sns/oauth2/access_token?${new URLSearchParams(query)}`);
      }
      await start.jar.go(`${to.searchParams.get('redirect_uri')}?${new URLSearchParams({ code, state })}`);
      expect(await failureOf(start)).toBe(expected);
    }
  });

  test('WeChat: the union id may come later, and is the same person', async () => {
    await t.wechat.mood({ bound: false, person: 'chen' });
    const subs: string[] = [];
    for (const bound of [false, true, true]) {
      await t.wechat.mood({ bound });
      const start = await begun();
      const { callback } = await through('wechat', start);
      await start.jar.go(callback);
      subs.push(t.wiki.people.at(-1)?.sub ?? '');
    }
    expect(new Set(subs).size).toBe(1);
  });

  test('WeChat: a person whom WeChat made up for a preview is nobody', async () => {
    await t.wechat.mood({ snapshot: true });
    const start = await begun();
    const { callback } = await through('wechat', start);
    await start.jar.go(callback);
    expect(await failureOf(start)).toBe('provider-snapshot');
  });

  test('WeChat: a code that the service account gives is scanned, the page goes on; a forged event does nothing', async () => {
    const start = await begun();
    const { body } = await start.jar.json(`${start.page}/wechat-code`, {});
    const events = `${t.companion.origin}/v1/wechat/events`;
    const xml = '<xml><FromUserName>oX</FromUserName><Event>SCAN</Event><EventKey>x</EventKey></xml>';
    const forged = await fetch(`${events}?signature=${'0'.repeat(40)}&timestamp=1&nonce=2`, {
      method: 'POST',
      body: xml,
      headers: { 'content-type': 'text/xml' },
    });
    expect(forged.status).toBe(403);
    expect((await start.about()).body.complete).toBe(false);
    expect(await t.wechat.does('scan', { link: body.code })).toEqual({ status: 200 });
    expect((await start.about()).body.complete).toBe(true);
    expect((await start.jar.go(`${start.page}/go`)).text).toContain('Signed in');
  });

  test('DingTalk: both names of the code are taken when they agree, and refused when they do not', async () => {
    await t.dingtalk.mood({ twice: true });
    const start = await begun();
    const { callback } = await through('dingtalk', start);
    const differing = new URL(callback);
    differing.searchParams.set('code', 'other');
    const good = await begun();
    await start.jar.go(String(differing));
    expect(await failureOf(start)).toBe('provider-code');
    expect((await good.jar.go((await through('dingtalk', good)).callback)).text).toContain('Signed in');
  });

  test('DingTalk: another organisation, a missing permission, a code of the wrong kind', async () => {
    for (const [mood, kind, expected] of [
      [{ corp: 'dingcorp2' }, 'browser', 'provider-organisation'],
      [{ permission: false }, 'browser', 'provider-scope'],
      [{}, 'app', 'provider-code'],
      [{}, 'sns', 'provider-code'],
    ] as const) {
      await t.dingtalk.mood({ corp: CORP, permission: true, ...mood });
      const start = await begun();
      const { to, state } = await sent(start, 'dingtalk');
      const { code } = (await t.dingtalk.does('code', { kind })) as { code: string };
      const callback =
        kind === 'browser'
          ? await tapped('dingtalk', to)
          : `${to.searchParams.get('redirect_uri')}?authCode=${code}&state=${state}`;
      await start.jar.go(callback);
      expect(await failureOf(start)).toBe(expected);
    }
  });

  test('WeCom: no error, and nobody of the organisation either', async () => {
    await t.others.mood({ outsider: true });
    const start = await begun();
    await start.jar.go((await through('wecom', start)).callback);
    expect(await failureOf(start)).toBe('provider-organisation');
  });

  test('Feishu: a member of another organisation is told so', async () => {
    await t.others.mood({ tenant: 'tenant2' });
    const start = await begun();
    await start.jar.go((await through('feishu', start)).callback);
    expect(await failureOf(start)).toBe('provider-organisation');
  });

  test('no secret is in an address that a browser sees, nor in the log', async () => {
    const start = await begun();
    for (const id of IDS) {
      const { to } = await sent(start, id);
      expect(String(to)).not.toMatch(/secret/);
    }
    expect(t.companion.log().replaceAll(/[█▀▄]/g, '')).not.toMatch(
      /secret-?\d|website-secret|dingtalk-secret|code=|state=|union-|wechat:/i,
    );
  });
});

describe('a companion whose secrets are wrong', () => {
  test('tells the person whom to tell, and the operator what', async () => {
    const wrong = await startTeam({
      wrong: { TEAM_DING: 'not-it-1', TEAM_WECOM: 'not-it-2', TEAM_FEISHU: 'not-it-3' },
    });
    try {
      for (const id of ['dingtalk', 'wecom', 'feishu'] as const) {
        const start = await begun(new Jar(), wrong.wiki);
        const { to } = await sent(start, id);
        await start.jar.go(await tapped(id, to));
        expect(await failureOf(start)).toBe('provider-secret');
      }
      expect(wrong.companion.log()).toContain(
        '"provider":"dingtalk","code":"provider-secret","said":"invalidClientIdOrSecret"',
      );
      expect(wrong.companion.log()).not.toContain('not-it');
    } finally {
      await wrong.close();
    }
  });
});

describe('the older sns calls of DingTalk', () => {
  let old: Team;
  beforeAll(async () => {
    old = await startTeam({ older: true });
  });
  afterAll(() => old?.close());

  test('sign somebody in, with their signature, and look the organisation up; somebody who left it is refused', async () => {
    for (const gone of [false, true]) {
      await old.dingtalk.mood({ gone });
      const jar = new Jar();
      const { url } = await jar.go(old.wiki.origin);
      const to = (await jar.ask(`${url}/with/dingtalk`)).headers.get('location') ?? '';
      const callback =
        (await fetch(to, { method: 'POST', redirect: 'manual', headers: { accept: 'text/html' } })).headers.get(
          'location',
        ) ?? '';
      const end = await jar.go(callback);
      if (gone)
        expect(((await jar.json(`${url}/about`)).body.failure as { code: string }).code).toBe('provider-organisation');
      else expect(end.text).toContain('Signed in');
    }
  });
});

/** A vault of this test's own, which answers for a sign-in. */
async function vaultKey() {
  const key = await newIdentityKey();
  return async ({ about }: Begun, change: object = {}) => {
    const { body } = await about();
    const { issuer, id, client, nonce } = body as Record<'issuer' | 'id' | 'client' | 'nonce', string>;
    return signIdentity(key, { issuer, id, client, nonce, ...change });
  };
}

describe('a sign-in belongs to one browser', () => {
  test('its proof, its page and its code are worth nothing with another browser’s cookies', async () => {
    const [mine, other] = [await begun(), await begun()];
    const sign = await vaultKey();
    const proof = await sign(mine);
    expect((await other.jar.json(`${mine.page}/proof`, proof)).body.code).toBe('sign-in-gone');
    expect((await other.jar.json(`${mine.page}/about`)).body.code).toBe('sign-in-gone');
    expect((await mine.jar.json(`${mine.page}/proof`, proof)).body).toEqual({ complete: true });
    expect((await other.jar.ask(`${mine.page}/go`)).status).toBe(404);
    expect((await mine.jar.go(`${mine.page}/go`)).text).toContain('Signed in');
  });

  test('a proof for another sign-in, another site or another companion is none', async () => {
    const [mine, other] = [await begun(), await begun()];
    const sign = await vaultKey();
    for (const change of [
      { id: 'x' },
      { client: 'ward' },
      { issuer: 'https://elsewhere.example' },
      { nonce: 'A'.repeat(43) },
    ])
      expect((await mine.jar.json(`${mine.page}/proof`, await sign(mine, change))).body.code).toBe('identity-wrong');
    expect((await mine.jar.json(`${mine.page}/proof`, await sign(other))).body.code).toBe('identity-wrong');
    expect((await mine.jar.ask(`${mine.page}/go`)).status).toBe(404);
  });

  test('one lured confirmation at a provider makes nobody’s vault the victim’s', async () => {
    await t.dingtalk.mood({ person: 'zhou' });
    const before = await begun();
    await before.jar.go((await through('dingtalk', before)).callback);
    const sub = t.wiki.people.at(-1)?.sub;
    // Somebody else begins, in either order, and the victim confirms there once.
    const thief = await vaultKey();
    for (const order of ['vault first', 'provider first']) {
      const lure = await begun(new Jar(), t.ward);
      if (order === 'vault first') await lure.jar.json(`${lure.page}/proof`, await thief(lure));
      await lure.jar.go((await through('dingtalk', lure)).callback);
      if (order === 'vault first') expect(await failureOf(lure)).toBe('identity-apart');
      else expect((await lure.jar.json(`${lure.page}/proof`, await thief(lure))).body.code).toBe('identity-apart');
      expect((await lure.jar.ask(`${lure.page}/go`)).status).toBe(404);
    }
    const alone = await begun();
    await alone.jar.json(`${alone.page}/proof`, await thief(alone));
    await alone.jar.go(`${alone.page}/go`);
    expect(t.wiki.people.at(-1)?.sub).not.toBe(sub);
    // The victim is who the victim was.
    const later = await begun();
    await later.jar.go((await through('dingtalk', later)).callback);
    expect(t.wiki.people.at(-1)?.sub).toBe(sub);
  });

  test('who came by a provider before, and now brings a vault as well, is one person by the operator’s word', async () => {
    await t.dingtalk.mood({ person: 'zheng' });
    const before = await begun();
    await before.jar.go((await through('dingtalk', before)).callback);
    const sub = t.wiki.people.at(-1)?.sub;
    const sign = await vaultKey();
    const both = await begun(new Jar(), t.ward);
    await both.jar.go((await through('dingtalk', both)).callback);
    const refused = await both.jar.json(`${both.page}/proof`, await sign(both));
    expect(refused.body).toMatchObject({ code: 'identity-apart', detail: expect.stringMatching(/^.{4}-.{4}$/) });
    const [, code] = /^(\S+) .* zheng /m.exec(operator(t, 'people')) ?? [];
    expect(operator(t, 'join', String(refused.body.detail), String(code))).toContain('zheng 医生: joined');
    expect((await both.jar.json(`${both.page}/proof`, await sign(both))).body).toEqual({ complete: true });
    const after = await begun();
    await after.jar.json(`${after.page}/proof`, await sign(after));
    await after.jar.go(`${after.page}/go`);
    expect(t.wiki.people.at(-1)?.sub).toBe(sub);
  });

  test('a page of another site cannot hand anything in', async () => {
    const mine = await begun();
    const sign = await vaultKey();
    const init = {
      method: 'POST',
      body: JSON.stringify(await sign(mine)),
      headers: { 'content-type': 'application/json', origin: 'https://elsewhere.example' },
    };
    expect((await mine.jar.ask(`${mine.page}/proof`, init)).status).toBe(403);
  });

  test('a site that wants a second confirmation gets none without it, and knows that there were two', async () => {
    const start = await begun(new Jar(), t.ward);
    const sign = await vaultKey();
    await t.dingtalk.mood({ person: 'sun' });
    expect((await start.jar.json(`${start.page}/proof`, await sign(start))).body).toEqual({ complete: false });
    expect((await start.about()).body.confirm).toBe('dingtalk');
    expect((await start.jar.ask(`${start.page}/go`)).status).toBe(404);
    // Nobody is known by that identity yet: the phone is told whose it becomes, and has to confirm that.
    await start.jar.go((await through('dingtalk', start)).callback);
    const uid = new URL(start.page).pathname.split('/')[2];
    const told = await (await fetch(`${t.companion.origin}/v1/sign-in/${uid}`)).json();
    expect(told).toMatchObject({ adds: { provider: 'dingtalk', name: expect.stringContaining('sun') } });
    expect((await start.about()).body).toMatchObject({ complete: false, adds: { provider: 'dingtalk' } });
    expect((await start.jar.ask(`${start.page}/go`)).status).toBe(404);
    expect((await start.jar.json(`${start.page}/proof`, await sign(start))).body).toEqual({ complete: true });
    expect((await start.jar.go(`${start.page}/go`)).text).toContain('Signed in');
    expect(t.ward.people.at(-1)?.amr).toEqual(['pop', 'dingtalk', 'mfa']);
    // Neither alone, in whatever order.
    const twice = await begun(new Jar(), t.ward);
    await twice.jar.go((await through('dingtalk', twice)).callback);
    expect((await twice.about()).body).toMatchObject({ complete: false, scanToo: true });
    expect((await twice.jar.ask(`${twice.page}/go`)).status).toBe(404);
    expect((await twice.jar.json(`${twice.page}/proof`, await (await vaultKey())(twice))).body.code).toBe(
      'identity-wrong',
    );
    expect((await twice.jar.json(`${twice.page}/proof`, await sign(twice))).body).toEqual({ complete: true });
    // From now on it is this person there, and nobody else.
    await t.dingtalk.mood({ person: 'somebody' });
    const next = await begun(new Jar(), t.ward);
    await next.jar.json(`${next.page}/proof`, await sign(next));
    await next.jar.go((await through('dingtalk', next)).callback);
    expect(await failureOf(next)).toBe('identity-wrong');
  });
});

describe('a site that wants a second confirmation, in a browser that is signed in elsewhere', () => {
  test('asks for both all the same', async () => {
    const jar = new Jar();
    const sign = await vaultKey();
    await t.dingtalk.mood({ person: 'both' });
    const first = await begun(jar);
    await jar.json(`${first.page}/proof`, await sign(first));
    expect((await jar.go(`${first.page}/go`)).text).toContain('Signed in to the wiki');
    const there = t.ward.people.length;
    for (let times = 0; times < 2; times++) {
      const second = await begun(jar, t.ward);
      expect(t.ward.people).toHaveLength(there + times);
      expect((await jar.json(`${second.page}/proof`, await sign(second))).body).toEqual({ complete: false });
      const back = await jar.go((await through('dingtalk', second)).callback);
      // The first time the vault has to say whose the identity is.
      if (times > 0) expect(back.text).toContain('Signed in');
      else expect((await jar.json(`${second.page}/proof`, await sign(second))).body).toEqual({ complete: true });
      if (times === 0) expect((await jar.go(`${second.page}/go`)).text).toContain('Signed in');
      expect(t.ward.people.at(-1)?.amr).toEqual(['pop', 'dingtalk', 'mfa']);
    }
  });
});

describe('inside an app', () => {
  /** A session that a sign-in page would open, and the app’s browser that has scanned its code. */
  async function scannedInWechat() {
    const sid = randomBytes(16).toString('base64url');
    const socket = new WebSocket(`${t.companion.origin.replace('http', 'ws')}/v1/relay`, {
      origin: t.companion.origin,
    });
    await once(socket, 'open');
    const [pk, tokenHash] = [randomBytes(1216).toString('base64url'), randomBytes(32).toString('base64url')];
    socket.send(JSON.stringify({ t: 'open', sid, pk, tokenHash }));
    await once(socket, 'message');
    const app = new Jar();
    app.agent = 'Mozilla/5.0 (Linux; Android 14; wv) MicroMessenger/8.0.50';
    const { body } = await app.json(`${t.companion.origin}/v1/in-app/wechat`, { sid });
    const end = await app.ask(String(body.to));
    return { sid, app, callback: end.headers.get('location') ?? '', socket };
  }
  const at = (path: string) => `${t.companion.origin}/v1/in-app/${path}`;

  test('a ticket is for the sign-in that was confirmed, for the app’s own browser and its session, and for once', async () => {
    const [mine, other] = [await begun(), await begun()];
    const signIn = new URL(mine.page).pathname.split('/')[2];
    const { sid, app, callback, socket } = await scannedInWechat();
    expect((await app.json(at('said'), { sid })).body.code).toBe('provider-state');
    // Another browser's callback is not this one's.
    expect((await new Jar().ask(callback)).status).toBe(403);
    await app.ask(callback);
    expect((await app.json(at('said'), { sid })).status).toBe(200);
    expect((await new Jar().json(at('ticket'), { sid, signIn })).body.code).toBe('provider-state');
    const { ticket } = (await app.json(at('ticket'), { sid, signIn })).body;
    expect((await app.json(at('ticket'), { sid, signIn })).body.code).toBe('provider-state');
    expect((await other.jar.json(`${other.page}/proof`, { ticket })).body.code).toBe('provider-state');
    expect((await mine.jar.json(`${mine.page}/proof`, { ticket })).body).toEqual({ complete: true });
    expect((await mine.jar.json(`${mine.page}/proof`, { ticket })).body.code).toBe('provider-state');
    socket.close();
  });

  test('a code that asks for a password is none that an app is asked about', async () => {
    const app = new Jar();
    const sid = randomBytes(16).toString('base64url');
    expect((await app.json(at('wechat'), { sid })).body.code).toBe('session-gone');
  });
});

describe('what somebody has put by', () => {
  const at = () => `${t.companion.origin}/v1/vault`;
  const secret = () => randomBytes(32).toString('base64url');
  /** A visit to the provider by this browser, by the way that it was given. */
  async function visited(jar: Jar, to: string) {
    const page = await jar.ask(to);
    if (page.status !== 303) return page.status;
    const tap = { method: 'POST', redirect: 'manual', headers: { accept: 'text/html' } } as const;
    const tapped = await fetch(page.headers.get('location') ?? '', tap);
    return (await jar.ask(tapped.headers.get('location') ?? '')).status;
  }

  test('is fetched by the browser that asked, and by no link that somebody else has made', async () => {
    await t.dingtalk.mood({ person: 'wu' });
    const owner = new Jar();
    const mine = secret();
    const begun = await owner.json(at(), { t: 'begin', provider: 'dingtalk', secret: mine });
    expect(await visited(owner, String(begun.body.to))).toBe(303);
    expect((await owner.json(at(), { t: 'link', secret: mine, escrow: 'c2VhbGVk' })).status).toBe(200);

    // Somebody makes a link, and the owner opens it.
    const attacker = new Jar();
    const theirs = secret();
    const lure = await attacker.json(at(), { t: 'begin', provider: 'dingtalk', secret: theirs });
    expect(await visited(owner, String(lure.body.to))).toBe(403);
    expect((await attacker.json(at(), { t: 'find', secret: theirs })).body.code).toBe('provider-state');

    // The owner's own visit is worth nothing to another browser that knows its secret.
    const again = secret();
    const visit = await owner.json(at(), { t: 'begin', provider: 'dingtalk', secret: again });
    expect(await visited(owner, String(visit.body.to))).toBe(303);
    expect((await attacker.json(at(), { t: 'find', secret: again })).body.code).toBe('provider-state');
    expect((await owner.json(at(), { t: 'find', secret: again })).body).toEqual({ escrow: 'c2VhbGVk' });
    expect((await owner.json(at(), { t: 'find', secret: again })).body.code).toBe('provider-state');
  });

  test('by one person is nothing to another', async () => {
    await t.dingtalk.mood({ person: 'nobody' });
    const jar = new Jar();
    const mine = secret();
    const begun = await jar.json(at(), { t: 'begin', provider: 'dingtalk', secret: mine });
    await visited(jar, String(begun.body.to));
    expect((await jar.json(at(), { t: 'find', secret: mine })).body.code).toBe('no-backup');
  });
});

describe('people whom nobody has admitted', () => {
  let strict: Team;
  beforeAll(async () => {
    strict = await startTeam({ people: 'admitted' });
  });
  afterAll(() => strict?.close());

  test('are told a code, get in once the operator says so, and not any more when he says otherwise', async () => {
    const sign = await vaultKey();
    const start = await begun(new Jar(), strict.wiki);
    const refused = await start.jar.json(`${start.page}/proof`, await sign(start));
    expect(refused).toMatchObject({ status: 403, body: { code: 'identity-unknown' } });
    const code = String(refused.body.detail);
    expect(code).toMatch(/^[A-Z2-7]{4}-[A-Z2-7]{4}$/);
    expect(operator(strict, 'people')).toContain(`${code}  waiting`);
    expect(operator(strict, 'admit', code, '--name', 'Li Na', '--email', 'li@example.org')).toContain(
      'Li Na: admitted',
    );
    expect((await start.jar.json(`${start.page}/proof`, await sign(start))).body).toEqual({ complete: true });
    expect((await start.jar.go(`${start.page}/go`)).text).toContain('Signed in');
    const [tokens] = strict.wiki.tokens;
    const me = async () =>
      fetch(`${strict.companion.origin}/oidc/me`, { headers: { authorization: `Bearer ${tokens?.access_token}` } });
    expect(await (await me()).json()).toMatchObject({ name: 'Li Na', email: 'li@example.org', email_verified: true });
    expect(operator(strict, 'remove', code)).toContain('removed');
    expect((await me()).status).toBe(401);
    const again = await begun(new Jar(), strict.wiki);
    expect((await again.jar.json(`${again.page}/proof`, await sign(again))).status).toBe(403);
  });

  test('members of an organisation that the file names are admitted by that', async () => {
    const start = await begun(new Jar(), strict.wiki);
    const to = (await start.jar.ask(`${start.page}/with/dingtalk`)).headers.get('location') ?? '';
    const callback =
      (await fetch(to, { method: 'POST', redirect: 'manual', headers: { accept: 'text/html' } })).headers.get(
        'location',
      ) ?? '';
    expect((await start.jar.go(callback)).text).toContain('Signed in');
  });
});

describe('the doctor', () => {
  test('finds nothing wrong where nothing is, and prints what has to be registered', () => {
    const said = operator(t, 'doctor', '--team', t.file);
    for (const id of IDS) expect(said).toContain(`ok    ${id}: reached`);
    expect(said).toContain('ok    the companion answers at');
    expect(said).toContain(`redirect address (重定向 URL): ${t.companion.origin}/v1/callback/dingtalk`);
    expect(said).toContain('callback domain (授权回调域, 网页授权域名): localhost');
    expect(said).toContain('ok    wechat: its sign-in page takes callback and scope');
    for (const id of ['dingtalk', 'wecom', 'feishu'])
      expect(said).toMatch(new RegExp(`${id}: its page says only .*http`));
    // The one thing that is wrong with a companion of a test: WeChat takes no port.
    expect(said.match(/WRONG.*/g)).toEqual([expect.stringContaining('wechat: its callback takes no port')]);
  });

  test('says what to do about a wrong secret, and never says the secret', () => {
    const said = operator(t, 'doctor', '--team', t.file, {
      TEAM_DING: 'not-it',
      TEAM_FEISHU: 'nor-this',
      TEAM_WX_WEB: 'no',
    });
    for (const id of ['wechat', 'dingtalk', 'feishu'])
      expect(said).toMatch(new RegExp(`WRONG ${id}: the secret is not the one`));
    expect(said).not.toMatch(/not-it|nor-this/);
  });

  test('sees a callback that WeChat’s page does not take, and an app of the kind that may not show a page', () => {
    const elsewhere = operator(t, 'doctor', '--team', t.file, '--public-url', 'https://127.0.0.1:1');
    expect(elsewhere).toContain('WRONG wechat: the callback’s domain is not registered');
    // The two apps' ids and secrets, each where the other's belong.
    const swapped = `${t.file}.swapped.yaml`;
    const text = readFileSync(t.file, 'utf8').replace(ACCOUNT, '<>').replace(WEBSITE, ACCOUNT).replace('<>', WEBSITE);
    writeFileSync(swapped, text);
    const { TEAM_WX_WEB, TEAM_WX_ACCOUNT } = SECRETS;
    const said = operator(t, 'doctor', '--team', swapped, {
      TEAM_WX_WEB: TEAM_WX_ACCOUNT,
      TEAM_WX_ACCOUNT: TEAM_WX_WEB,
    });
    expect(said).toContain('WRONG wechat: the app lacks a permission');
  });

  test('sees a clock that is wrong, and a companion that is not there', async () => {
    await t.dingtalk.mood({ ahead: 120_000 });
    expect(operator(t, 'doctor', '--team', t.file)).toMatch(
      /WRONG dingtalk: this server’s clock .* \((119|12[01]) s\)/,
    );
    const elsewhere = { ...t, companion: { ...t.companion, port: 1 } };
    expect(operator(elsewhere, 'doctor', '--team', t.file)).toContain('WRONG nothing answers at http://localhost:1');
  });

  test('verification files are served as the file says', async () => {
    const response = await fetch(`${t.companion.origin}/MP_verify_Abc123.txt`);
    expect([response.status, await response.text()]).toEqual([200, 'Abc123']);
  });
});

/** The operator's command line. */
function operator(team: Team, ...words: (string | Record<string, string>)[]): string {
  const others = words.filter((word) => typeof word === 'object');
  const env = Object.assign({ ...process.env, NODE_NO_WARNINGS: '1' }, SECRETS, ...others) as Record<string, string>;
  const args = ['server/main.ts', ...words.filter((word) => typeof word === 'string')];
  args.push('--host', '127.0.0.1', '--port', String(team.companion.port), '--data', team.companion.data);
  const ended = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: 'utf8' });
  return ended.stdout + ended.stderr;
}
