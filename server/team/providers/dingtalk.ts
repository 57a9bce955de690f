// DingTalk (钉钉): OAuth 2 for its page in a tab, the older sns calls for apps that have not moved, and codes inside DingTalk.
// Sources: open.dingtalk.com "obtain-user-token", "dingtalk-retrieve-user-information", "obtain-the-userid-of-a-user-by-using-the-log-free",
// "obtain-user-information-based-on-the-sns-temporary-authorization"; error bodies as probed live on 2026-09-11.
import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import { ask, clockOf, hostsOf, only } from './ask.ts';
import { type Identity, type Provider, type ProviderCode, ProviderError } from './provider.ts';
import { hosts, id, list, secret } from './setting.ts';

export const DingTalkSettings = v.strictObject({
  'client-id': id,
  secret,
  /** corpId of each organisation whose members may sign in; one, for pages inside DingTalk. */
  organisations: list(id),
  /** `older`: sns/getuserinfo_bycode, for apps that have not moved to OAuth 2. */
  api: v.optional(v.picklist(['current', 'older'], 'must be current or older'), 'current'),
  hosts,
});

const HOSTS = {
  login: 'https://login.dingtalk.com',
  api: 'https://api.dingtalk.com',
  oapi: 'https://oapi.dingtalk.com',
};

/** Words of api.dingtalk.com (strings, status 4xx) and numbers of oapi.dingtalk.com (status 200). */
export const DINGTALK_ERRORS: Readonly<Record<string, ProviderCode>> = {
  invalidClientIdOrSecret: 'provider-secret',
  'invalidParameter.authCode.notFound': 'provider-code',
  'invalidParameter.user.notFound': 'provider-organisation',
  InvalidAuthentication: 'provider-token',
  'AuthenticationFailed.MissingParameter': 'provider-token',
  'Forbidden.AccessDenied.AccessTokenPermissionDenied': 'provider-scope',
  'Forbidden.AccessDenied.QpsLimitForApi': 'provider-busy',
  unknownError: 'provider-down',
  '-1': 'provider-down',
  '22': 'provider-set-up',
  '88': 'provider-token',
  '33012': 'provider-organisation',
  '40014': 'provider-token',
  '40035': 'provider-set-up',
  '40078': 'provider-code',
  '40096': 'provider-secret',
  '41026': 'provider-code',
  '60020': 'provider-address',
  '60121': 'provider-organisation',
  '400002': 'provider-set-up',
  '853001': 'provider-clock',
  '853002': 'provider-clock',
  '853003': 'provider-set-up',
  '853004': 'provider-secret',
  // Shown by its page: the person is in none of the organisations.
  '11055': 'provider-organisation',
};

const refuse = (said: string | number | undefined): void => {
  if (said !== undefined && said !== 0)
    throw new ProviderError(DINGTALK_ERRORS[String(said)] ?? 'provider-refused', String(said));
};

const Token = v.object({
  code: v.optional(v.string()),
  accessToken: v.optional(v.string()),
  corpId: v.optional(v.string()),
});
const Me = v.object({
  code: v.optional(v.string()),
  nick: v.optional(v.string()),
  unionId: v.optional(v.string()),
  visitor: v.optional(v.boolean()),
});
const AppToken = v.object({ errcode: v.number(), access_token: v.optional(v.string()) });
const Member = v.object({
  errcode: v.number(),
  sub_code: v.optional(v.string()),
  result: v.optional(v.object({ userid: v.string(), unionid: v.optional(v.string()), name: v.optional(v.string()) })),
});
const Older = v.object({
  errcode: v.number(),
  user_info: v.optional(v.object({ nick: v.string(), unionid: v.string() })),
});

/** The signature of the older calls: HMAC-SHA256 over the time in milliseconds, base64. */
export const signatureOf = (secret: string, timestamp: string): string =>
  createHmac('sha256', secret).update(timestamp).digest('base64');

