// The team's sites as the issuer knows them, and who one person is to each: a name that says nothing to any other.
import { createHmac } from 'node:crypto';
import type { ClientMetadata, JWK } from 'oidc-provider';
import { newToken } from '../../store/hashes.ts';
import { FOR_EVER, type Store } from '../../store/store.ts';
import { once } from '../../store/values.ts';
import type { Client } from '../team-file.ts';

/** What makes the subjects of one site say nothing to another; in the database with the people whom it belongs to. */
export const saltOf = (store: Store, salt: string = newToken()): Promise<string> =>
  once(store, 'issuer:salt', salt, FOR_EVER);

export type SubjectOf = (accountId: string, clientId: string) => string;

/** Who somebody is to one client, and to no other. */
export const subjectsBy =
  (salt: string): SubjectOf =>
  (accountId, clientId) =>
    createHmac('sha256', salt).update(`${clientId} ${accountId}`).digest('base64url');

/** How a client shows that it is itself (OpenID Connect Core 9); a secret may come in either of the two ways. */
function authenticationOf({ secret, 'public-keys': keys }: Client): Partial<ClientMetadata> {
  if (keys) return { jwks: { keys: keys as JWK[] }, token_endpoint_auth_method: 'private_key_jwt' };
  if (secret === undefined) return { token_endpoint_auth_method: 'none' };
  return { client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' };
}

/** What `oidc-provider` is told of a client of the team's file. */
export function metadataOf(client: Client): ClientMetadata {
  const hasPages = client['redirect-uris'].length > 0;
  return {
    client_id: client.id,
    client_name: client.name,
    ...authenticationOf(client),
    id_token_signed_response_alg: client['signed-with'],
    redirect_uris: client['redirect-uris'],
    response_types: hasPages ? ['code'] : [],
    post_logout_redirect_uris: client['after-logout'],
    ...(client['backchannel-logout'] === undefined
      ? {}
      : { backchannel_logout_uri: client['backchannel-logout'], backchannel_logout_session_required: true }),
    grant_types: [
      ...(hasPages ? ['authorization_code'] : []),
      'refresh_token',
      ...(client.device ? ['urn:ietf:params:oauth:grant-type:device_code'] : []),
    ],
    // Sites of one team are still different sites. A device with "pairwise" would have to hold a key: accounts.ts gives it subjects
    // of its own.
    subject_type: client.device ? 'public' : 'pairwise',
    // Compared character by character; "native" would let the port of a loopback address vary.
    application_type: 'web',
    // Each client is a sector of its own; this address is never fetched.
    ...(client.device ? {} : { sector_identifier_uri: `https://sector.invalid/${client.id}` }),
  };
}
