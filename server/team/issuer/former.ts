// What versions before kept in the database in clear: the keys go into their file, the tokens are forgotten and people sign in again.
import { existsSync } from 'node:fs';
import * as v from 'valibot';
import { newToken } from '../../store/hashes.ts';
import type { Store } from '../../store/store.ts';
import { saltOf } from './clients.ts';
import { Keys, writeKeys } from './keys.ts';

const Former = v.object({ ...v.omit(Keys, ['records']).entries, salt: v.string() });
const Row = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ kind: v.string(), jti: v.string(), grantId: v.optional(v.string()) }),
);

/** @param path of the file that the keys go into, unless there is one @throws Error in words for an operator, where they are damaged */
export async function moveFormer(store: Store, path: string): Promise<void> {
  const stored = await store.get('oidc:keys');
  if (!stored) return;
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Former), stored.value);
  if (!read.success)
    throw new Error(
      'The keys that an older version has left in the database are damaged: bring back a copy of the database.',
    );
  const { salt, ...keys } = read.output;
  if (!existsSync(path)) writeKeys(path, { ...keys, records: newToken() });
  // Who somebody is to a site stays as it was.
  await saltOf(store, salt);
  for (const value of await store.list('oidc:')) {
    const row = v.safeParse(Row, value);
    if (!row.success) continue;
    const key = `oidc:${row.output.kind}:${row.output.jti}`;
    await store.delete(key);
    await store.delete(`oidc:grant:${row.output.grantId}:${key}`);
  }
  await store.delete('oidc:keys');
}
