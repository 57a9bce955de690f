// The table of docs/threat-model.md: which requirement holds, in part or not yet, and which tests say so. `npm test` compares it with
// what has run.

export interface Row {
  id: string;
  state: string;
  /** How it holds, and what is lacking. */
  how: string;
  tests: Named[];
}
/** A test by its file under tests/, without the ending, and words of its title after the titles of what it stands in. */
interface Named {
  file: string;
  words: string;
}

/** @throws Error for a test that is not named as `file`: words */
function namedIn(cell: string): Named[] {
  if (cell === '–') return [];
  return cell.split(' · ').map((one) => {
    const [, file, words] = /^`([\w/-]+)`: (.+)$/.exec(one) ?? [];
    if (file === undefined || words === undefined) throw new Error(`no name of a test: ${one}`);
    return { file, words };
  });
}

/** @returns the rows of the requirements' table */
export const rowsOf = (document: string): Row[] =>
  [...document.matchAll(/^\| (R\d+) [^|]*\| ([^|]*) \| ([^|]*) \| ([^|]*) \|$/gm)].map(
    ([, id = '', state = '', how = '', cell = '']) => ({ id, state, how, tests: namedIn(cell) }),
  );

/** What vitest's JSON reporter writes, as far as it is read here. */
export interface Report {
  testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
}

/** @returns a line for each test of the map that did not run, was skipped or failed; one that runs in one browser alone has run */
export function unproven(rows: readonly Row[], { testResults }: Report): string[] {
  const wasSeen = ({ file, words }: Named): boolean => {
    const results = testResults
      .filter(({ name }) => name.endsWith(`/tests/${file}.test.ts`))
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ fullName }) => fullName.includes(words))
      .map(({ status }) => status);
    return results.includes('passed') && !results.includes('failed');
  };
  return rows.flatMap(({ id, tests }) =>
    tests.filter((one) => !wasSeen(one)).map(({ file, words }) => `${id}: ${file}: ${words}`),
  );
}
