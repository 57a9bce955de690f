// Who one is, for a site that asks the companion: by the vault's own key, or inside an app by what that app's provider says.
import * as v from 'valibot';
import type { ask as askCompanion } from '../../protocol/ask.ts';
import { ScankeyError } from '../../protocol/errors.ts';
import { newIdentityKey, type SignIn, signIdentity } from '../../protocol/identity-proof.ts';
import { ProviderId } from '../../protocol/providers.ts';

const SignInShown = v.object({
  issuer: v.string(),
  id: v.string(),
  client: v.string(),
  nonce: v.string(),
  /** What the operator calls the relying party, and where it is. */
  name: v.string(),
  host: v.string(),
  /** What a device calls itself that is to be signed in; absent for a site in the computer's own browser. */
  device: v.optional(v.string()),
  /** What becomes this person's by the same confirmation. */
  adds: v.optional(v.object({ provider: ProviderId, name: v.string() })),
});
export type SignInShown = v.InferOutput<typeof SignInShown>;

export interface Surroundings {
  /** Origin of the companion that serves this page. */
  companion: string;
  ask: typeof askCompanion;
  /** The vault's own key, PKCS #8 in base64url; `made` where there is none yet. */
  identityOr(made: () => Promise<string>): Promise<string>;
}

export interface Identity {
  /** What the companion says of a sign-in: the computer that asks is not believed which site it is for (R64). @throws ScankeyError */
  read(id: string): Promise<SignInShown>;
  /** The vault's word for a sign-in; its key is made when it is first asked for. @throws ScankeyError `storage-failed` */
  byVault(site: SignIn): Promise<{ key: string; signature: string }>;
  /**
   * The companion's token (`ticket` on the wire) for who the app's user is, for the one sign-in that was shown and confirmed.
   * @param sid of the session that the provider was asked for
   * @throws ScankeyError
   */
  byApp(sid: string, site: SignIn): Promise<{ ticket: string }>;
}

export const identityOf = ({ companion, ask, identityOr }: Surroundings): Identity => ({
  async read(id) {
    const shown = await ask(SignInShown, `/v1/sign-in/${id}`);
    if (shown.issuer !== companion || shown.id !== id) throw new ScankeyError('bad-message');
    return shown;
  },
  byVault: async (site) => signIdentity(await identityOr(newIdentityKey), site),
  byApp: (sid, { id }) => ask(v.object({ ticket: v.string() }), '/v1/in-app/ticket', { sid, signIn: id }),
});
