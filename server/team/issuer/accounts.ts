// What the issuer says of a person to a site: only of who is admitted, and what the phone has confirmed counts as consent.
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { People } from '../people.ts';
import type { SubjectOf } from './clients.ts';

export const accountsOf =
  (people: People, subjectOf: SubjectOf): NonNullable<Configuration['findAccount']> =>
  async (ctx, accountId) => {
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
  grant.addOIDCClaims(['name', 'email', 'email_verified']);
  await grant.save();
  return grant;
}
