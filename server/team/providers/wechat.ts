// WeChat (微信): the website app's QR page, and a service account's pages inside WeChat; its codes of our own are in wechat-codes.ts.
// Sources: developers.weixin.qq.com/doc/oplatform/Website_App/WeChat_Login/Wechat_Login (page, code, token),
// …/doc/service/api/webdev/access (service account), …/Authorized_Interface_Calling_UnionID (errors, unionid).
import * as v from 'valibot';
import { ask, clockOf, hostsOf, only, pageAt } from './ask.ts';
import { type Attempt, type Provider, type ProviderCode, ProviderError } from './provider.ts';
import { hosts, secret } from './setting.ts';
import { type Call, codesOf } from './wechat-codes.ts';

const appId = v.pipe(
  v.string('must be text'),
  v.regex(/^wx[0-9a-f]{16}$/, 'must be wx and 16 hexadecimal digits, as the console shows it'),
);
export const WeChatSettings = v.pipe(
  v.strictObject({
    /** Website app (网站应用), open.weixin.qq.com: the QR page. */
    website: v.optional(v.strictObject({ 'app-id': appId, secret })),
    /** Certified service account (服务号), mp.weixin.qq.com: pages inside WeChat, and codes of our own with `token`. */
    account: v.optional(v.strictObject({ 'app-id': appId, secret, token: v.optional(secret) })),
    hosts,
  }),
  v.check(({ website, account }) => Boolean(website || account), 'needs website, account, or both'),
  v.forward(
    v.check(
      ({ website, account }) => !website || website['app-id'] !== account?.['app-id'],
      'is that of the website app: they are two apps',
    ),
    ['account', 'app-id'],
  ),
);

const HOSTS = { open: 'https://open.weixin.qq.com', api: 'https://api.weixin.qq.com' };

/** Every documented errcode of these calls. 40002 and 41003 are recalled, the rest are in the sources above. */
export const WECHAT_ERRORS: Readonly<Record<number, ProviderCode>> = {
  [-1]: 'provider-down',
  40001: 'provider-token',
  40002: 'provider-set-up',
  40003: 'provider-token',
  40013: 'provider-set-up',
  40014: 'provider-token',
  40029: 'provider-code',
  40030: 'provider-token',
  40125: 'provider-secret',
  40163: 'provider-code-used',
  41001: 'provider-token',
  41002: 'provider-set-up',
  41003: 'provider-token',
  41004: 'provider-secret',
  41008: 'provider-code',
  41009: 'provider-token',
  42001: 'provider-token',
  42002: 'provider-token',
  42003: 'provider-code',
  45009: 'provider-busy',
  45011: 'provider-busy',
  48001: 'provider-scope',
  // Of the page inside WeChat, which shows them itself; kept for who looks one up.
  10003: 'provider-callback',
  10004: 'provider-set-up',
  10005: 'provider-scope',
  10006: 'provider-set-up',
  10009: 'provider-busy',
  10010: 'provider-scope',
  10011: 'provider-callback',
  10012: 'provider-set-up',
  10013: 'provider-set-up',
  10015: 'provider-set-up',
  10016: 'provider-set-up',
};

/** What the website app's page says, with status 200, when it refuses. The app id's text is recalled. */
const PAGE_ERRORS: readonly (readonly [string, ProviderCode])[] = [
  ['redirect_uri 参数错误', 'provider-callback'],
  ['Scope 参数错误', 'provider-scope'],
  ['AppID 参数错误', 'provider-set-up'],
];

// Success has no errcode, failure has status 200 all the same.
const Failure = v.object({ errcode: v.optional(v.number()), errmsg: v.optional(v.string()) });
const Token = v.object({
  access_token: v.optional(v.string()),
  openid: v.optional(v.string()),
  unionid: v.optional(v.string()),
  is_snapshotuser: v.optional(v.number()),
});
const User = v.object({ nickname: v.optional(v.string()), unionid: v.optional(v.string()) });

