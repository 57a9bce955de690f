// Asking the companion that serves this page.
import * as v from 'valibot';
import { CODES, ScankeyError } from '../../protocol/errors.ts';

const Problem = v.object({ code: v.picklist(CODES) });
const WITHIN_MS = 15_000;

/** `GET path`, or `POST` with a body, as JSON. @throws ScankeyError with the companion's own code, or `unreachable` */
export async function ask<T>(schema: v.GenericSchema<unknown, T>, path: string, body?: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers };
  const response = await fetch(path, { ...init, signal: AbortSignal.timeout(WITHIN_MS) }).catch(() => undefined);
  const answer: unknown = await response?.json().catch(() => undefined);
  const parsed = v.safeParse(schema, answer);
  if (response?.ok && parsed.success) return parsed.output;
  const problem = v.safeParse(Problem, answer);
  throw new ScankeyError(problem.success ? problem.output.code : 'unreachable');
}
