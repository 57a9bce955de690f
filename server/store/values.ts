// Values that are the same for all who ask for them, whoever was faster.
import type { Store } from './store.ts';

/**
 * The value under `key`; where there is none, `made` becomes it.
 * @param expires ms since 1970, of one that is made
 */
export async function once(store: Store, key: string, made: string, expires: number): Promise<string> {
  const stored = await store.get(key);
  if (stored) return stored.value;
  return (await store.put(key, made, expires, 0)) ? made : once(store, key, made, expires);
}

/** Writes over whatever is under `key`, and is not lost to who does so at the same moment. @param expires ms since 1970 */
export async function overwrite(store: Store, key: string, value: string, expires: number): Promise<void> {
  const stored = await store.get(key);
  if (!(await store.put(key, value, expires, stored?.rev ?? 0))) return overwrite(store, key, value, expires);
}
