// Exports in CSV, whatever divides their columns and ends their lines. What the columns are called stands in columns.ts; where that
// is not known, the person is asked.
import Papa from 'papaparse';
import { ScankeyError } from '../../../protocol/errors.ts';
import { type Column, type Heading, isWhole, understand, understoodBy } from './columns.ts';
import { COLUMNS, type Found, type Item, type Preview, type Read, ROWS_MAX, take, timeOf } from './entry.ts';
import { asWritten } from './own-csv.ts';

/** A table as text: its rows end with \n alone, however they ended in the file, and `first` is the line of the first one. */
interface Table {
  text: string;
  delimiter: string;
  first: number;
}

/** KeePass has backslashes before quotes and backslashes, where all others have a quote before a quote. */
const KEEPASS = /^"Account","Login Name","Password","Web Site","Comments"\n/;

/** Characters that hold the first rows of any table; the reader would take all of a file apart for one of them. */
const FRONT = 65_536;

/** A file may say what divides its columns in a line of its own, as Excel does; otherwise it is what makes the most of the first row. */
function tableOf(written: string): Table {
  const even = written.replace(/\r\n?/g, '\n');
  const text = KEEPASS.test(even) ? even.replace(/\\(["\\])/g, (_all, sign) => (sign === '"' ? '""' : sign)) : even;
  const [said, sign] = /^"?sep=(.)"?\n/i.exec(text) ?? [];
  if (said !== undefined && sign !== undefined) return { text: text.slice(said.length), delimiter: sign, first: 2 };
  const front = text.slice(0, FRONT);
  const width = (delimiter: string) => Papa.parse<string[]>(front, { delimiter, preview: 1 }).data[0]?.length ?? 0;
  const [delimiter = ','] = [',', ';', '\t', '|'].toSorted((a, b) => width(b) - width(a));
  return { text, delimiter, first: 1 };
}

/** A page, XML or JSON, whatever commas it has. */
const MARKUP = /^\s*[<{[]/;

/** A first row with an address in it is none of names. */
const isHeading = (row: readonly string[]): boolean => !row.some((cell) => ADDRESS.test(cell.trim()));
const ADDRESS = /^[a-z]+:\/\//i;

/** @returns undefined for a text that is no table */
export function previewOf(written: string): Preview | undefined {
  const { text, delimiter } = tableOf(written);
  const { data } = Papa.parse<string[]>(text.slice(0, FRONT), { delimiter, preview: 4, skipEmptyLines: true });
  const [first = [], ...others] = data;
  const isTable = first.length > 1 && others.length > 0 && others.every(({ length }) => length === first.length);
  if (!isTable) return undefined;
  const rows = isHeading(first) ? others : data;
  const { places } = understand(isHeading(first) ? first : []);
  const url = places.get('url') ?? first.findIndex((_name, at) => rows.every((row) => ADDRESS.test(row[at] ?? '')));
  const known = COLUMNS.flatMap((column) => {
    const place = column === 'url' ? url : (places.get(column) ?? -1);
    return place < 0 ? [] : [[column, place] as const];
  });
  return { names: first, rows, guess: Object.fromEntries(known) };
}

/** @throws ScankeyError `import-columns` for a table of which nothing says what is what, `import-too-large` */
export const readCsv: Read = async ({ name: own, text: written, columns, beside = [] }) => {
  if (written === undefined || MARKUP.test(written)) return undefined;
  const { text, delimiter, first } = tableOf(written);
  const found: Found = { source: 'CSV', byLine: true, entries: [], unread: [] };
  let heading: Heading | undefined;
  let width = 0;
  // Rows may hold line breaks, so lines are counted by where the reader stands.
  let [line, at] = [first, 0];
  const lineAt = (cursor: number): number => {
    const before = line;
    for (let next = text.indexOf('\n', at); next >= 0 && next < cursor; next = text.indexOf('\n', at)) {
      line++;
      at = next + 1;
    }
    return before;
  };
  Papa.parse<string[]>(text, {
    delimiter,
    newline: '\n',
    // Row by row, so that it ends where there are too many.
    fastMode: false,
    step({ data, meta, errors }, parser) {
      const here = lineAt(meta.cursor);
      // Thrown here, and not at the end, a file of millions of rows costs as little as one of thousands.
      if (found.entries.length + found.unread.length > ROWS_MAX) throw new ScankeyError('import-too-large');
      if (data.length === 1 && data[0]?.trim() === '') return;
      if (!heading) {
        const isNamed = isHeading(data);
        const understood = columns ? understoodBy(columns, isNamed ? data : []) : understand(data);
        if (!columns && !isWhole(understood)) return parser.abort();
        heading = understood;
        found.source = understood.source;
        width = data.length;
        if (!columns || isNamed) return;
      }
      take(found, here, errors.length > 0 ? { not: 'columns' } : itemOf(data, heading, width));
    },
  });
  // Dashlane's cards and notes lie in tables of their own.
  for (const name of beside)
    if (/\.csv$/i.test(name) && name !== own) take(found, 0, { title: name, not: 'other-kind' });
  if (heading) return found.source === 'Scankey' ? asWritten(found) : found;
  if (previewOf(written)) throw new ScankeyError('import-columns');
  return undefined;
};

const LOGIN = /^(logins?|password|1|)$/i;
/** LastPass's address of what is no site. */
const NO_SITE = 'http://sn';
/** KeePassXC's, by the name that it gave it in the language of that computer. */
const BIN =
  /(^|\/)(Recycle Bin|回收站|資源回收筒|ごみ箱|휴지통|Papierkorb|Corbeille|Papelera de reciclaje|Lixeira|Cestino|Prullenbak|Корзина|Kosz)(\/|$)/;
const YES = /^(1|true|yes)$/i;

function itemOf(data: readonly string[], { places, others }: Heading, width: number): Item {
  const get = (column: Column) => data[places.get(column) ?? -1] ?? '';
  const beyond = data.slice(width).some((cell) => cell.trim() !== '');
  const short = data.length <= Math.max(places.get('password') ?? 0, places.get('username') ?? 0);
  if (beyond || short) return { not: 'columns', title: get('title').trim() };
  const name = get('username') || get('email');
  return {
    not:
      (((!LOGIN.test(get('kind').trim()) && get('password') === '') || get('url') === NO_SITE) && 'other-kind') ||
      (!/^(false|0|no|)$/i.test(get('archived').trim()) && 'archived') ||
      (BIN.test(get('group')) && 'binned'),
    title: get('title').trim(),
    urls: addresses(get('url')),
    username: name,
    password: get('password'),
    notes: get('notes'),
    totp: get('totp').trim(),
    tenant: get('tenant'),
    favourite: YES.test(get('favourite')),
    at: timeOf(get('at')),
    fields: [
      ['Email', get('email') === name ? '' : get('email')],
      // Bitwarden's, a line each.
      ['', get('fields')],
      ...[...others].map(([place, title]): [string, string] => [title, data[place] ?? '']),
    ],
  };
}

/** Several addresses in one cell stand apart by blanks or commas. */
const addresses = (cell: string): string[] =>
  cell
    .split(/[\s,]+(?=[a-z][a-z0-9+.-]*:)/i)
    .map((url) => url.trim())
    .filter(Boolean);
