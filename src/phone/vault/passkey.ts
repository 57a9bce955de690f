// Unlocking by fingerprint or face: a passkey whose PRF extension gives 32 bytes that nobody else has (WebAuthn Level 3, section
// 10.1.4). We are no relying party that signs anybody in: the bytes are all that is wanted.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { fromBase64, randomBytes, toBase64 } from '../../protocol/encoding.ts';
import { ScankeyError } from '../../protocol/errors.ts';
import type { Secret } from './wraps.ts';

type PasskeySecret = Extract<Secret, { k: 'prf' }>;

/** Whether this phone has a fingerprint reader or a camera for faces that browsers may ask. */
export const canUsePasskey = async (): Promise<boolean> =>
  typeof PublicKeyCredential !== 'undefined' &&
  (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false));

/** The name by which the offer of it is put off. */
export const PASSKEY_HINT = 'passkeyHint';

/** Whether this phone could take a fingerprint or a face; false until it has said so. */
export function usePasskeyPossible(): boolean {
  const possible = useSignal(false);
  useEffect(() => {
    void canUsePasskey().then((can) => {
      possible.value = can;
    });
  }, []);
  return possible.value;
}

const bytesOf = (credential: Credential | null): Uint8Array<ArrayBuffer> | undefined => {
  if (!(credential instanceof PublicKeyCredential)) return undefined;
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return undefined;
  return ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer as ArrayBuffer, first.byteOffset, first.byteLength).slice()
    : new Uint8Array(first).slice();
};

const cancelled = (cause: unknown): never => {
  throw new ScankeyError(cause instanceof ScankeyError ? cause.code : 'no-passkey', { cause });
};

/**
 * Makes a passkey. Some phones give its bytes at once, others at its first use.
 * @param name what the phone's own list of passkeys calls it
 * @throws ScankeyError `no-passkey` when the person turned back or the phone has no PRF
 */
export async function makePasskey(name: string): Promise<PasskeySecret> {
  const salt = randomBytes(32);
  const made = await navigator.credentials
    .create({
      publicKey: {
        rp: { name: 'Scankey' },
        user: { id: randomBytes(16), name, displayName: name },
        challenge: randomBytes(32),
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: {
          authenticatorAttachment: 'platform',
          residentKey: 'preferred',
          userVerification: 'required',
        },
        extensions: { prf: { eval: { first: salt } } },
      },
    })
    .catch(cancelled);
  if (!(made instanceof PublicKeyCredential)) throw new ScankeyError('no-passkey');
  const known = { cred: toBase64(new Uint8Array(made.rawId)), salt: toBase64(salt) };
  const output = bytesOf(made);
  return output ? { k: 'prf', ...known, output } : askPasskey(known);
}

/** Asks for the finger or the face. @throws ScankeyError `no-passkey` when it was refused or is not known here any more */
export async function askPasskey({ cred, salt }: { cred: string; salt: string }): Promise<PasskeySecret> {
  const got = await navigator.credentials
    .get({
      publicKey: {
        challenge: randomBytes(32),
        allowCredentials: [{ type: 'public-key', id: fromBase64(cred) }],
        userVerification: 'required',
        extensions: { prf: { eval: { first: fromBase64(salt) } } },
      },
    })
    .catch(cancelled);
  const output = bytesOf(got);
  if (!output) throw new ScankeyError('no-passkey');
  return { k: 'prf', cred, salt, output };
}
