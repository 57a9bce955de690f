// The OpenID provider (`oidc-provider`): what it is set to, and where it keeps its things.
import { createHmac, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import Provider, { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import * as v from 'valibot';
import type { Store } from '../store/store.ts';
import { deviceCodePage, deviceConfirmPage, deviceDonePage, errorPage, signedOutPage, signOutPage } from './pages.ts';
import type { People } from './people.ts';
import type { Client } from './settings.ts';

const KEY_AGE_MS = 90 * 86_400_000;
const FOR_EVER = Number.MAX_SAFE_INTEGER;

const Keys = v.object({
  /** Newest first; an older one stays as long as tokens that it signed may be looked at. */
  signing: v.array(v.object({ jwk: v.record(v.string(), v.unknown()), madeAt: v.number() })),
  cookies: v.string(),
  /** Makes the subjects of one site say nothing to another. */
  salt: v.string(),
});
type Keys = v.InferOutput<typeof Keys>;

const newSigningKey = (now: number) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' }) as JsonWebKey & Record<string, unknown>;
  return { jwk: { ...jwk, use: 'sig', alg: 'RS256', kid: randomBytes(8).toString('base64url') }, madeAt: now };
};

/** The issuer's keys out of the store; a signing key that has served its time gets a successor, and is kept beside it. */
export async function loadKeys(store: Store, now: number = Date.now()): Promise<Keys> {
  const stored = await store.get('oidc:keys');
  const keys: Keys = stored
    ? v.parse(Keys, JSON.parse(stored.value))
    : { signing: [], cookies: randomBytes(32).toString('base64url'), salt: randomBytes(32).toString('base64url') };
  const [newest] = keys.signing;
  if (newest && newest.madeAt > now - KEY_AGE_MS) return keys;
  keys.signing = [newSigningKey(now), ...keys.signing].slice(0, 2);
  if (await store.put('oidc:keys', JSON.stringify(keys), FOR_EVER, stored?.rev ?? 0)) return keys;
  // Another process of the same companion was faster.
  return loadKeys(store, now);
}

const GRANTED = ['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode'];

/** One kind of record of the provider's, in the companion's own store. */
class Records implements Adapter {
  readonly #store: Store;
  readonly #model: string;
  constructor(store: Store, model: string) {
    this.#store = store;
    this.#model = model;
  }

  #key = (id: string): string => `oidc:${this.#model}:${id}`;

  async #write(key: string, value: string, expires: number): Promise<void> {
    const stored = await this.#store.get(key);
    if (!(await this.#store.put(key, value, expires, stored?.rev ?? 0))) return this.#write(key, value, expires);
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const expires = expiresIn ? Date.now() + expiresIn * 1000 : FOR_EVER;
    const key = this.#key(id);
    await this.#write(key, JSON.stringify(payload), expires);
    if (payload.userCode) await this.#write(`oidc:user-code:${payload.userCode}`, id, expires);
    if (this.#model === 'Session') await this.#write(`oidc:uid:${payload.uid}`, id, expires);
    if (payload.grantId && GRANTED.includes(this.#model)) {
      // One record for each member, so that none is lost to another that comes at the same time.
      await this.#write(`oidc:grant:${payload.grantId}:${key}`, key, expires);
    }
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const stored = await this.#store.get(this.#key(id));
    return stored && (JSON.parse(stored.value) as AdapterPayload);
  }

  async #by(index: string): Promise<AdapterPayload | undefined> {
    const stored = await this.#store.get(index);
    return stored && this.find(stored.value);
  }
  findByUid = (uid: string) => this.#by(`oidc:uid:${uid}`);
  findByUserCode = (userCode: string) => this.#by(`oidc:user-code:${userCode}`);

  /** A code counts once, also for two that come at the same moment. */
  async consume(id: string): Promise<void> {
    const key = this.#key(id);
    const stored = await this.#store.get(key);
    const payload = stored && (JSON.parse(stored.value) as AdapterPayload);
    if (!stored || !payload || payload.consumed) throw new errors.InvalidGrant('already used');
    const consumed = JSON.stringify({ ...payload, consumed: Math.floor(Date.now() / 1000) });
    const expires = typeof payload.exp === 'number' ? payload.exp * 1000 : Date.now() + 600_000;
    if (!(await this.#store.put(key, consumed, expires, stored.rev))) throw new errors.InvalidGrant('already used');
  }

  async destroy(id: string): Promise<void> {
    const payload = await this.find(id);
    await this.#store.delete(this.#key(id));
    if (payload?.userCode) await this.#store.delete(`oidc:user-code:${payload.userCode}`);
    if (this.#model === 'Session') await this.#store.delete(`oidc:uid:${payload?.uid}`);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const key of await this.#store.list(`oidc:grant:${grantId}:`)) {
      await this.#store.delete(key);
      await this.#store.delete(`oidc:grant:${grantId}:${key}`);
    }
  }
}

export interface IssuerOptions {
  issuer: string;
  keys: Keys;
  store: Store;
  people: People;
  clients: readonly Client[];
  behindProxy: boolean;
}

/** The provider: authorization code with PKCE (S256) and nothing else, exact addresses, pairwise subjects (R37). */
export function newIssuer({ issuer, keys, store, people, clients, behindProxy }: IssuerOptions): Provider {
  const secure = issuer.startsWith('https:');
  /** Who somebody is to one client, and to no other. */
  const subjectOf = (accountId: string, clientId: string): string =>
    createHmac('sha256', keys.salt).update(`${clientId} ${accountId}`).digest('base64url');
  const provider = new Provider(issuer, {
    adapter: (name: string) => new Records(store, name),
    clients: clients.map((client) => ({
      client_id: client.id,
      client_name: client.name,
      ...(client.secret === undefined
        ? { token_endpoint_auth_method: 'none' as const }
        : { client_secret: client.secret, token_endpoint_auth_method: 'client_secret_basic' as const }),
      redirect_uris: client['redirect-uris'],
      response_types: client['redirect-uris'].length > 0 ? (['code'] as const).slice() : [],
      post_logout_redirect_uris: client['after-logout'],
      ...(client['backchannel-logout'] === undefined
        ? {}
        : { backchannel_logout_uri: client['backchannel-logout'], backchannel_logout_session_required: true }),
      grant_types: [
        ...(client['redirect-uris'].length > 0 ? ['authorization_code'] : []),
        'refresh_token',
        ...(client.device ? ['urn:ietf:params:oauth:grant-type:device_code'] : []),
      ],
      // Sites of one team are still different sites. A device with "pairwise" would have to hold a key, so it gets its own subjects below.
      subject_type: client.device ? ('public' as const) : ('pairwise' as const),
      // Compared character by character; "native" would let the port of a loopback address vary.
      application_type: 'web' as const,
      // Each client is a sector of its own; this address is never fetched.
      ...(client.device ? {} : { sector_identifier_uri: `https://sector.invalid/${client.id}` }),
    })),
    jwks: { keys: keys.signing.map(({ jwk }) => jwk) as never },
    cookies: {
      keys: [keys.cookies],
      names: secure
        ? { session: '__Host-session', interaction: '__Secure-interaction', resume: '__Secure-resume' }
        : { session: 'session', interaction: 'interaction', resume: 'resume' },
      long: { httpOnly: true, sameSite: 'lax', secure, signed: true },
      short: { httpOnly: true, sameSite: 'lax', secure, signed: true },
    },
    routes: {
      authorization: '/oidc/auth',
      token: '/oidc/token',
      userinfo: '/oidc/me',
      jwks: '/oidc/jwks',
      revocation: '/oidc/revocation',
      end_session: '/oidc/logout',
      device_authorization: '/oidc/device-code',
      code_verification: '/device',
    },
    responseTypes: ['code'],
    subjectTypes: ['pairwise', 'public'],
    pairwiseIdentifier: async (_ctx, accountId, client) => subjectOf(accountId, client.clientId),
    // One sector for each client: no list of addresses has to be fetched from anywhere.
    sectorIdentifierUriValidate: () => false,
    pkce: { required: () => true },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub', 'amr', 'auth_time'], profile: ['name'], email: ['email', 'email_verified'] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    clientDefaults: { grant_types: ['authorization_code'], id_token_signed_response_alg: 'RS256' },
    allowOmittingSingleRegisteredRedirectUri: false,
    // Nothing is fetched from anywhere but the sites' own addresses, which the operator has listed, inside the house or not.
    fetch: (url, init) =>
      clients.some((client) => client['backchannel-logout'] === String(url))
        ? globalThis.fetch(url, { ...init, dispatcher: undefined, redirect: 'error' } as RequestInit)
        : Promise.reject(new Error('not listed')),
    interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    async findAccount(ctx, accountId) {
      const person = await people.get(accountId);
      if (!person?.admitted) return undefined;
      const { name, email } = person;
      const { client, route } = ctx.oidc;
      // What leaves for a device is its own name for the person, as for any other client.
      const leaves = client?.subjectType === 'public' && (route === 'token' || route === 'userinfo');
      const sub = leaves ? subjectOf(accountId, client.clientId) : accountId;
      return {
        accountId: sub,
        claims: async () => ({ sub, name, ...(email ? { email, email_verified: false } : {}) }),
      };
    },
    // The phone's confirmation named the site: there is no second question.
    async loadExistingGrant(ctx) {
      const { client, session, params, result } = ctx.oidc;
      if (!client || !session?.accountId) return undefined;
      const known = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
      const grant =
        (known && (await provider.Grant.find(known))) ||
        new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(String(params?.scope ?? 'openid'));
      grant.addOIDCClaims(['name', 'email', 'email_verified']);
      await grant.save();
      return grant;
    },
    ttl: {
      AuthorizationCode: 60,
      AccessToken: 3600,
      IdToken: 3600,
      RefreshToken: 14 * 86_400,
      Session: 12 * 3600,
      Interaction: 600,
      Grant: 14 * 86_400,
      DeviceCode: 600,
    },
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        async logoutSource(ctx, form) {
          ctx.body = signOutPage(form);
        },
        async postLogoutSuccessSource(ctx) {
          ctx.body = signedOutPage();
        },
      },
      deviceFlow: {
        enabled: true,
        charset: 'base-20',
        mask: '****-****',
        async userCodeInputSource(ctx, form, _out, error) {
          ctx.body = deviceCodePage(form, Boolean(error));
        },
        async userCodeConfirmSource(ctx, form, client, _device, userCode) {
          ctx.body = deviceConfirmPage(form, client.clientName ?? client.clientId, userCode);
        },
        async successSource(ctx) {
          ctx.body = deviceDonePage();
        },
      },
    },
    async renderError(ctx, out) {
      ctx.type = 'html';
      ctx.body = errorPage(out.error, out.error_description);
    },
  });
  provider.proxy = behindProxy;
  return provider;
}

/** Where the provider answers in the companion: `/oidc/…`, `/device…` and its discovery document. */
export async function mountIssuer(app: FastifyInstance, provider: Provider): Promise<void> {
  await app.register(async (scope) => {
    // The provider reads its requests by itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    const answer = provider.callback();
    for (const url of ['/oidc/*', '/device', '/device/*', '/.well-known/openid-configuration']) {
      scope.route({
        method: ['GET', 'POST', 'OPTIONS'],
        url,
        async handler(request, reply) {
          handOver(reply);
          await answer(request.raw, reply.raw);
        },
      });
    }
  });
}

/** The provider's answers carry our headers; its forms lead back here and, by redirects, to the sites. */
export function handOver(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.setHeader(
    'content-security-policy',
    "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  // A site's own code asks some of these (R37: CORS is the provider's matter).
  reply.raw.setHeader('cross-origin-resource-policy', 'cross-origin');
  reply.hijack();
}
