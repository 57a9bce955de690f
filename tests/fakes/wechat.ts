// WeChat as its documents and its users describe it: strict about callback domains, scopes, user agents, codes and their times.
// `node wechat.ts '{"website":{…},"account":{…},"domain":"localhost","events":"http://…"}'`
import { createHash } from 'node:crypto';
import QRCode from 'qrcode';
import { type Answer, type Asked, type Code, html, json, type Mood, random, redirect, serveFake } from './fake.ts';

interface App {
  id: string;
  secret: string;
  token?: string;
}
const config = JSON.parse(process.argv[2] ?? '{}') as { website: App; account: App; domain: string; events: string };
const mood: Mood = {
  ahead: 0,
  fails: '',
  person: 'li',
  /** How a person who declines is sent back: '', 'state', 'authdeny'. */
  deny: '',
  /** Calls a callback a second time, as some versions of the app do. */
  double: false,
  /** The apps belong to one Open Platform account, so there is a union id. */
  bound: true,
  snapshot: false,
};
const now = () => Date.now() + mood.ahead;
const codes = new Map<string, Code>();
const tokens = new Map<string, Code>();
const pages = new Map<string, { state: number; code: string; app: string; to: string }>();
let stable = '';
const scenes = new Map<string, string>();

const openid = (app: string, person: string) =>
  `o${createHash('sha1').update(`${app} ${person}`).digest('hex').slice(0, 27)}`;
const unionid = (person: string) => `u${createHash('sha1').update(person).digest('hex').slice(0, 27)}`;
/** Success and failure alike: status 200, text/plain. */
const text = (body: object): Answer => json(body, 200, 'text/plain');
const wrong = (errcode: number, errmsg: string): Answer =>
  text({ errcode, errmsg: `${errmsg}, rid: ${random(4)}-${random(4)}-${random(4)}` });

function newCode(app: string, person: string, scope: string, ms: number): string {
  const code = `0${random(15)}`;
  codes.set(code, { app, person, scope, until: now() + ms, used: false, snapshot: Boolean(mood.snapshot) });
  return code;
}

function back(to: string, query: Record<string, string>): string {
  const url = new URL(to);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return String(url);
}

const qrconnect = ({ url }: Asked): Answer => {
  const { appid, redirect_uri, scope, state = '', response_type } = Object.fromEntries(url.searchParams);
  if (appid !== config.website.id && appid !== config.account.id) return html('AppID 参数错误');
  if (scope !== 'snsapi_login' || appid === config.account.id) return html('Scope 参数错误或没有 Scope 权限');
  if (response_type !== 'code' || !redirect_uri || new URL(redirect_uri).hostname !== config.domain)
    return html('redirect_uri 参数错误');
  const uuid = random(8);
  pages.set(uuid, { state: 408, code: '', app: appid, to: back(redirect_uri, { state }) });
  return html(`<p>微信登录</p><img class="js_qrcode_img" src="/connect/qrcode/${uuid}" width="240"><p id="tip">使用微信扫一扫登录</p>
    <script>let last='';(async()=>{for(;;){const r=await fetch('/connect/l/qrconnect?f=json&uuid=${uuid}&last='+last);const {wx_errcode:e,wx_code:c}=await r.json();
    if(e===405){const u=new URL(${JSON.stringify(redirect_uri)});u.searchParams.set('code',c);u.searchParams.set('state',${JSON.stringify(state)});
      ${mood.double ? 'await fetch(u,{mode:"no-cors",credentials:"include"}).catch(()=>{});' : ''}location=u;return}
    if(e===403&&${JSON.stringify(mood.deny)}){const u=new URL(${JSON.stringify(redirect_uri)});u.searchParams.set('state',${JSON.stringify(state)});
      if(${JSON.stringify(mood.deny)}==='authdeny')u.searchParams.set('code','authdeny');location=u;return}
    document.getElementById('tip').textContent=e===404?'扫描成功':e===403?'您已取消此次登录':'使用微信扫一扫登录';
    if(e===402||e===500)return location.reload();last=e;await new Promise(f=>setTimeout(f,e===404?100:200))}})()</script>`);
};

