// A certificate of our own for the trial on a local network, where a phone's browser needs a secure context.
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/**
 * The certificate in `folder`, made anew when it is missing, about to expire or not valid for one of `addresses`.
 * @returns PEM texts
 */
export async function ownCertificate(
  folder: string,
  addresses: readonly string[],
): Promise<{ key: string; cert: string }> {
  const paths = { key: join(folder, 'key.pem'), cert: join(folder, 'certificate.pem') };
  if (existsSync(paths.key) && existsSync(paths.cert)) {
    const cert = readFileSync(paths.cert, 'utf8');
    const parsed = new X509Certificate(cert);
    const soon = Date.now() + 7 * 86_400_000;
    if (Date.parse(parsed.validTo) > soon && addresses.every((ip) => parsed.checkIP(ip)))
      return { key: readFileSync(paths.key, 'utf8'), cert };
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
