// WeCom (企业微信), an app of one's own organisation.
// Sources: developer.work.weixin.qq.com/document/path/98171 (page), 98177 and 96442 (getuserinfo); the in-app address as WeChat's.
import * as v from 'valibot';
import { ask, clockOf, hostsOf, only } from './ask.ts';
import { type Provider, type ProviderCode, ProviderError } from './provider.ts';
import { hosts, id, secret } from './setting.ts';

export const WeComSettings = v.strictObject({ 'corp-id': id, 'agent-id': id, secret, hosts });

const HOSTS = {
  login: 'https://login.work.weixin.qq.com',
  open: 'https://open.weixin.qq.com',
  api: 'https://qyapi.weixin.qq.com',
};

export const WECOM_ERRORS: Readonly<Record<number, ProviderCode>> = {
  [-1]: 'provider-down',
  40001: 'provider-secret',
  40013: 'provider-set-up',
  40014: 'provider-token',
  40029: 'provider-code',
  42001: 'provider-token',
  45009: 'provider-busy',
  50001: 'provider-callback',
  60011: 'provider-scope',
  60020: 'provider-address',
};

const Answer = v.object({
  errcode: v.number(),
  access_token: v.optional(v.string()),
  userid: v.optional(v.string()),
  name: v.optional(v.string()),
});

export function wecom(config: v.InferOutput<typeof WeComSettings>): Provider {
  const { 'corp-id': corpid, 'agent-id': agentid, secret } = config;
  const hosts = hostsOf(HOSTS, config.hosts);
  const get = async (path: string, query: Record<string, string>) => {
    const { body } = await ask(hosts, `${hosts.of('api')}/cgi-bin/${path}`, { query }, Answer);
    if (body.errcode !== 0)
      throw new ProviderError(WECOM_ERRORS[body.errcode] ?? 'provider-refused', String(body.errcode));
    return body;
  };
  const appToken = async () => (await get('gettoken', { corpid, corpsecret: secret })).access_token ?? '';
  return {
    id: 'wecom',
    where: ['page', 'app'],
    authorizeUrl({ where, state, callback }) {
      const page = where === 'page';
      const url = new URL(
        page ? `${hosts.of('login')}/wwlogin/sso/login` : `${hosts.of('open')}/connect/oauth2/authorize`,
      );
      const query: Record<string, string> = page
        ? { login_type: 'CorpApp', appid: corpid, agentid, redirect_uri: callback, state }
        : { appid: corpid, redirect_uri: callback, response_type: 'code', scope: 'snsapi_base', state, agentid };
      url.search = String(new URLSearchParams(query));
      if (!page) url.hash = 'wechat_redirect';
      return url;
    },
    codeOf: ({ code }) => only(code),
    async identify(code) {
      const access_token = await appToken();
      const { userid } = await get('auth/getuserinfo', { access_token, code });
      // No error, and no member either: somebody from outside.
      if (!userid) throw new ProviderError('provider-organisation');
      const { name = '' } = await get('user/get', { access_token, userid });
      return { subjects: [`wecom:${corpid}:${userid}`], name, member: true };
    },
    doctor: {
      entry: ({ host }) => `trusted domain (可信域名): ${host}`,
      ahead: () => clockOf(hosts, 'api'),
      async check() {
        await appToken();
      },
    },
  };
}
