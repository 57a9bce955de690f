// Builds every part into dist/: `npm run build`, and what start, package and tests call.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { COMPANION, configOf, PARTS } from '../vite.config.ts';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');

/**
 * Builds one part into a folder of its name in `out`: the bytes that are shipped, whoever calls. Vitest has a NODE_ENV of its own, by which
 * JSX and libraries would be others.
 */
export async function buildPart(part, companion = COMPANION, out = dist) {
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    await build({ configFile: false, ...configOf(part, companion, out) });
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}

/** @param companion what the extension speaks to until a person chooses another */
export async function buildAll(companion = COMPANION) {
  for (const part of PARTS) await buildPart(part, companion);
  writeFileSync(join(dist, 'companion'), companion);
}

/** Newest change under `folder`, in ms. */
function newest(folder) {
  return Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
}

/** Builds unless dist is newer than every source and made for `companion`. */
export async function buildIfStale(companion) {
  const files = ['manifest.json', 'package.json', 'vite.config.ts', 'store/phone-pages.json'].map(
    (file) => statSync(join(root, file)).mtimeMs,
  );
  const sources = Math.max(newest(join(root, 'src')), newest(join(root, 'scripts')), ...files);
  const stamp = join(dist, 'companion');
  if (existsSync(stamp) && statSync(stamp).mtimeMs > sources && readFileSync(stamp, 'utf8') === companion) return;
  await buildAll(companion);
}

if (process.argv[1] === import.meta.filename) await buildAll();
