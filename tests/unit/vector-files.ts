// Where published vectors lie beside a checkout; tests that need them say so where they are absent.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VectorFiles } from './published.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/vectors');
const WYCHEPROOF = [
  'aes_gcm',
  'hkdf_sha256',
  'x25519',
  'mlkem_768',
  'mlkem_768_encaps',
  'mlkem_768_keygen_seed',
  'mlkem_768_semi_expanded_decaps',
];

/** The published vectors, or undefined where they are absent. */
export function publishedVectors(): VectorFiles | undefined {
  if (!existsSync(FOLDER)) return undefined;
  const read = (name: string) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
  return {
    hpkePq: read('hpke-pq.json'),
    rfc9180: read('rfc9180-a12-psk.json'),
    wycheproof: Object.fromEntries(WYCHEPROOF.map((name) => [name, read(`wycheproof/${name}_test.json`)])),
  };
}
