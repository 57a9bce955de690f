// WeCom and Feishu as their documents describe them. `node wecom-feishu.ts '{"wecom":{…},"feishu":{…},"callback":…}'`
import { createHash } from 'node:crypto';
import { type Answer, type Asked, type Code, html, json, type Mood, random, redirect, serveFake } from './fake.ts';

const config = JSON.parse(process.argv[2] ?? '{}') as {
  wecom: { corp: string; agent: string; secret: string; domain: string };
  feishu: { id: string; secret: string; tenant: string; callback: string };
};
const mood: Mood = { ahead: 0, fails: '', person: 'zhao', outsider: false, deny: false, tenant: config.feishu.tenant };
const now = () => Date.now() + mood.ahead;
const codes = new Map<string, Code>();
const tokens = new Map<string, Code>();
const old = (errcode: number, errmsg: string, more: object = {}): Answer => json({ errcode, errmsg, ...more });

function newCode(app: string, more: Record<string, string> = {}): string {
  const code = random(16);
  codes.set(code, { app, person: mood.person, until: now() + 300_000, used: false, ...more });
  return code;
}

/** A page with one button, which is the tap in the app. */
function page({ method, url }: Asked, app: string, more: Record<string, string> = {}): Answer {
  const { redirect_uri = '', state = '' } = Object.fromEntries(url.searchParams);
  if (method === 'GET') return html('<form method="post"><button>确认登录</button></form>');
  const to = new URL(redirect_uri);
  to.searchParams.set('state', state);
  if (mood.deny && app === 'feishu') to.searchParams.set('error', 'access_denied');
  else if (!mood.deny) to.searchParams.set('code', newCode(app, more));
  return redirect(String(to));
}

serveFake(mood, json({ errcode: 45009, code: 20072, errmsg: 'api freq out of limit' }, 503), (asked) => {
  const { url, headers, body } = asked;
  const query = Object.fromEntries(url.searchParams);
  const sent = body.startsWith('{') ? (JSON.parse(body) as Record<string, string>) : {};
  switch (url.pathname) {
    case '/wwlogin/sso/login':
      if (query.login_type !== 'CorpApp' || query.appid !== config.wecom.corp || query.agentid !== config.wecom.agent)
        return html('参数错误');
      // The port counts here.
      if (new URL(query.redirect_uri ?? 'x:').host !== config.wecom.domain)
        return html('redirect_uri 与配置的授权完成回调域名不一致');
      return page(asked, 'wecom');
    case '/connect/oauth2/authorize':
      if (!/wxwork/.test(headers['user-agent'] ?? '')) return html('请在企业微信客户端打开链接');
      if (new URL(query.redirect_uri ?? 'x:').host !== config.wecom.domain) return html('50001 redirect_uri');
      return redirect(`${query.redirect_uri}?code=${newCode('wecom')}&state=${query.state}`);
    case '/cgi-bin/gettoken': {
      if (query.corpid !== config.wecom.corp) return old(40013, 'invalid corpid');
      if (query.corpsecret !== config.wecom.secret) return old(40001, 'invalid credential');
      const access_token = random(16);
      tokens.set(access_token, { app: 'wecom', person: '', until: now() + 7_200_000, used: false });
      return old(0, 'ok', { access_token, expires_in: 7200 });
    }
    case '/cgi-bin/auth/getuserinfo': {
      if (!tokens.has(query.access_token ?? '')) return old(40014, 'invalid access_token');
      const code = codes.get(query.code ?? '');
      if (!code || code.used || code.app !== 'wecom' || code.until < now()) return old(40029, 'invalid code');
      code.used = true;
      return mood.outsider
        ? old(0, 'ok', { openid: 'x', external_userid: 'y' })
        : old(0, 'ok', { userid: code.person });
    }
    case '/cgi-bin/user/get':
      if (!tokens.has(query.access_token ?? '')) return old(40014, 'invalid access_token');
      return old(0, 'ok', { userid: query.userid, name: `${query.userid} 老师` });
    case '/open-apis/authen/v1/authorize':
      if (query.client_id !== config.feishu.id || query.redirect_uri !== config.feishu.callback)
        return html('错误码：20029');
      return page(asked, 'feishu', {
        challenge: query.code_challenge_method === 'S256' ? (query.code_challenge ?? '') : '',
      });
    case '/oauth/v3/token': {
      const no = (code: number, error: string, status = 400) => json({ code, error, error_description: error }, status);
      if (sent.grant_type !== 'authorization_code') return no(20036, 'unsupported_grant_type');
      if (sent.client_id !== config.feishu.id) return no(20048, 'invalid_client');
      if (sent.client_secret !== config.feishu.secret) return no(20002, 'invalid_client');
      const code = codes.get(sent.code ?? '');
      if (code?.app !== 'feishu') return no(20003, 'invalid_grant');
      if (code.used) return no(20065, 'invalid_grant');
      if (code.until < now()) return no(20004, 'invalid_grant');
      if (sent.redirect_uri !== config.feishu.callback) return no(20071, 'invalid_grant');
      const challenge = createHash('sha256')
        .update(sent.code_verifier ?? '')
        .digest('base64url');
      if (code.challenge !== challenge) return no(20049, 'invalid_grant');
      code.used = true;
      const access_token = `ey${random(600)}`;
      tokens.set(access_token, code);
      return json({ code: 0, access_token, expires_in: 7200, token_type: 'Bearer', scope: '' });
    }
    case '/open-apis/authen/v1/user_info': {
      const known = tokens.get((headers.authorization ?? '').replace('Bearer ', ''));
      if (!known) return json({ code: 99991668, msg: 'Invalid access token' }, 400);
      const data = {
        name: `${known.person} 工`,
        open_id: `ou_${known.person}`,
        union_id: `on_${known.person}`,
        tenant_key: mood.tenant,
      };
      return json({ code: 0, msg: 'success', data });
    }
    case '/__fake/code':
      return json({ code: newCode(JSON.parse(body).app, JSON.parse(body).more ?? {}) });
    default:
      return json({ code: 404, msg: 'not found' }, 404);
  }
});
