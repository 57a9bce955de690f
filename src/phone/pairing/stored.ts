// What the phone stores of its pairings: the records, sealed under the vault's key, and where to listen while that is locked.
import * as v from 'valibot';
import type { Bytes } from '../../protocol/encoding.ts';
import { read, readSealed, StoredBytes, writeSealed, writeThrough } from '../shell/database.ts';

const Box = v.object({ box: v.string(), token: v.string() });
/** Where remembered browsers ask, and what shows that this phone may listen there. */
export type Box = v.InferOutput<typeof Box>;

export const readBoxes = async (): Promise<Box[]> => (await readSealed('boxes', v.array(Box))) ?? [];
export const writeBoxes = (boxes: readonly Box[]): Promise<void> => writeSealed('boxes', boxes);

export const readPairings = (): Promise<Bytes | undefined> => read('links', StoredBytes);

/** On the disk before this resolves: a step that was only promised to be written would shut the browser out. */
export const writePairings = (sealed: Bytes): Promise<void> => writeThrough('links', sealed);