/** Our page in the app: whoever is there is known, and is asked only for a profile. */
const authorize = ({ url, headers }: Asked): Answer => {
  if (!/MicroMessenger/.test(headers['user-agent'] ?? '')) return html('请在微信客户端打开链接');
  const { appid, redirect_uri, scope, state } = Object.fromEntries(url.searchParams);
  if (!appid) return html('10012 appid不能为空');
  if (appid === config.website.id) return html('10016 不支持微信开放平台的Appid，请使用公众号Appid');
  if (!scope) return html('10010 scope不能为空');
  if (!['snsapi_base', 'snsapi_userinfo'].includes(scope)) return html('10005 此公众号并没有这些scope的权限');
  if (!redirect_uri) return html('10011 redirect_uri不能为空');
  if (!state) return html('10013 state不能为空');
  if (!/^[a-zA-Z0-9]{1,128}$/.test(state)) return html('state 参数错误');
  if ([...url.searchParams.keys()].slice(0, 5).join() !== 'appid,redirect_uri,response_type,scope,state')
    return html('Scope参数顺序不对');
  if (new URL(redirect_uri).hostname !== config.domain) return html('10003 redirect_uri域名与后台配置不一致');
  return redirect(back(redirect_uri, { code: newCode(appid, mood.person, scope, 300_000), state }));
};

const accessToken = ({ url }: Asked): Answer => {
  const { appid, secret, code, grant_type } = Object.fromEntries(url.searchParams);
  const app = [config.website, config.account].find(({ id }) => id === appid);
  if (!appid) return wrong(41002, 'appid missing');
  if (!secret) return wrong(41004, 'appsecret missing');
  if (!app) return wrong(40013, 'invalid appid');
  if (app.secret !== secret) return wrong(40125, 'invalid appsecret');
  if (grant_type !== 'authorization_code') return wrong(40002, 'invalid grant_type');
  if (!code) return wrong(41008, 'missing code');
  const known = codes.get(code);
  if (!known || known.app !== appid || known.until < now()) return wrong(40029, 'invalid code');
  if (known.used) return wrong(40163, 'code been used');
  known.used = true;
  const access_token = random(32);
  tokens.set(access_token, { ...known, until: now() + 7_200_000 });
  const union = mood.bound && (known.scope === 'snsapi_login' || known.scope === 'snsapi_userinfo');
  return text({
    access_token,
    expires_in: 7200,
    refresh_token: random(32),
    openid: openid(appid, known.person),
    scope: known.scope,
    ...(union ? { unionid: unionid(known.person) } : {}),
    ...(known.snapshot ? { is_snapshotuser: 1 } : {}),
  });
};

const userinfo = ({ url }: Asked): Answer => {
  const { access_token, openid: who } = Object.fromEntries(url.searchParams);
  const token = tokens.get(access_token ?? '');
  if (!token) return wrong(40001, 'invalid credential, access_token is invalid or not latest');
  if (!who) return wrong(41009, 'missing openid');
  if (token.until < now()) return wrong(42001, 'access_token expired');
  if (openid(token.app, token.person) !== who) return wrong(40003, 'invalid openid');
  if (token.scope === 'snsapi_base' || token.snapshot) return wrong(48001, 'api unauthorized');
  return text({
    openid: who,
    nickname: `${token.person} 😀 护士`,
    sex: 0,
    language: 'zh_CN',
    city: '',
    province: '',
    country: '',
    headimgurl: '',
    privilege: [],
    ...(mood.bound ? { unionid: unionid(token.person) } : {}),
  });
};

/** What a phone with WeChat does with what it has scanned. */
async function scan({ body }: Asked): Promise<Answer> {
  const { link } = JSON.parse(body) as { link: string };
  const scene = scenes.get(link);
  if (scene === undefined) return json({ error: 'not a code of mine' }, 404);
  const timestamp = String(Math.floor(now() / 1000));
  const nonce = random(4);
  const signature = createHash('sha1')
    .update([config.account.token ?? '', timestamp, nonce].sort().join(''))
    .digest('hex');
  const xml = `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[${openid(config.account.id, mood.person)}]]></FromUserName>
    <CreateTime>${timestamp}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[SCAN]]></Event><EventKey><![CDATA[${scene}]]></EventKey></xml>`;
  // WeChat repeats what it has told, also without need.
  let status = 0;
  for (let times = 0; times < 2; times++) {
    const to = `${config.events}?${new URLSearchParams({ signature, timestamp, nonce })}`;
    status = (await fetch(to, { method: 'POST', body: xml, headers: { 'content-type': 'text/xml' } })).status;
  }
  return json({ status });
}

