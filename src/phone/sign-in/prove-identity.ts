// Who one is, for a site that asks the companion: by the vault's own key, or inside an app by what that app's provider says.
import { signal } from '@preact/signals';
import * as v from 'valibot';
import { ask } from '../../protocol/ask.ts';
import { toBase64 } from '../../protocol/encoding.ts';
import { type Code as ErrorCode, ScankeyError } from '../../protocol/errors.ts';
import { newIdentityKey, type SignIn, signIdentity } from '../../protocol/identity-proof.ts';
import { ProviderId, providerOfApp } from '../../protocol/providers.ts';
import { formatQrLink, parseQrLink, type QrLink, sessionId } from '../../protocol/qr-link.ts';
import { CompanionInfo } from '../../protocol/relay.ts';
import { identityOr } from '../vault/vault.ts';

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
/** What the companion says of a sign-in: the computer that asks is not believed which site it is for (R64). @throws ScankeyError */
export async function readSignIn(id: string): Promise<SignInShown> {
  const shown = await ask(SignInShown, `/v1/sign-in/${id}`);
  if (shown.issuer !== location.origin || shown.id !== id) throw new ScankeyError('bad-message');
  return shown;
}

/** The vault's word for a sign-in; its key is made when it is first asked for. @throws ScankeyError `storage-failed` */
export async function proveByVault(signIn: SignIn): Promise<{ key: string; signature: string }> {
  return signIdentity(await identityOr(newIdentityKey), signIn);
}

/** The companion's token (`ticket` on the wire) for who the app's user is, for the one sign-in that was shown and confirmed. @throws ScankeyError */
export const proveByApp = (sid: string, { id }: SignIn): Promise<{ ticket: string }> =>
  ask(v.object({ ticket: v.string() }), '/v1/in-app/ticket', { sid, signIn: id });

/** The maker of the app that this page is in, who can say who uses it. */
const app = providerOfApp(navigator.userAgent);

/** The code that was scanned with an app whose provider can say who it was, once a tap may ask. */
export const askable = signal<{ provider: ProviderId; code: QrLink } | undefined>(undefined);
export const refused = signal<ErrorCode | undefined>(undefined);

const KEPT = 'scanned';
const sidOf = async (code: QrLink): Promise<string> => toBase64(await sessionId(code.secret));

/** Looks whether this code asks who one is, and this app can tell. */
export async function lookInside(code: QrLink): Promise<void> {
  if (!app) return;
  try {
    const { providers = [] } = await ask(CompanionInfo, '/v1/companion');
    if (!providers.some(({ id, where }) => id === app && where.includes('app'))) return;
    const { identity } = await ask(v.object({ identity: v.boolean() }), `/v1/session/${await sidOf(code)}`);
    if (identity) askable.value = { provider: app, code };
  } catch {
    // Then it is a code as any other, for the phone's own browser.
  }
}

/** DingTalk's own code for this page (JSAPI), valid once and for five minutes. @throws ScankeyError `provider-refused` */
async function codeFromDingTalk(corpId: string): Promise<string> {
  const { requestAuthCode$ } = await import('dingtalk-jsapi/api/runtime/permission/requestAuthCode.js');
  await import('dingtalk-jsapi/entry/mobile.js');
  try {
    return (await requestAuthCode$({ corpId })).code;
  } catch {
    throw new ScankeyError('provider-refused');
  }
}

/** The person's tap: asks the app's provider. The page is left for it and comes back without the code, which waits in this tab. */
export async function askProvider(): Promise<void> {
  const asked = askable.value;
  if (!asked) return;
  refused.value = undefined;
  const Way = v.union([
    v.object({ to: v.pipe(v.string(), v.url()) }),
    v.object({ corpId: v.string(), state: v.string() }),
  ]);
  try {
    const way = await ask(Way, `/v1/in-app/${asked.provider}`, { sid: await sidOf(asked.code) });
    const query =
      'to' in way
        ? ''
        : String(new URLSearchParams({ authCode: await codeFromDingTalk(way.corpId), state: way.state }));
    sessionStorage.setItem(KEPT, formatQrLink(asked.code));
    location.assign('to' in way ? way.to : `/v1/callback/${asked.provider}?${query}`);
  } catch (error) {
    refused.value = error instanceof ScankeyError ? error.code : 'unreachable';
  }
}

/** Back from the provider, which has told the companion who this is: the code that was scanned. */
export async function backFromProvider(): Promise<QrLink | undefined> {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (!app || kept === null) return undefined;
  const code = parseQrLink(kept);
  askable.value = { provider: app, code };
  try {
    await ask(v.object({}), '/v1/in-app/said', { sid: await sidOf(code) });
    return code;
  } catch (error) {
    refused.value =
      error instanceof ScankeyError && error.code !== 'provider-state' ? error.code : 'provider-cancelled';
    return undefined;
  }
}
