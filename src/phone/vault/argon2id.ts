// Argon2id (RFC 9106), which makes guessing a passphrase costly. Runs in a worker.
import { argon2id as hash } from 'hash-wasm';
import type { Bytes } from '../../protocol/encoding.ts';

/** 32 bytes. `m` in KiB, `t` passes, `p` lanes: at the vault's cost about half a second on a phone. */
export async function argon2id(
  password: string,
  salt: Bytes,
  { m, t, p }: { m: number; t: number; p: number },
): Promise<Bytes> {
  const options = { password, salt, memorySize: m, iterations: t, parallelism: p, hashLength: 32 };
  return new Uint8Array(await hash({ ...options, outputType: 'binary' }));
}