/**
 * `getStableAccessToken`: by POST alone; the same token for all who ask until its last five minutes, in which it and the next one hold.
 * `force_refresh` makes a new one at once, at which the one before is void.
 */
function stableToken(method: string, body: string): Answer {
  if (method !== 'POST') return wrong(43002, 'require POST method');
  let asked: Record<string, unknown>;
  try {
    asked = JSON.parse(body);
  } catch {
    return wrong(47001, 'data format error');
  }
  const { grant_type, appid, secret, force_refresh = false } = asked;
  if (!appid) return wrong(41002, 'appid missing');
  if (!secret) return wrong(41004, 'appsecret missing');
  if (grant_type !== 'client_credential') return wrong(40002, 'invalid grant_type');
  if (appid !== config.account.id) return wrong(40013, 'invalid appid');
  if (secret !== config.account.secret) return wrong(40125, 'invalid appsecret');
  const before = tokens.get(stable);
  if (force_refresh === true) tokens.delete(stable);
  if (force_refresh === true || !before || before.until - now() < 300_000) {
    stable = random(32);
    tokens.set(stable, { app: String(appid), person: '', until: now() + 7_200_000, used: false });
  }
  const left = (tokens.get(stable)?.until ?? 0) - now();
  return text({ access_token: stable, expires_in: Math.floor(left / 1000) });
}

serveFake(mood, wrong(45009, 'reach max api daily quota limit'), async (asked) => {
  const { url, method, body, headers } = asked;
  const page = pages.get(url.searchParams.get('uuid') ?? '');
  switch (url.pathname) {
    case '/connect/qrconnect':
      return qrconnect(asked);
    case '/connect/l/qrconnect': {
      if (!page) return json({ wx_errcode: 402, wx_code: '' });
      const last = url.searchParams.get('last');
      for (let waited = 0; waited < 50 && String(page.state) === (last || '408'); waited++)
        await new Promise((resolve) => setTimeout(resolve, 100));
      const { state, code } = page;
      if (state === 405) pages.delete(url.searchParams.get('uuid') ?? '');
      return json({ wx_errcode: state, wx_code: state === 405 ? code : '' });
    }
    case '/connect/confirm': {
      // The page that the code leads to, in the app alone.
      if (!/MicroMessenger/.test(headers['user-agent'] ?? '') || !page) return html('请在微信客户端打开链接');
      if (method === 'GET') {
        page.state = 404;
        return html(
          '<form method="post"><button name="do" value="yes">确认登录</button><button name="do" value="no">取消</button></form>',
        );
      }
      const yes = new URLSearchParams(body).get('do') === 'yes';
      page.state = yes ? 405 : 403;
      if (yes) page.code = newCode(page.app, mood.person, 'snsapi_login', 600_000);
      return html(yes ? '已登录' : '已取消');
    }
    case '/connect/oauth2/authorize':
      return authorize(asked);
    case '/sns/oauth2/access_token':
      return accessToken(asked);
    case '/sns/userinfo':
      return userinfo(asked);
    case '/cgi-bin/stable_token':
      return stableToken(method, body);
    case '/cgi-bin/qrcode/create': {
      const of = tokens.get(url.searchParams.get('access_token') ?? '');
      if (!of) return wrong(40001, 'invalid credential, access_token is invalid or not latest');
      if (of.until < now()) return wrong(42001, 'access_token expired');
      const wanted = JSON.parse(body) as { action_name: string; action_info: { scene: { scene_str: string } } };
      const scene = wanted.action_info.scene.scene_str;
      if (wanted.action_name !== 'QR_STR_SCENE' || scene.length < 1 || scene.length > 64)
        return wrong(40053, 'invalid action info');
      const link = `http://weixin.qq.com/q/${random(12)}`;
      scenes.set(link, scene);
      return json({ ticket: random(32), expire_seconds: 300, url: link });
    }
    case '/__fake/code':
      // A code as the app would get it; for tests that speak for the app themselves.
      return json({ code: newCode(JSON.parse(body).app, mood.person, JSON.parse(body).scope, 600_000) });
    case '/__fake/scan':
      return scan(asked);
    default: {
      const [, uuid] = /^\/connect\/qrcode\/(\w+)$/.exec(url.pathname) ?? [];
      if (!uuid) return html('404', 404);
      const svg = await QRCode.toString(`${url.origin}/connect/confirm?uuid=${uuid}`, { type: 'svg' });
      return { type: 'image/svg+xml', body: svg };
    }
  }
});
