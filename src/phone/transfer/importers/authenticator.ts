// What readers of authenticator apps share: a list of codes, each of a kind.
import * as v from 'valibot';
import { addressOf, type Code } from './code.ts';
import { type Found, type Item, take } from './entry.ts';
import { titleOf } from './json.ts';

/** One code as an app stores it, in its words. */
interface Stored extends Code {
  /** totp, steam, hotp, or what else there is. */
  kind: string;
}

/**
 * Reads each of `items` by `schema`; those that it does not fit are named as unreadable.
 * @param title where even such a one may have its name
 */
export function takeAll<S extends v.GenericSchema>(
  source: string,
  items: readonly unknown[],
  schema: S,
  title: string,
  itemOf: (one: v.InferOutput<S>) => Item,
): Found {
  const found: Found = { source, entries: [], unread: [] };
  for (const [index, raw] of items.entries()) {
    const parsed = v.safeParse(schema, raw);
    take(found, index + 1, parsed.success ? itemOf(parsed.output) : { title: titleOf(raw, title), not: 'unreadable' });
  }
  return found;
}

/** An account of that code alone; one of a kind that no account can hold is named. */
export function codeItem({ kind, ...code }: Stored): Item {
  const steam = /^steam$/i.test(kind);
  const totp = steam || /^totp$/i.test(kind) ? addressOf({ ...code, steam }) : undefined;
  const other = /^hotp$/i.test(kind) ? 'counter' : /^(totp|steam)$/i.test(kind) ? 'totp' : 'other-kind';
  return {
    title: code.issuer || code.account || '',
    username: code.account ?? '',
    totp: totp ?? '',
    not: totp === undefined && other,
  };
}
