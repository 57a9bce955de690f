// When somebody is asked who it is: each site's own policy, in `oidc-provider`'s terms, and what a site may ask for itself (prompt,
// max_age and acr_values of OpenID Connect Core 3.1.2.1).
import { errors, interactionPolicy } from 'oidc-provider';
import { isEnough } from '../sign-ins.ts';
import type { Client } from '../team-file.ts';

/** How a sign-in was confirmed (`acr`): by one proof, or by two of different kinds in the same sign-in. */
const ACR = { one: 'urn:scankey:acr:1', two: 'urn:scankey:acr:2' } as const;
export const ACR_VALUES: readonly string[] = Object.values(ACR);

/** Which of them proofs satisfy, the stronger first. */
const satisfiedBy = (proofs: number): readonly string[] => (proofs > 1 ? [ACR.two, ACR.one] : [ACR.one]);

const valuesOf = (asked: unknown): readonly string[] =>
  typeof asked === 'string' ? asked.split(' ').filter(Boolean) : [];

/**
 * What a sign-in counts as: the first value that the site asked for, else the strongest one.
 * @param amr the proofs that were given
 * @param asked the site's `acr_values`
 */
export function acrOf(amr: readonly string[], asked: unknown): string {
  const satisfied = satisfiedBy(amr.length);
  return valuesOf(asked).find((value) => satisfied.includes(value)) ?? satisfied[0] ?? ACR.one;
}

/**
 * @param privateComputers an earlier sign-in in the same browser counts at sites that want one proof; nowhere else, and never for a
 * device (RFC 8628), is anybody spared the phone
 */
export function policyOf(clients: readonly Client[], privateComputers: boolean) {
  const confirmOf = (clientId: string | undefined) => clients.find(({ id }) => id === clientId)?.confirm;
  const policy = interactionPolicy.base();
  const checks = policy.get('login')?.checks;
  checks?.add(
    new interactionPolicy.Check('not_asked', 'the person has to be asked', 'login_required', ({ oidc }) => {
      const confirm = confirmOf(oidc.client?.clientId);
      const login = oidc.result?.login;
      if (login) return !isEnough(login.amr ?? [], confirm);
      return !privateComputers || confirm !== undefined || oidc.entities.DeviceCode !== undefined;
    }),
  );
  checks?.add(
    // A site that names values wants one of them or nothing (RFC 9470 section 5).
    new interactionPolicy.Check('acr_values', 'the site asks for another kind of confirmation', ({ oidc }) => {
      const asked = valuesOf(oidc.params?.acr_values);
      if (asked.length === 0 || asked.includes(oidc.session?.acr ?? '')) return false;
      const possible = satisfiedBy(confirmOf(oidc.client?.clientId) === undefined ? 1 : 2);
      if (oidc.result?.login || !asked.some((value) => possible.includes(value)))
        throw new errors.UnmetAuthenticationRequirements('no such confirmation is asked for here');
      return true;
    }),
  );
  // Whoever is asked by the phone chooses whose.
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }));
  return policy;
}
