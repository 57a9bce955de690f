import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const rows = [
  ...readFileSync(join(root, 'docs/threat-model.md'), 'utf8').matchAll(/^\| (R\d+) [^|]*\|[^|]*\| ([^|]+) \|$/gm),
];
const DUE = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 33, 34,
  35, 36, 37, 41, 43, 44, 45, 46, 48, 49, 50, 51, 52, 53, 54, 55, 57, 58, 59, 60, 64, 65, 67, 68,
];

test('every requirement that is due has a row', () => {
  expect(rows.map(([, id]) => id)).toEqual(DUE.map((number) => `R${number}`));
});

test.each(rows.map(([, id, tests]) => [id, tests] as const))('%s names tests that exist', (_id, tests) => {
  for (const named of (tests ?? '').split(' · ')) {
    const [, file, words] = /^`([\w/-]+)`: (.+)$/.exec(named.trim()) ?? [];
    expect(file, named).toBeDefined();
    expect(readFileSync(join(root, `tests/${file}.test.ts`), 'utf8'), named).toContain(words);
  }
});
