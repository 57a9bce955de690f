// DingTalk as its documents, its users and a live probe describe it: three kinds of codes that no other call takes, camelCase and
// string errors here, snake_case and status 200 there. `node dingtalk.ts '{"id":…,"secret":…,"corp":…,"callback":…}'`
import { createHmac } from 'node:crypto';
import { type Answer, type Asked, type Code, html, json, type Mood, random, redirect, serveFake } from './fake.ts';

const config = JSON.parse(process.argv[2] ?? '{}') as { id: string; secret: string; corp: string; callback: string };
const mood: Mood = {
  ahead: 0,
  fails: '',
  person: 'wang',
  /** The organisation that the person picks. */
  corp: config.corp,
  /** Nobody of the organisation any more. */
  gone: false,
  deny: false,
  /** The callback carries the code under both names. */
  twice: false,
  permission: true,
};
const now = () => Date.now() + mood.ahead;
const codes = new Map<string, Code>();
const userTokens = new Map<string, Code>();
const appTokens = new Set<string>();

const unionOf = (person: string) => `union-${person}`;
const requestid = () => random(8).toUpperCase();
const refusal = (status: number, code: string, message: string): Answer =>
  json({ requestid: requestid(), code, message }, status);
const old = (errcode: number, errmsg: string): Answer => json({ errcode, errmsg });
const sub = (code: string, message: string): Answer =>
  json({
    errcode: 88,
    sub_code: code,
    sub_msg: message,
    errmsg: `ding talk error[subcode=${code},submsg=${message}]`,
    request_id: random(8),
  });

function newCode(kind: string): string {
  const code = random(16);
  codes.set(code, {
    app: config.id,
    person: mood.person,
    until: now() + 300_000,
    used: false,
    kind,
    corp: String(mood.corp),
  });
  return code;
}
/** A code of one kind, once. */
function take(code: unknown, kind: string): Code | undefined {
  const known = codes.get(String(code));
  if (!known || known.used || known.kind !== kind || known.until < now()) return undefined;
  known.used = true;
  return known;
}

/** Its own page: the person is there already; one button is the tap in the app. */
function consent(asked: Asked, kind: 'browser' | 'sns'): Answer {
  const query = Object.fromEntries(asked.url.searchParams);
  if ((query.client_id ?? query.appid) !== config.id) return html('无效的 client_id');
  if (query.response_type !== 'code' || query.redirect_uri !== config.callback) return html('redirect_uri 不匹配');
  if (kind === 'browser' && query.prompt !== 'consent') return html('参数错误：prompt');
  if (kind === 'browser' && !/^openid( corpid)?$/.test(query.scope ?? '')) return html('参数错误：scope');
  if (kind === 'sns' && query.scope !== 'snsapi_login') return html('参数错误：scope');
  if (asked.method === 'GET')
    return html('<p>钉钉登录</p><p>请使用钉钉扫码</p><form method="post"><button name="do">确认登录</button></form>');
  const url = new URL(query.redirect_uri);
  url.searchParams.set('state', query.state ?? '');
  if (mood.deny) url.searchParams.set('error', 'access_denied');
  else {
    const code = newCode(kind);
    codes.set(code, { ...(codes.get(code) as Code), corpScope: (query.scope ?? '').includes('corpid') });
    url.searchParams.set(kind === 'browser' ? 'authCode' : 'code', code);
    if (mood.twice) url.searchParams.set('code', code);
  }
  return redirect(String(url));
}

