// Rows of a CSV file for products whose rows mean more than one column each.
import Papa from 'papaparse';
import { ScankeyError } from '../../../protocol/errors.ts';
import { ROWS_MAX } from './entry.ts';

export interface Row {
  /** Of the file, from 1, where the row begins. */
  line: number;
  cells: string[];
}

/** All rows but those in which nothing stands. @throws ScankeyError `import-too-large` */
export function rowsOf(text: string): Row[] {
  const rows: Row[] = [];
  const even = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  let [line, from] = [1, 0];
  Papa.parse<string[]>(even, {
    delimiter: ',',
    newline: '\n',
    step({ data, meta }) {
      if (rows.length > ROWS_MAX) throw new ScankeyError('import-too-large');
      if (data.some((cell) => cell.trim() !== '')) rows.push({ line, cells: data });
      for (let at = even.indexOf('\n', from); at >= 0 && at < meta.cursor; at = even.indexOf('\n', from)) {
        line++;
        from = at + 1;
      }
    },
  });
  return rows;
}

/** What stands in the columns of a row, by the names in the first one, which are compared without case. */
export function named(header: Row, { cells }: Row): (column: string) => string {
  const names = header.cells.map((name) => name.trim().toLowerCase());
  return (column) => cells[names.indexOf(column)] ?? '';
}

/** Whether all of `columns` are among the names in the first row. */
export function has(header: Row | undefined, ...columns: readonly string[]): header is Row {
  const names = header?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  return columns.every((column) => names.includes(column));
}
