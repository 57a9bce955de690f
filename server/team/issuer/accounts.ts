// What the issuer says of a person to a site: only of who is admitted, and what the phone has confirmed counts as consent.
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { People, Person } from '../people.ts';
import type { SubjectOf } from './clients.ts';

/**
 * What is said of somebody (OpenID Connect Core 5.1): what nobody has entered is not said. An address is the operator's own word, and so
 * is whose it is; it is the short name, too, where there is no other and the site may know it.
 */
function claimsOf({ name, username, email }: Person, scope: string) {
  const short = username || (scope.split(' ').includes('email') ? email : '');
  return {
    ...(name && { name }),
    ...(short && { preferred_username: short }),
    ...(email && { email, email_verified: true }),
  };
}

/** @param saysInIdToken whether a client is told in the ID token, too, what it can ask for by the access token */
export const accountsOf =
  (
    people: People,
    subjectOf: SubjectOf,
    saysInIdToken: (clientId: string | undefined) => boolean,
  ): NonNullable<Configuration['findAccount']> =>
  async (ctx, accountId) => {
    const person = await people.get(accountId);
    if (!person?.admitted) return undefined;
    const { client, route } = ctx.oidc;
    // What leaves for a device is its own name for the person, as for any other client.
    const leaves = client?.subjectType === 'public' && (route === 'token' || route === 'userinfo');
    const sub = leaves ? subjectOf(accountId, client.clientId) : accountId;
    return {
      accountId: sub,
      claims: async (use, scope) => ({
        sub,
        ...(use === 'userinfo' || saysInIdToken(client?.clientId) ? claimsOf(person, scope) : {}),
      }),
    };
  };

/** The phone's confirmation named the site: there is no second question. */
export async function grantFor(ctx: KoaContextWithOIDC) {
  const { client, session, params, result, provider } = ctx.oidc;
  if (!client || !session?.accountId) return undefined;
  const known = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  const grant =
    (known && (await provider.Grant.find(known))) ||
    new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(String(params?.scope ?? 'openid'));
  grant.addOIDCClaims(['name', 'preferred_username', 'email', 'email_verified']);
  await grant.save();
  return grant;
}
