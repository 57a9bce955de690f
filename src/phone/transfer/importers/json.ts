// What readers of JSON share: fields that a product leaves out or sets to null.
import * as v from 'valibot';

export const text = v.optional(v.nullable(v.string()), '');
export const list = <T extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(of: T) =>
  v.optional(v.nullable(v.array(of)), []);

/** JSON, or undefined for what is none. */
export function parseJson(json: string | undefined): unknown {
  if (json === undefined || !/^\s*[{[]/.test(json)) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