export function wechat({ website, account, hosts: others }: v.InferOutput<typeof WeChatSettings>): Provider {
  const hosts = hostsOf(HOSTS, others);
  const call: Call = async (path, question, schema) => {
    const { body } = await ask(hosts, `${hosts.of('api')}/${path}`, question, v.intersect([Failure, schema]));
    const { errcode } = body;
    if (errcode) throw new ProviderError(WECHAT_ERRORS[errcode] ?? 'provider-refused', String(errcode));
    return body;
  };
  const tokenFor = (app: { 'app-id': string; secret: string }, code: string) => {
    const query = { appid: app['app-id'], secret: app.secret, code, grant_type: 'authorization_code' };
    return call('sns/oauth2/access_token', { query }, Token);
  };
  const appFor = ({ where }: Attempt) => {
    const app = where === 'page' ? website : account;
    if (!app) throw new ProviderError('provider-set-up', where);
    return app;
  };

  return {
    id: 'wechat',
    where: [...(website ? (['page'] as const) : []), ...(account ? (['app'] as const) : [])],
    ...(account?.token === undefined ? {} : { codes: codesOf({ ...account, token: account.token }, call) }),
    authorizeUrl(attempt) {
      const page = attempt.where === 'page';
      const url = new URL(`${hosts.of('open')}/connect/${page ? 'qrconnect' : 'oauth2/authorize'}`);
      // In this order, which the page inside WeChat is said to insist on.
      url.search = String(
        new URLSearchParams({
          appid: appFor(attempt)['app-id'],
          redirect_uri: attempt.callback,
          response_type: 'code',
          scope: page ? 'snsapi_login' : 'snsapi_base',
          state: attempt.state,
        }),
      );
      url.hash = 'wechat_redirect';
      return url;
    },
    // Who declines comes back without a code, with "authdeny", or not at all.
    codeOf: ({ code }) => (code === 'authdeny' ? undefined : only(code)),
    async identify(code, attempt) {
      const app = appFor(attempt);
      const { access_token, openid, unionid, is_snapshotuser } = await tokenFor(app, code);
      if (!access_token || !openid) throw new ProviderError('provider-down', 'garbled');
      // A read-only view of the page by somebody whom WeChat makes up.
      if (is_snapshotuser === 1) throw new ProviderError('provider-snapshot');
      // Only the page in a tab may ask for the name.
      const user =
        attempt.where === 'page' ? await call('sns/userinfo', { query: { access_token, openid } }, User) : {};
      const union = unionid ?? user.unionid;
      const open = `wechat:${app['app-id']}:${openid}` as const;
      return {
        // The union id leads, where there is one; an app that is bound later finds the same person by the open id.
        subjects: union ? [`wechat:union:${union}`, open] : [open],
        name: user.nickname ?? '',
        member: false,
      };
    },
    doctor: {
      // It wants bare domains.
      entry: ({ hostname }) => `callback domain (授权回调域, 网页授权域名): ${hostname}`,
      refuses: ({ port }) => (port ? 'its callback takes no port. Put the companion behind a proxy at 443' : undefined),
      ahead: () => clockOf(hosts, 'api'),
      async checkPage(page) {
        const text = await pageAt(hosts, page);
        for (const [said, code] of PAGE_ERRORS) if (text.includes(said)) throw new ProviderError(code, said);
        // Anything else without its code is a page that this companion does not know.
        if (!text.includes('/connect/qrcode/')) throw new ProviderError('provider-down', 'garbled');
      },
      async check() {
        for (const app of [website, account]) {
          // A code that cannot be one: a right app id and secret answer that the code is wrong.
          if (app)
            await tokenFor(app, 'scankey-doctor').catch((error: unknown) => {
              if (!(error instanceof ProviderError && error.said === '40029')) throw error;
            });
        }
      },
    },
  };
}
