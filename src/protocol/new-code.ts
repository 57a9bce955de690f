// A code with everything that its browser has to know of it, ready to be drawn.
import { toBase64 } from './encoding.ts';
import { type QrPath, qrPath } from './qr-code.ts';
import { commitmentTo, formatQrLink, newSecret, sessionId } from './qr-link.ts';
import { newKeyPair } from './seal.ts';

/** Byte strings are base64url. */
export interface NewCode {
  sid: string;
  secret: string;
  seed: string;
  publicKey: string;
  /** The companion whose phone page the code names. */
  origin: string;
  /** `link` is what the drawing says. */
  drawing: QrPath & { link: string };
}

/** A fresh secret and key pair for one code of the phone page at `origin`. */
export async function makeCode(origin: string): Promise<NewCode> {
  const secret = newSecret();
  const { seed, publicKey } = await newKeyPair();
  const link = formatQrLink({ origin, secret, commitment: await commitmentTo(secret, publicKey) });
  return {
    sid: toBase64(await sessionId(secret)),
    secret: toBase64(secret),
    seed: toBase64(seed),
    publicKey: toBase64(publicKey),
    origin,
    drawing: { ...qrPath(link), link },
  };
}
