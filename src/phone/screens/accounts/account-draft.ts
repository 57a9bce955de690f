// What a form says of an account, judged before it is saved.
import { GUARDS } from '../../../protocol/proximity.ts';
import type { Entry } from '../../parts/form.tsx';
import { MATCHES } from '../../vault/document.ts';
import type { Fields } from '../../vault/edits.ts';
import { originOf } from '../../vault/sites.ts';
import { readSeed } from '../../vault/totp.ts';

/** What is wrong with a form, as the key of the sentence that says it. */
export type Fault = 'siteWrong' | 'totpWrong' | 'passwordMissing';

/** Sites as they are typed: one a line. */
const sitesOf = (typed: string): (string | undefined)[] =>
  typed
    .split(/[\n,]+/)
    .map((line) => line.trim())
    .filter(Boolean)
    .map(originOf);

/**
 * @param entry the form's fields by their names
 * @param seed of one-time codes, as it was typed or scanned; empty for none
 */
export async function readDraft(entry: Entry, password: string, seed: string): Promise<Fields | Fault> {
  const totp = seed.trim() && (await readSeed(seed));
  if (totp === undefined) return 'totpWrong';
  if (!password && !totp) return 'passwordMissing';
  const sites = sitesOf(entry('site'));
  const title = entry('title').trim();
  if (sites.includes(undefined) || (sites.length === 0 && title === '')) return 'siteWrong';
  return {
    title,
    sites: [...new Set(sites.filter((site) => site !== undefined))],
    match: MATCHES.find((match) => match === entry('match')) ?? 'origin',
    username: entry('username'),
    password,
    notes: entry('notes'),
    tenant: entry('tenant'),
    totp,
    guard: GUARDS.find((guard) => guard === entry('guard')) ?? 'none',
  };
}
