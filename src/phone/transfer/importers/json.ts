// What readers of JSON share: fields that a product leaves out or sets to null.
import * as v from 'valibot';

export const text = v.optional(v.nullable(v.string()), '');
export const list = <T extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(of: T) =>
  v.optional(v.nullable(v.array(of)), []);

/** What a list holds, were it left out or null. */
export const known = <T>(all: readonly T[] | null | undefined): readonly T[] => all ?? [];

/** A value of a field as text; empty for what is none. */
export const plainText = (value: unknown): string =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';

/** What an item that cannot be read calls itself, under `key`. */
export const titleOf = (item: unknown, key: string): string =>
  v.is(v.record(v.string(), v.unknown()), item) ? plainText(item[key]) : '';

/** JSON, or undefined for what is none. */
export function parseJson(json: string | undefined): unknown {
  if (json === undefined || !/^\uFEFF?\s*[{[]/.test(json)) return undefined;
  try {
    return JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
