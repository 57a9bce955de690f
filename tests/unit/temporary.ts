// The folder that a run of the unit tests writes into, gone with the run: in memory where there is room, since a database waits for the
// disk at each write.
import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

const MEMORY = '/dev/shm';
const LEAST_BYTES = 256 * 2 ** 20;

function hasRoom(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= LEAST_BYTES;
  } catch {
    return false;
  }
}

export default function setup({ config }: TestProject): () => void {
  const folder = mkdtempSync(join(hasRoom() ? MEMORY : tmpdir(), 'scankey-run-'));
  config.env = { ...config.env, TMPDIR: folder };
  return () => rmSync(folder, { recursive: true, force: true });
}
