// Feishu (飞书), and Lark by other hosts.
// Sources: open.feishu.cn "obtain-oauth-code", "get-user-access-token" (v3, with PKCE), authen/v1/user_info.
import * as v from 'valibot';
import { hashOf } from '../../store/hashes.ts';
import { ask, clockOf, hostsOf, only } from './ask.ts';
import { type Provider, type ProviderCode, ProviderError } from './provider.ts';
import { hosts, id, list, secret } from './setting.ts';

/** `organisations`: tenant keys of those whose members may sign in. */
export const FeishuSettings = v.strictObject({ 'client-id': id, secret, organisations: list(id), hosts });

const HOSTS = { accounts: 'https://accounts.feishu.cn', open: 'https://open.feishu.cn' };

export const FEISHU_ERRORS: Readonly<Record<number, ProviderCode>> = {
  20001: 'provider-set-up',
  20002: 'provider-secret',
  20003: 'provider-code',
  20004: 'provider-code',
  20008: 'provider-organisation',
  20009: 'provider-set-up',
  20010: 'provider-organisation',
  20024: 'provider-code',
  20029: 'provider-callback',
  20036: 'provider-set-up',
  20048: 'provider-set-up',
  20049: 'provider-code',
  20050: 'provider-down',
  20063: 'provider-set-up',
  20065: 'provider-code-used',
  20066: 'provider-organisation',
  20067: 'provider-scope',
  20068: 'provider-scope',
  20069: 'provider-set-up',
  20070: 'provider-set-up',
  20071: 'provider-callback',
  20072: 'provider-busy',
};

const refuse = (code: number | undefined): void => {
  if (code) throw new ProviderError(FEISHU_ERRORS[code] ?? 'provider-refused', String(code));
};
const Token = v.object({ code: v.optional(v.number()), access_token: v.optional(v.string()) });
const User = v.object({
  code: v.number(),
  data: v.optional(
    v.object({
      open_id: v.string(),
      union_id: v.optional(v.string()),
      tenant_key: v.string(),
      name: v.optional(v.string()),
    }),
  ),
});

export function feishu(config: v.InferOutput<typeof FeishuSettings>): Provider {
  const { 'client-id': client_id, secret, organisations } = config;
  const hosts = hostsOf(HOSTS, config.hosts);
  const token = (details: Record<string, string>) => {
    const json = { grant_type: 'authorization_code', client_id, client_secret: secret, ...details };
    return ask(hosts, `${hosts.of('accounts')}/oauth/v3/token`, { json }, Token);
  };
  return {
    id: 'feishu',
    where: ['page', 'app'],
    authorizeUrl({ state, callback, verifier }) {
      const url = new URL(`${hosts.of('accounts')}/open-apis/authen/v1/authorize`);
      const code_challenge = hashOf(verifier);
      const pkce = { code_challenge, code_challenge_method: 'S256' };
      url.search = String(
        new URLSearchParams({ client_id, redirect_uri: callback, response_type: 'code', state, ...pkce }),
      );
      return url;
    },
    codeOf: ({ code, error }) => (error === undefined ? only(code) : undefined),
    async identify(code, { callback, verifier }) {
      const { body } = await token({ code, redirect_uri: callback, code_verifier: verifier });
      refuse(body.code);
      const headers = { authorization: `Bearer ${body.access_token ?? ''}` };
      const user = await ask(hosts, `${hosts.of('open')}/open-apis/authen/v1/user_info`, { headers }, User);
      refuse(user.body.code);
      const { data } = user.body;
      if (!data) throw new ProviderError('provider-down', 'garbled');
      const member = organisations.includes(data.tenant_key);
      if (organisations.length > 0 && !member) throw new ProviderError('provider-organisation');
      const open = `feishu:${client_id}:${data.open_id}` as const;
      return {
        subjects: data.union_id ? [`feishu:union:${data.union_id}`, open] : [open],
        name: data.name ?? '',
        member,
      };
    },
    doctor: {
      entry: (_origin, callback) => `redirect address (重定向 URL): ${callback}`,
      ahead: () => clockOf(hosts, 'open'),
      async check() {
        const { body } = await token({ code: 'scankey-doctor' });
        if (body.code !== 20003) refuse(body.code);
      },
    },
  };
}
