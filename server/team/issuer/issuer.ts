// The OpenID provider (`oidc-provider`) as it is set: authorization code, with PKCE (S256) unless a client cannot, exact addresses, pairwise
// subjects (R37).
import Provider, { type Configuration, type JWK } from 'oidc-provider';
import { pagesFor } from '../../http/pages.ts';
import type { Store } from '../../store/store.ts';
import type { People } from '../people.ts';
import type { Client } from '../team-file.ts';
import { accountsOf, grantFor } from './accounts.ts';
import { StoreAdapter } from './adapter.ts';
import { metadataOf, subjectsBy } from './clients.ts';
import { FEATURES } from './features.ts';
import { scriptless } from './forms.ts';
import type { KeyFile } from './keys.ts';
import { ACR_VALUES, policyOf } from './policy.ts';
import { formAnew, ownFailures } from './unforeseen.ts';

interface IssuerOptions {
  issuer: string;
  keys: Pick<KeyFile, 'secrets' | 'signing'>;
  /** Makes the subjects. */
  salt: string;
  store: Store;
  people: People;
  clients: readonly Client[];
  /** Who has signed in stays so in that browser. */
  privateComputers: boolean;
}

/** Seconds. */
const TTL = {
  AuthorizationCode: 60,
  AccessToken: 3600,
  IdToken: 3600,
  RefreshToken: 14 * 86_400,
  /** One in which nobody has signed in holds a form's secret and no more. */
  Session: (_ctx: unknown, { accountId }: { accountId?: string | undefined }) => (accountId ? 12 * 3600 : 600),
  Interaction: 600,
  Grant: 14 * 86_400,
  DeviceCode: 600,
};

const ROUTES = {
  authorization: '/oidc/auth',
  token: '/oidc/token',
  userinfo: '/oidc/me',
  jwks: '/oidc/jwks',
  revocation: '/oidc/revocation',
  end_session: '/oidc/logout',
  device_authorization: '/oidc/device-code',
  code_verification: '/device',
};

/** @param issuer the companion's own origin */
function cookies(issuer: string, key: string): Configuration['cookies'] {
  const secure = issuer.startsWith('https:');
  const kind = { httpOnly: true, sameSite: 'lax', secure, signed: true } as const;
  return {
    keys: [key],
    names: secure
      ? { session: '__Host-session', interaction: '__Secure-interaction', resume: '__Secure-resume' }
      : { session: 'session', interaction: 'interaction', resume: 'resume' },
    long: kind,
    short: kind,
  };
}

/** The provider as it is at each moment: another one takes over with each change of the key set, on the same store. */
export class Issuer {
  readonly #options: IssuerOptions;
  #made: { kids: string; provider: Provider } | undefined;

  constructor(options: IssuerOptions) {
    this.#options = options;
  }

  async now(): Promise<Provider> {
    const jwks = (await this.#options.keys.signing()).map(({ jwk }) => jwk);
    const kids = jwks.map(({ kid }) => kid).join(' ');
    if (this.#made?.kids !== kids) this.#made = { kids, provider: newProvider(this.#options, jwks) };
    return this.#made.provider;
  }
}

function newProvider(
  { issuer, keys, salt, store, people, clients, privateComputers }: IssuerOptions,
  jwks: readonly JWK[],
): Provider {
  const subjectOf = subjectsBy(salt);
  const { cookies: cookieKey, records } = keys.secrets;
  const settingsOf = (id: string | undefined) => clients.find((client) => client.id === id);
  const provider = new Provider(issuer, {
    adapter: (name: string) => new StoreAdapter(store, name, records),
    clients: clients.map(metadataOf),
    jwks: { keys: jwks },
    cookies: cookies(issuer, cookieKey),
    routes: ROUTES,
    responseTypes: ['code'],
    subjectTypes: ['pairwise', 'public'],
    pairwiseIdentifier: async (_ctx, accountId, client) => subjectOf(accountId, client.clientId),
    // One sector for each client: no list of addresses has to be fetched from anywhere.
    sectorIdentifierUriValidate: () => false,
    pkce: { required: (_ctx, { clientId }) => settingsOf(clientId)?.pkce !== false },
    acrValues: ACR_VALUES,
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
    },
    // Whose ID token has what of the person is for the account to say.
    conformIdTokenClaims: false,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    clientDefaults: { grant_types: ['authorization_code'] },
    allowOmittingSingleRegisteredRedirectUri: false,
    // Nothing is fetched from anywhere but the sites' own addresses, which the operator has listed, inside the house or not.
    fetch: (url, init) =>
      clients.some((client) => client['backchannel-logout'] === String(url))
        ? globalThis.fetch(url, { ...init, dispatcher: undefined, redirect: 'error' } as RequestInit)
        : Promise.reject(new Error('not listed')),
    interactions: {
      policy: policyOf(clients, privateComputers),
      url: (_ctx, interaction) => `/sign-in/${interaction.uid}`,
    },
    findAccount: accountsOf(people, subjectOf, (id) => settingsOf(id)?.['claims-in-id-token'] === true),
    loadExistingGrant: grantFor,
    ttl: TTL,
    rotateRefreshToken: true,
    features: FEATURES,
    async renderError(ctx, out) {
      ctx.type = 'html';
      ctx.body = pagesFor(ctx.get('accept-language')).error(out.error, out.error_description);
    },
  });
  namesOnly(provider, issuer);
  provider.use(ownFailures);
  provider.use(formAnew(provider, ROUTES.code_verification));
  provider.use(scriptless);
  provider.use(withCredentials);
  return provider;
}

/** A site's own code may ask with its browser's cookies, of which no answer here depends on any (Fetch section 3.3.5). */
const withCredentials: Parameters<Provider['use']>[0] = async (ctx, next) => {
  await next();
  if (ctx.response.get('access-control-allow-origin')) ctx.set('access-control-allow-credentials', 'true');
};

/** Every address that the provider names begins with the issuer, whatever a request says of itself (Host, X-Forwarded-Host). */
function namesOnly(provider: Provider, issuer: string): void {
  const protocol = new URL(issuer).protocol.slice(0, -1);
  Object.defineProperties(provider.request, { href: { value: issuer }, protocol: { value: protocol } });
}
