// docs/threat-model.md says of each requirement whether it holds, and names tests that are there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rowsOf, unproven } from './threat-map.ts';
import { titlesIn } from './titles.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const rows = rowsOf(read('docs/threat-model.md'));

const known = new Map<string, string[]>();
/** The titles of a test file, read once. */
function titlesOf(file: string): string[] {
  const path = join(root, `tests/${file}.test.ts`);
  const titles = known.get(path) ?? titlesIn(path, readFileSync(path, 'utf8'));
  known.set(path, titles);
  return titles;
}

test('every requirement has a row', () => {
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 69 }, (_, i) => `R${i + 1}`));
});

test.each(rows.map((row) => [row.id, row] as const))(
  '%s says whether it holds, what is lacking, and which tests say so',
  (_id, row) => {
    expect(['holds', 'partly', 'not yet']).toContain(row.state);
    expect(/\blacking: /.test(row.how), 'what is lacking is said').toBe(row.state !== 'holds');
    expect(row.tests.length > 0, 'a test says so').toBe(row.state !== 'not yet');
    for (const { file, words } of row.tests)
      expect(
        titlesOf(file).filter((title) => title.includes(words)),
        `${file}: ${words}`,
      ).not.toEqual([]);
  },
);

test('the risk assessment has an answer to each mitigation of BCP 247, and names requirements that are there', () => {
  const text = read('docs/risk-assessment.md');
  const section = text.slice(text.indexOf('| section 6.1 |'), text.indexOf('## Verdict'));
  const answers = [...section.matchAll(/^\| ([a-z][^|]*) \| (yes|no|partly|for|the)\b/gm)].map(([, name]) => name);
  // RFC 10027 section 6.1.1 to 6.1.17, in its order.
  expect(answers).toEqual([
    'establish proximity',
    'short-lived codes',
    'one-time codes',
    'unique codes',
    'content filtering',
    'detect and remediate',
    'trusted devices',
    'trusted networks',
    'limited scopes',
    'short-lived tokens',
    'rate limits',
    'sender-constrained tokens',
    'user education',
    'user experience',
    'authenticate, then initiate',
    'request initiation verification',
    'request binding with out-of-band data',
  ]);
  const named = [...text.matchAll(/\bR(\d+)\b/g)].map(([id]) => id);
  expect(named.filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
});

test('words in a comment or a string, and tests that do not run, are no titles', () => {
  const text = `// test('in a comment', () => {});
    const other = "test('in a string')";
    test.skip('skipped', () => {});
    test.todo('to be written');
    test.fails('known to fail', () => {});
    test.skipIf(!there)('here and there', () => {});
    describe.skip('not now', () => { test('inside of it', () => {}); });
    describe.each(makes)('in %s', () => { test.runIf(true).each([['first', 1], ['last', 2]])('runs %s', () => {}); });
    for (const id of ids) test(\`\${id}: runs, too\`, () => {});`;
  expect(titlesIn('some.test.ts', text)).toEqual(['in %s runs first', 'in %s runs last', '…: runs, too']);
});

describe('what has run', () => {
  const map = rowsOf('| R7 one version | holds | refused | `unit/a`: first words · `e2e/b`: last words |');
  const report = (...results: [file: string, fullName: string, status: string][]) => ({
    testResults: results.map(([file, fullName, status]) => ({
      name: `/somewhere/tests/${file}.test.ts`,
      assertionResults: [{ fullName, status }],
    })),
  });
  const first = ['unit/a', 'a first words b', 'passed'] as const;
  test.each([
    ['both', [['e2e/b', 'x last words', 'passed']], []],
    [
      'one of two browsers',
      [
        ['e2e/b', 'A last words', 'passed'],
        ['e2e/b', 'B last words', 'skipped'],
      ],
      [],
    ],
    ['one that failed', [['e2e/b', 'last words', 'failed']], ['R7: e2e/b: last words']],
    [
      'one that failed in one of two browsers',
      [
        ['e2e/b', 'A last words', 'passed'],
        ['e2e/b', 'B last words', 'failed'],
      ],
      ['R7: e2e/b: last words'],
    ],
    ['one that was skipped', [['e2e/b', 'last words', 'skipped']], ['R7: e2e/b: last words']],
    ['one in another file', [['e2e/c', 'last words', 'passed']], ['R7: e2e/b: last words']],
    ['one of other words', [['e2e/b', 'last', 'passed']], ['R7: e2e/b: last words']],
    ['nothing more', [], ['R7: e2e/b: last words']],
  ] as [string, [string, string, string][], string[]][])(
    'proves a row by its named tests alone: %s',
    (_name, results, open) => {
      expect(unproven(map, report([...first], ...results))).toEqual(open);
    },
  );
});
