// What the phone stores of its pairings: the records, sealed under the vault's key, and where to listen while that is locked.
import * as v from 'valibot';
import { type Bytes, randomBytes, toBase64 } from '../../protocol/encoding.ts';
import { type Records, read, readSealed, StoredBytes, write, writeSealed, writeThrough } from '../shell/database.ts';

const Box = v.object({ box: v.string(), token: v.string() });
/** Where remembered browsers ask, and what shows that this phone may listen there. */
export type Box = v.InferOutput<typeof Box>;

export const readBoxes = async (): Promise<Box[]> => (await readSealed('boxes', v.array(Box))) ?? [];
export const writeBoxes = (boxes: readonly Box[]): Promise<void> => writeSealed('boxes', boxes);

export const readPairings = (): Promise<Bytes | undefined> => read('links', StoredBytes);

/** On the disk before this resolves: a step that was only promised to be written would shut the browser out. */
export const writePairings = (sealed: Bytes): Promise<void> => writeThrough('links', sealed);

export const recordOfPairings = (links: Bytes): Records => ({ links });

/** This installation's random name for itself, 16 bytes in base64url. */
export async function readInstallation(): Promise<string> {
  const known = await read('installation', v.string());
  if (known) return known;
  const made = toBase64(randomBytes(16));
  await write('installation', made);
  return made;
}
