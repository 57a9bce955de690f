import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { titlesIn } from './titles.ts';

const root = join(import.meta.dirname, '../..');
const rows = [
  ...readFileSync(join(root, 'docs/threat-model.md'), 'utf8').matchAll(/^\| (R\d+) [^|]*\|[^|]*\| ([^|]+) \|$/gm),
];
const DUE = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 33, 34,
  35, 36, 37, 41, 42, 43, 44, 45, 46, 48, 49, 50, 51, 52, 53, 54, 55, 57, 58, 59, 60, 64, 65, 67, 68,
];

const read = new Map<string, string[]>();
/** The titles of a test file, read once. */
function titlesOf(file: string): string[] {
  const path = join(root, `tests/${file}.test.ts`);
  const titles = read.get(path) ?? titlesIn(path, readFileSync(path, 'utf8'));
  read.set(path, titles);
  return titles;
}

test('every requirement that is due has a row', () => {
  expect(rows.map(([, id]) => id)).toEqual(DUE.map((number) => `R${number}`));
});

test.each(rows.map(([, id, tests]) => [id, tests] as const))('%s names tests that run', (_id, tests) => {
  for (const named of (tests ?? '').split(' · ')) {
    const [, file, words] = /^`([\w/-]+)`: (.+)$/.exec(named.trim()) ?? [];
    expect(file, named).toBeDefined();
    expect(
      titlesOf(file ?? '').filter((title) => title.includes(words ?? '?')),
      named,
    ).not.toEqual([]);
  }
});

test('words in a comment or a string, and tests that do not run, are no titles', () => {
  const text = `// test('in a comment', () => {});
    const other = "test('in a string')";
    test.skip('skipped', () => {});
    test.todo('to be written');
    test.fails('known to fail', () => {});
    describe.skip('not now', () => { test('inside of it', () => {}); });
    describe.each(makes)('in %s', () => { test.runIf(true).each([['first', 1], ['last', 2]])('runs %s', () => {}); });
    for (const id of ids) test(\`\${id}: runs, too\`, () => {});`;
  expect(titlesIn('some.test.ts', text)).toEqual(['in %s runs first', 'in %s runs last', '…: runs, too']);
});