serveFake(mood, refusal(403, 'Forbidden.AccessDenied.QpsLimitForApi', '限流'), (asked) => {
  const { url, method, headers, body } = asked;
  const query = Object.fromEntries(url.searchParams);
  const sent = body.startsWith('{') ? (JSON.parse(body) as Record<string, string>) : {};
  switch (url.pathname) {
    case '/oauth2/auth':
      return consent(asked, 'browser');
    case '/connect/qrconnect':
      return consent(asked, 'sns');
    case '/v1.0/oauth2/userAccessToken': {
      if (method !== 'POST' || !headers['content-type']?.startsWith('application/json') || !sent.clientId)
        return refusal(400, 'MissingclientId', 'clientId is mandatory');
      if (sent.clientId !== config.id || sent.clientSecret !== config.secret)
        return refusal(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret');
      const code = sent.grantType === 'authorization_code' && take(sent.code, 'browser');
      if (!code) return refusal(400, 'invalidParameter.authCode.notFound', '不合法的临时授权码');
      const accessToken = random(16);
      userTokens.set(accessToken, code);
      return json({
        accessToken,
        refreshToken: random(16),
        expireIn: 7200,
        ...(code.corpScope ? { corpId: code.corp } : {}),
      });
    }
    case '/v1.0/contact/users/me': {
      const token = headers['x-acs-dingtalk-access-token'];
      if (!token) return refusal(400, 'AuthenticationFailed.MissingParameter', '缺少参数：x-acs-dingtalk-access-token');
      const known = userTokens.get(String(token));
      if (!known) return refusal(400, 'InvalidAuthentication', '不合法的access_token');
      if (!mood.permission)
        return refusal(
          403,
          'Forbidden.AccessDenied.AccessTokenPermissionDenied',
          '应用尚未开通所需的权限：[Contact.User.Read]',
        );
      return json({
        nick: `${known.person} 医生`,
        unionId: unionOf(known.person),
        openId: `open-${known.person}`,
        visitor: false,
      });
    }
    case '/gettoken': {
      if (!query.appkey) return old(40035, '缺少参数 corpid or appkey');
      if (query.appkey !== config.id || query.appsecret !== config.secret)
        return old(40096, '不合法的appKey或appSecret');
      const token = random(16);
      appTokens.add(token);
      return json({ errcode: 0, errmsg: 'ok', access_token: token, expires_in: 7200 });
    }
    case '/topapi/v2/user/getuserinfo': {
      if (!appTokens.has(query.access_token ?? '')) return sub('40014', '不合法的access_token');
      const code = take(sent.code, 'app');
      if (!code) return old(40078, '不存在的临时授权码');
      const { person } = code;
      const result = {
        userid: person,
        unionid: unionOf(person),
        name: `${person} 医生`,
        device_id: random(4),
        sys: false,
        sys_level: 0,
      };
      return json({ errcode: 0, errmsg: 'ok', result, request_id: random(8) });
    }
    case '/topapi/user/getbyunionid': {
      if (!appTokens.has(query.access_token ?? '')) return sub('40014', '不合法的access_token');
      if (mood.gone || mood.corp !== config.corp) return sub('60121', '找不到该用户');
      return json({ errcode: 0, errmsg: 'ok', result: { userid: String(sent.unionid).slice(6), contact_type: 0 } });
    }
    case '/sns/getuserinfo_bycode': {
      if (method !== 'POST') return old(-1, '系统繁忙');
      if (!/^\d{13}$/.test(query.timestamp ?? '')) return old(853001, 'timestamp');
      if (Math.abs(Number(query.timestamp) - now()) > 60_000) return old(853002, '签名时间戳参数超时');
      if (query.accessKey !== config.id) return old(853003, 'accessKey');
      const expected = createHmac('sha256', config.secret)
        .update(query.timestamp ?? '')
        .digest('base64');
      if (query.signature !== expected) return old(853004, '签名校验失败');
      if (!sent.tmp_auth_code) return old(41026, '参数缺少临时授权码');
      const code = take(sent.tmp_auth_code, 'sns');
      if (!code) return old(40078, '不存在的临时授权码');
      const user_info = {
        nick: `${code.person} 医生`,
        unionid: unionOf(code.person),
        dingId: '$:LWCP_v1:$x',
        openid: 'x',
        main_org_auth_high_level: true,
      };
      return json({ errcode: 0, errmsg: 'ok', user_info });
    }
    case '/__fake/code':
      return json({ code: newCode(JSON.parse(body).kind) });
    default:
      return json({ errcode: 22, sub_msg: '不合法ApiName', errmsg: 'Invalid method', request_id: random(8) });
  }
});
