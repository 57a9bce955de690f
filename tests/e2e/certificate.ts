// Certificates for a name, by an authority of their own that a browser can be told to trust.
import { generate } from 'selfsigned';

/** @returns PEM texts: the authority's certificate, and the name's key with its certificate and that of the authority */
export async function certificateFor(name: string): Promise<Record<'authority' | 'key' | 'cert', string>> {
  const ec = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;
  const authority = await generate([{ name: 'commonName', value: 'Authority' }], {
    ...ec,
    extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
  });
  const own = await generate([{ name: 'commonName', value: name }], {
    ...ec,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  });
  return { authority: authority.cert, key: own.private, cert: `${own.cert}\n${authority.cert}` };
}
