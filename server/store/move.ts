// Moves all that one store has into another: begun again it goes on, and in the end both are compared.
import { hashOf } from './hashes.ts';
import type { Store } from './store.ts';
import { overwrite } from './values.ts';

interface Mark {
  expires: number;
  hash: string;
}

async function marksOf(store: Store): Promise<Map<string, Mark>> {
  const marks = new Map<string, Mark>();
  for await (const { key, value, expires } of store.entries()) marks.set(key, { expires, hash: hashOf(value) });
  return marks;
}

const isSame = (one: Mark | undefined, other: Mark): boolean =>
  one?.expires === other.expires && one.hash === other.hash;

/**
 * Nobody may use either meanwhile.
 * @param to has nothing, or what an earlier try has moved
 * @returns how many records were written
 * @throws Error in words for an operator, where `from` has no records, `to` has records of its own, or lacks some in the end
 */
export async function moveAll(from: Store, to: Store, now: () => number = Date.now): Promise<number> {
  const [here, there] = [await marksOf(from), await marksOf(to)];
  if ([...there.keys()].some((key) => !here.has(key)))
    throw new Error('What is to be moved to has records of its own, which the other has not: begin with an empty one.');
  if (here.size === 0)
    throw new Error('There are no records to be moved: are --data and REDIS_URL those of the companion that had them?');
  let written = 0;
  for await (const { key, value, expires } of from.entries()) {
    const mark = here.get(key);
    if (mark && isSame(there.get(key), mark)) continue;
    await overwrite(to, key, value, expires);
    written++;
  }
  const moved = await marksOf(to);
  // What has ended meanwhile has ended.
  const lacking = [...here].filter(([key, mark]) => mark.expires > now() && !isSame(moved.get(key), mark));
  if (lacking.length > 0)
    throw new Error(`${lacking.length} records differ: a companion has gone on meanwhile. Stop it, and move again.`);
  return written;
}
