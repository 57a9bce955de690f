// What each bundle may weigh as it travels (gzip, KiB): a tenth more than it did when this was written. Who needs more says here what for.
// What is injected into pages has its own bound (tests/e2e/extension.test.ts).
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Pattern of the files in `dist` that are one bundle → KiB. */
const LIMITS = {
  'chrome/background.js': 107,
  'chrome/arrival.js': 4,
  'chrome/{popup,options,welcome,shared}*.{js,css}': 65,
  // What a phone loads before it shows anything, and all that it can ask for.
  'phone/assets/{index,page,language-en}*.{js,css}': 88,
  'phone/assets/*.{js,css}': 700,
  'sign-in/*.{js,css}': 94,
};

/** @returns of each bundle what it weighs and may weigh in KiB, and whether it is too much, or is not there at all */
export const weigh = (dist) =>
  Object.entries(LIMITS).map(([pattern, limit]) => {
    const files = globSync(pattern, { cwd: dist });
    const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(dist, name))).length, 0);
    return { pattern, kib: bytes / 1024, limit, isWrong: bytes === 0 || bytes > limit * 1024 };
  });