export function dingtalk(config: v.InferOutput<typeof DingTalkSettings>): Provider {
  const { 'client-id': clientId, secret, organisations, api: version } = config;
  const hosts = hostsOf(HOSTS, config.hosts);
  const [corpId] = organisations;

  const appToken = async (): Promise<string> => {
    const query = { appkey: clientId, appsecret: secret };
    const { body } = await ask(hosts, `${hosts.of('oapi')}/gettoken`, { query }, AppToken);
    refuse(body.errcode);
    if (!body.access_token) throw new ProviderError('provider-down', 'garbled');
    return body.access_token;
  };
  const identity = (unionid: string, name: string, member: boolean): Identity => ({
    subjects: [`dingtalk:union:${unionid}`],
    name,
    member,
  });

  const inPage = async (code: string): Promise<Identity> => {
    const json = { clientId, clientSecret: secret, code, grantType: 'authorization_code' };
    const token = await ask(hosts, `${hosts.of('api')}/v1.0/oauth2/userAccessToken`, { json }, Token);
    refuse(token.body.code);
    const { accessToken, corpId: organisation } = token.body;
    if (!accessToken) throw new ProviderError('provider-down', 'garbled');
    const headers = { 'x-acs-dingtalk-access-token': accessToken };
    const me = await ask(hosts, `${hosts.of('api')}/v1.0/contact/users/me`, { headers }, Me);
    refuse(me.body.code);
    if (!me.body.unionId) throw new ProviderError('provider-down', 'garbled');
    const member = organisation !== undefined && organisations.includes(organisation);
    // A login that another person left at login.dingtalk.com, or one of another organisation.
    if (me.body.visitor || (organisations.length > 0 && !member)) throw new ProviderError('provider-organisation');
    return identity(me.body.unionId, me.body.nick ?? '', member);
  };
  const inApp = async (code: string): Promise<Identity> => {
    // The organisation is that of the app's own token.
    const query = { access_token: await appToken() };
    const { body } = await ask(
      hosts,
      `${hosts.of('oapi')}/topapi/v2/user/getuserinfo`,
      { query, json: { code } },
      Member,
    );
    refuse(body.sub_code ?? body.errcode);
    const { result } = body;
    if (!result) throw new ProviderError('provider-down', 'garbled');
    if (!result.unionid) throw new ProviderError('provider-organisation');
    return identity(result.unionid, result.name ?? '', corpId !== undefined);
  };
  const older = async (code: string): Promise<Identity> => {
    const timestamp = String(Date.now());
    const query = { accessKey: clientId, timestamp, signature: signatureOf(secret, timestamp) };
    const address = `${hosts.of('oapi')}/sns/getuserinfo_bycode`;
    const { body } = await ask(hosts, address, { query, json: { tmp_auth_code: code } }, Older);
    refuse(body.errcode);
    if (!body.user_info) throw new ProviderError('provider-down', 'garbled');
    // It tells no organisation: whoever is to be a member is looked up there.
    const { nick, unionid } = body.user_info;
    if (organisations.length === 0) return identity(unionid, nick, false);
    const access_token = await appToken();
    const lookup = `${hosts.of('oapi')}/topapi/user/getbyunionid`;
    const found = await ask(hosts, lookup, { query: { access_token }, json: { unionid } }, Member);
    refuse(found.body.sub_code ?? found.body.errcode);
    return identity(unionid, nick, true);
  };

  return {
    id: 'dingtalk',
    where: corpId === undefined ? ['page'] : ['page', 'app'],
    ...(corpId === undefined ? {} : { app: { corpId, clientId } }),
    authorizeUrl({ where, state, callback }) {
      if (where === 'app') return undefined;
      const current = version === 'current';
      const url = new URL(current ? `${hosts.of('login')}/oauth2/auth` : `${hosts.of('oapi')}/connect/qrconnect`);
      const query: Record<string, string> = current
        ? { client_id: clientId, scope: organisations.length > 0 ? 'openid corpid' : 'openid', prompt: 'consent' }
        : { appid: clientId, scope: 'snsapi_login' };
      // Spaces as %20: a plus sign is not read as one there.
      url.search = String(
        new URLSearchParams({ ...query, redirect_uri: callback, response_type: 'code', state }),
      ).replaceAll('+', '%20');
      return url;
    },
    codeOf({ authCode, code, error }) {
      if (error !== undefined) return undefined;
      if (authCode !== undefined && code !== undefined && authCode !== code) throw new ProviderError('provider-code');
      return only(authCode ?? code);
    },
    identify: (code, { where }) => (where === 'app' ? inApp(code) : version === 'older' ? older(code) : inPage(code)),
    doctor: {
      entry: (_origin, callback) => `redirect address (重定向 URL): ${callback}`,
      ahead: () => clockOf(hosts, 'api'),
      async check() {
        await appToken();
      },
    },
  };
}
