// How many entries of each format come in right, of the exports that the tests make up: every field that the format has a place for.
import { EXPORTS } from '../tests/fakes/exports.ts';
import { wrongIn } from '../tests/unit/import-table.ts';

/** Rows of Markdown, one a format: entries right of entries, and what was not right. */
export async function sayImports(): Promise<string> {
  const rows = await Promise.all(
    EXPORTS.map(async (file) => {
      const wrong = await wrongIn(file);
      const right = wrong.filter((fields) => fields.length === 0).length;
      return { format: file.format, right, of: wrong.length, fields: [...new Set(wrong.flat())] };
    }),
  );
  const sum = (which: 'right' | 'of') => rows.reduce((all, row) => all + row[which], 0);
  return [
    '| format | right of entries |',
    '|---|---|',
    ...rows.map(
      ({ format, right, of, fields }) =>
        `| ${format} | ${right} of ${of}${fields.length ? `: ${fields.join()}` : ''} |`,
    ),
    `| all ${rows.length} | ${sum('right')} of ${sum('of')} |`,
  ].join('\n');
}
