// A certificate of our own for the trial on a local network, where a phone's browser needs a secure context.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

const WEEK = 7 * 86_400_000;

/** Whether browsers would take it for each of `addresses` a week from now. */
function serves(cert: string, key: string, addresses: readonly string[]): boolean {
  try {
    const parsed = new X509Certificate(cert);
    if (!parsed.checkPrivateKey(createPrivateKey(key))) return false;
    return Date.parse(parsed.validTo) > Date.now() + WEEK && addresses.every((ip) => parsed.checkIP(ip));
  } catch {
    return false;
  }
}

/**
 * The certificate in `folder`, made anew when it is missing, damaged, about to expire or not valid for one of `addresses`.
 * @returns PEM texts
 */
export async function ownCertificate(
  folder: string,
  addresses: readonly string[],
): Promise<{ key: string; cert: string }> {
  const paths = { key: join(folder, 'key.pem'), cert: join(folder, 'certificate.pem') };
  if (existsSync(paths.key) && existsSync(paths.cert)) {
    const [key, cert] = [readFileSync(paths.key, 'utf8'), readFileSync(paths.cert, 'utf8')];
    if (serves(cert, key, addresses)) return { key, cert };
  }
  const made = await generate([{ name: 'commonName', value: 'Scankey companion' }], {
    keyType: 'ec',
    curve: 'P-256',
    // Browsers refuse certificates that are valid for longer.
    notAfterDate: new Date(Date.now() + 390 * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [{ type: 2, value: 'localhost' }, ...addresses.map((ip) => ({ type: 7 as const, ip }))],
      },
    ],
  });
  writeFileSync(paths.key, made.private, { mode: 0o600 });
  writeFileSync(paths.cert, made.cert, { mode: 0o600 });
  return { key: made.private, cert: made.cert };
}
