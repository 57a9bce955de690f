// What our own CSV file does for its other readers, undone: an account of several sites stands in as many rows, and what a spreadsheet
// would run has an apostrophe before it.
import type { Entry, Found } from './entry.ts';

/** What a spreadsheet could run; a line of a list that begins with a hyphen is none. */
const FORMULA = /^(?:[=@\t\r]|[+-](?=[\s\S]*[(|!]))/;
/** Text that does nothing in a spreadsheet. */
export const inert = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);
const active = (text: string): string => (inert(text.slice(1)) === text ? text.slice(1) : text);

const isSame = (one: Entry, other: Entry): boolean =>
  (['title', 'username', 'password', 'notes', 'tenant'] as const).every((key) => one[key] === other[key]);

export function asWritten(found: Found): Found {
  const entries: Entry[] = [];
  for (const one of found.entries) {
    const last = entries.at(-1);
    const { title, notes, tenant } = one;
    const entry = { ...one, title: active(title), notes: active(notes), tenant: active(tenant) };
    // The first row has the code, too.
    if (last && isSame(last, entry) && entry.totp === '') last.urls.push(...entry.urls);
    else entries.push(entry);
  }
  return { ...found, entries };
}
