// WeChat (微信): the website app's QR page, and a service account's pages inside WeChat.
// Sources: developers.weixin.qq.com/doc/oplatform/Website_App/WeChat_Login/Wechat_Login (page, code, token),
// …/doc/service/api/webdev/access (service account), …/Authorized_Interface_Calling_UnionID (errors, unionid).
import { createHash, timingSafeEqual } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';
import type { Identity } from '../people.ts';
import type { Providers } from '../settings.ts';
import {
  type Attempt,
  ask,
  clockOf,
  hostsOf,
  only,
  type Provider,
  type ProviderCode,
  ProviderError,
  pageAt,
} from './provider.ts';

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
const failure = v.object({ errcode: v.optional(v.number()), errmsg: v.optional(v.string()) });
const Token = v.object({
  ...failure.entries,
  access_token: v.optional(v.string()),
  openid: v.optional(v.string()),
  unionid: v.optional(v.string()),
  is_snapshotuser: v.optional(v.number()),
});
const User = v.object({ ...failure.entries, nickname: v.optional(v.string()), unionid: v.optional(v.string()) });
const Ticket = v.object({ ...failure.entries, url: v.optional(v.string()), expire_seconds: v.optional(v.number()) });

const refuse = ({ errcode }: { errcode?: number | undefined }): void => {
  if (errcode) throw new ProviderError(WECHAT_ERRORS[errcode] ?? 'provider-refused', String(errcode));
};

/** A person who has scanned a code of the service account's: who, and which code. */
export interface Scan {
  openid: string;
  scene: string;
}

export interface WeChat extends Provider {
  /** Whether the service account gives codes of its own. */
  readonly drawsCodes: boolean;
  /** A code to draw for `scene`; scanning it tells us who did. @throws ProviderError */
  newCode(scene: string, seconds: number): Promise<string>;
  /** Whether WeChat has signed this message (sha1 over the sorted token, timestamp and nonce). */
  isSigned(query: {
    signature?: string | undefined;
    timestamp?: string | undefined;
    nonce?: string | undefined;
  }): boolean;
  /** What a message says of a scan; undefined for any other one. */
  scanOf(xml: string): Scan | undefined;
  identityOf(openid: string): Identity;
}

export function wechat({ website, account, hosts: others }: NonNullable<Providers['wechat']>): WeChat {
  const hosts = hostsOf(HOSTS, others);
  const appFor = ({ where }: Attempt) => {
    const app = where === 'page' ? website : account;
    if (!app) throw new ProviderError('provider-set-up', where);
    return app;
  };
  let appToken: { value: string; until: number } | undefined;
  const tokenOfAccount = async (): Promise<string> => {
    if (!account) throw new ProviderError('provider-set-up');
    if (appToken && appToken.until > Date.now()) return appToken.value;
    const { 'app-id': appid, secret } = account;
    const query = { grant_type: 'client_credential', appid, secret };
    const { body } = await ask(hosts, `${hosts.of('api')}/cgi-bin/token`, { query }, Token);
    refuse(body);
    if (!body.access_token) throw new ProviderError('provider-down', 'garbled');
    appToken = { value: body.access_token, until: Date.now() + 3_600_000 };
    return appToken.value;
  };

  return {
    id: 'wechat',
    where: [...(website ? (['page'] as const) : []), ...(account ? (['app'] as const) : [])],
    drawsCodes: account?.token !== undefined,
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
      const { 'app-id': appid, secret } = appFor(attempt);
      const query = { appid, secret, code, grant_type: 'authorization_code' };
      const { body } = await ask(hosts, `${hosts.of('api')}/sns/oauth2/access_token`, { query }, Token);
      refuse(body);
      const { access_token, openid, unionid } = body;
      if (!access_token || !openid) throw new ProviderError('provider-down', 'garbled');
      // A read-only view of the page by somebody whom WeChat makes up.
      if (body.is_snapshotuser === 1) throw new ProviderError('provider-snapshot');
      let name = '';
      let union = unionid;
      if (attempt.where === 'page') {
        const user = await ask(hosts, `${hosts.of('api')}/sns/userinfo`, { query: { access_token, openid } }, User);
        refuse(user.body);
        name = user.body.nickname ?? '';
        union ??= user.body.unionid;
      }
      return {
        // The union id leads, where there is one; an app that is bound later finds the same person by the open id.
        subjects: union ? [`wechat:union:${union}`, `wechat:${appid}:${openid}`] : [`wechat:${appid}:${openid}`],
        name,
        member: false,
      };
    },
    async newCode(scene, seconds) {
      const access_token = await tokenOfAccount();
      const json = {
        expire_seconds: seconds,
        action_name: 'QR_STR_SCENE',
        action_info: { scene: { scene_str: scene } },
      };
      const { body } = await ask(
        hosts,
        `${hosts.of('api')}/cgi-bin/qrcode/create`,
        { query: { access_token }, json },
        Ticket,
      );
      if (body.errcode === 40001 || body.errcode === 42001) appToken = undefined;
      refuse(body);
      if (!body.url) throw new ProviderError('provider-down', 'garbled');
      return body.url;
    },
    isSigned({ signature, timestamp, nonce }) {
      if (!account?.token || !signature || !timestamp || !nonce) return false;
      const expected = createHash('sha1').update([account.token, timestamp, nonce].sort().join('')).digest();
      const given = Buffer.from(signature, 'hex');
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
    scanOf(xml) {
      const Message = v.object({
        xml: v.object({ FromUserName: v.string(), Event: v.string(), EventKey: v.string() }),
      });
      try {
        const parsed = v.parse(Message, new XMLParser({ parseTagValue: false, processEntities: false }).parse(xml));
        const { FromUserName, Event, EventKey } = parsed.xml;
        // Who follows the account by this scan, and who did before.
        if (Event === 'subscribe' && EventKey.startsWith('qrscene_'))
          return { openid: FromUserName, scene: EventKey.slice('qrscene_'.length) };
        return Event === 'SCAN' ? { openid: FromUserName, scene: EventKey } : undefined;
      } catch {
        return undefined;
      }
    },
    identityOf: (openid) => ({ subjects: [`wechat:${account?.['app-id'] ?? ''}:${openid}`], name: '', member: false }),
    ahead: () => clockOf(hosts, 'api'),
    async checkPage(page) {
      const text = await pageAt(hosts, page);
      for (const [said, code] of PAGE_ERRORS) if (text.includes(said)) throw new ProviderError(code, said);
      // Anything else without its code is a page that this companion does not know.
      if (!text.includes('/connect/qrcode/')) throw new ProviderError('provider-down', 'garbled');
    },
    async check() {
      // A code that cannot be one: a right app id and secret answer that the code is wrong.
      for (const app of [website, account]) {
        if (!app) continue;
        const query = {
          appid: app['app-id'],
          secret: app.secret,
          code: 'scankey-doctor',
          grant_type: 'authorization_code',
        };
        const { body } = await ask(hosts, `${hosts.of('api')}/sns/oauth2/access_token`, { query }, Token);
        if (body.errcode !== 40029) refuse(body);
      }
    },
  };
}
