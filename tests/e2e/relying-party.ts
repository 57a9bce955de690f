// A site that speaks OpenID Connect, made with `openid-client`: nothing of the protocol in it is ours.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as client from 'openid-client';
import { mustNotLeak } from './secrets.ts';

export interface RelyingParty {
  readonly origin: string;
  readonly callback: string;
  /** Claims of everybody who has signed in, the newest last. */
  readonly people: client.IDToken[];
  /** What the token endpoint gave with them. */
  readonly tokens: client.TokenEndpointResponse[];
  /** Why sign-ins failed. */
  readonly failures: string[];
  /** The client's own view of the issuer, once somebody has come. */
  configuration(): client.Configuration | undefined;
  close(): void;
}

/** Listens at once; the issuer is asked when the first person comes. */
export async function startRelyingParty(
  issuer: string,
  id: string,
  secret: string | undefined,
  extra: Record<string, string> = {},
): Promise<RelyingParty> {
  const waiting = new Map<string, { verifier: string; nonce: string }>();
  const people: client.IDToken[] = [];
  const tokens: client.TokenEndpointResponse[] = [];
  const failures: string[] = [];
  let configuration: client.Configuration | undefined;
  const server = createServer((request, response) => {
    const answer = (status: number, text: string) =>
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(text);
    const serve = async () => {
      const url = new URL(request.url ?? '/', self.origin);
      // Browsers ask for it unbidden, and what it is not is an answer of the issuer.
      if (url.pathname === '/favicon.ico') return answer(404, '');
      configuration ??= await client.discovery(
        new URL(issuer),
        id,
        secret,
        secret === undefined ? client.None() : undefined,
        issuer.startsWith('http:') ? { execute: [client.allowInsecureRequests] } : undefined,
      );
      if (url.pathname === '/') {
        const verifier = client.randomPKCECodeVerifier();
        const state = randomBytes(16).toString('hex');
        const nonce = client.randomNonce();
        waiting.set(state, { verifier, nonce });
        const to = client.buildAuthorizationUrl(configuration, {
          redirect_uri: self.callback,
          scope: 'openid profile email',
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          state,
          nonce,
          ...extra,
        });
        return response.writeHead(302, { location: String(to) }).end();
      }
      const state = url.searchParams.get('state') ?? '';
      const kept = waiting.get(state);
      const checks = { pkceCodeVerifier: kept?.verifier ?? '', expectedState: state, expectedNonce: kept?.nonce ?? '' };
      const got = await client.authorizationCodeGrant(configuration, url, checks);
      const claims = got.claims();
      if (claims) people.push(claims);
      tokens.push(got);
      for (const one of [url.searchParams.get('code'), got.access_token, got.id_token, got.refresh_token])
        mustNotLeak(one ?? '');
      return answer(200, `<h1>Signed in to the wiki</h1><p>${claims?.sub}</p>`);
    };
    serve().catch((error: Error & { error?: string }) => {
      failures.push(error.error ?? error.message);
      answer(400, `<h1>Not signed in</h1><p>${error.error ?? error.message}</p>`);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const self: RelyingParty = {
    origin,
    callback: `${origin}/callback`,
    people,
    tokens,
    failures,
    configuration: () => configuration,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return self;
}
