// Codes are made ahead of time, so that the popup has one to draw before anything else happens.
import QRCode from 'qrcode';
import { toBase64 } from '../protocol/encoding.ts';
import type { Drawing } from '../protocol/extension.ts';
import { commitmentTo, linkOf, newSecret, sessionId } from '../protocol/link.ts';
import { newKeyPair } from '../protocol/seal.ts';
import type { NextCode } from './storage.ts';

const QUIET_ZONE = 4;

/** The drawing of `link`: level M, each row's dark runs as rectangles of an SVG path, in modules. */
export function draw(link: string): Drawing {
  const { modules } = QRCode.create(link, { errorCorrectionLevel: 'M' });
  const runs: string[] = [];
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      let width = 0;
      while (x + width < modules.size && modules.get(y, x + width)) width++;
      if (width > 0) runs.push(`M${x + QUIET_ZONE} ${y + QUIET_ZONE}h${width}v1h-${width}z`);
      x += width;
    }
  }
  return { path: runs.join(''), size: modules.size + 2 * QUIET_ZONE, link };
}

/** A fresh secret and key pair for one code of the phone page at `origin`. */
export async function makeCode(origin: string): Promise<NextCode> {
  const secret = newSecret();
  const { seed, publicKey } = await newKeyPair();
  const commitment = await commitmentTo(secret, publicKey);
  return {
    sid: toBase64(await sessionId(secret)),
    secret: toBase64(secret),
    seed: toBase64(seed),
    publicKey: toBase64(publicKey),
    origin,
    drawing: draw(linkOf({ origin, secret, commitment })),
  };
}
