// Whether all companions on one Redis sign with the same keys: each says which it has, in no more than a hash, and the doctor compares.
import * as v from 'valibot';
import { hashOf } from '../store/hashes.ts';
import type { Store } from '../store/store.ts';
import { overwrite } from '../store/values.ts';
import type { Report } from './address.ts';

const PREFIX = 'keys-of:';
const AGAIN_MS = 60_000;
/** One that has ended is none of them any more. */
const LASTS_MS = 2 * AGAIN_MS + 30_000;
const Said = v.pipe(v.string(), v.parseJson(), v.object({ node: v.string(), keys: v.string() }));

/** @param node the name of this companion @param keys the hash of those that it has now @returns what says so, where it is time */
export function newKeysTeller(store: Store, node: string, keys: () => Promise<string>, now = Date.now) {
  let [said, at] = ['', 0];
  return async (): Promise<void> => {
    const have = await keys();
    if (have === said && Math.abs(now() - at) < AGAIN_MS) return;
    await overwrite(store, PREFIX + hashOf(node), JSON.stringify({ node, keys: have }), now() + LASTS_MS);
    [said, at] = [have, now()];
  };
}

export async function lookAtKeys(store: Store, { line }: Report): Promise<void> {
  const all = (await store.list(PREFIX)).map((value) => v.parse(Said, value));
  const nodes = new Map<string, string[]>();
  for (const { node, keys } of all) nodes.set(keys, [...(nodes.get(keys) ?? []), node]);
  const [most = [], ...others] = [...nodes.values()].sort((a, b) => b.length - a.length);
  if (others.length > 0)
    line(
      false,
      `keys: ${others.flat().sort().join(', ')} signs with others than ${most.sort().join(', ')}. Let "keys:" in each team’s file lead to the same file, and start each anew`,
    );
  else if (most.length > 0) line(true, `keys: the same at ${most.sort().join(', ')}`);
}
