// What the worker does; see workshop.ts. A message is a task's name and what it needs, the answer its result or a code.
import { argon2id as hash } from 'hash-wasm';
import type { Bytes } from '../../protocol/encoding.ts';
import { codeOf } from '../../protocol/errors.ts';
import type { Account } from '../vault/document.ts';
import type { Found } from './entry.ts';

export const TASKS = {
  async argon2id(password: string, salt: Bytes, cost: { m: number; t: number; p: number }): Promise<Bytes> {
    const { m, t, p } = cost;
    const options = { password, salt, memorySize: m, iterations: t, parallelism: p, hashLength: 32 };
    return new Uint8Array(await hash({ ...options, outputType: 'binary' }));
  },
  readExport: async (name: string, bytes: Uint8Array, password?: string): Promise<Found> =>
    (await import('./read.ts')).readExport(name, bytes, password),
  writeKdbx: async (accounts: readonly Account[], password: string): Promise<Bytes> =>
    (await import('./importers/kdbx.ts')).writeKdbx(accounts, password),
  /** Guesses that each password stands, as a power of ten. */
  strengths: async (passwords: readonly string[]): Promise<number[]> =>
    (await import('../vault/strength.ts')).strengths(passwords),
  words: async (count: number): Promise<string> => (await import('../vault/strength.ts')).words(count),
};
export type Tasks = typeof TASKS;

// Node runs the tasks on the spot, and so does a page that imports this by mistake.
if (typeof self !== 'undefined' && typeof document === 'undefined') {
  self.onmessage = async ({ data }: MessageEvent<{ task: keyof Tasks; args: unknown[] }>) => {
    try {
      self.postMessage({ done: await (TASKS[data.task] as (...given: unknown[]) => unknown)(...data.args) });
    } catch (error) {
      self.postMessage({ failed: codeOf(error, 'import-failed') });
    }
  };
}
