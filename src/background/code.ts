// Codes are made ahead of time, so that the popup has one to draw before anything else happens.
import { toBase64 } from '../protocol/encoding.ts';
import { commitmentTo, linkOf, newSecret, sessionId } from '../protocol/link.ts';
import { qrPath } from '../protocol/qr.ts';
import { newKeyPair } from '../protocol/seal.ts';
import type { NextCode } from './storage.ts';

/** A fresh secret and key pair for one code of the phone page at `origin`. */
export async function makeCode(origin: string): Promise<NextCode> {
  const secret = newSecret();
  const { seed, publicKey } = await newKeyPair();
  const link = linkOf({ origin, secret, commitment: await commitmentTo(secret, publicKey) });
  return {
    sid: toBase64(await sessionId(secret)),
    secret: toBase64(secret),
    seed: toBase64(seed),
    publicKey: toBase64(publicKey),
    origin,
    drawing: { ...qrPath(link), link },
  };
}
