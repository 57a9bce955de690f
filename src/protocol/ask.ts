// Asking a companion over HTTP: JSON both ways, and its problem documents (RFC 9457) as errors.
import * as v from 'valibot';
import { CODES, ScankeyError } from './errors.ts';

const Problem = v.object({
  code: v.picklist(CODES),
  /** The code by which an operator admits or joins somebody (`identity-unknown`, `identity-apart`). */
  detail: v.optional(v.string()),
});

/** A provider may be asked by the companion in between, which takes up to five seconds itself. */
const WITHIN_MS = 15_000;

/**
 * `GET url`, or `POST` where there is a body.
 * @param schema what the answer has to be
 * @param init anything else that `fetch` takes; headers of its own stand in place of the JSON content type
 * @throws ScankeyError with the companion's own code and `detail`, or `unreachable` for no answer and any other one
 */
export async function ask<T>(
  schema: v.GenericSchema<unknown, T>,
  url: string | URL,
  body?: unknown,
  init: RequestInit = {},
): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers };
  let answer: unknown;
  let ok = false;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS), ...post, ...init });
    ok = response.ok;
    answer = await response.json();
  } catch (cause) {
    throw new ScankeyError('unreachable', { cause });
  }
  const parsed = v.safeParse(schema, answer);
  if (ok && parsed.success) return parsed.output;
  const problem = v.safeParse(Problem, answer);
  if (!problem.success) throw new ScankeyError('unreachable');
  const { code, detail } = problem.output;
  throw new ScankeyError(code, detail === undefined ? {} : { detail });
}
