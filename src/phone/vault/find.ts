// The way to a vault by a provider's word: the companion keeps the sealed recovery key of the backup for whoever the provider says
// this is. It finds the backup; the passphrase opens it (R36). Put by only when the person asks for that.
import { signal } from '@preact/signals';
import * as v from 'valibot';
import { randomBytes, toBase64 } from '../../protocol/encoding.ts';
import { CODES, type Code, codeOf, ScankeyError } from '../../protocol/errors.ts';
import { CompanionInfo } from '../../protocol/relay.ts';
import { readEscrow, takeEscrow } from './open-vault.ts';

/** Providers that can be asked, and how the last visit went. */
export const finders = signal<readonly ('wechat' | 'dingtalk' | 'wecom' | 'feishu')[]>([]);
export const visited = signal<{ done: 'linked' } | { code: Code } | undefined>(undefined);

const KEY = 'finding';
const Visit = v.object({ secret: v.string(), does: v.picklist(['link', 'find']) });
const Problem = v.object({ code: v.picklist(CODES) });

/** @throws ScankeyError with the companion's own code, or `unreachable` */
async function ask<T>(schema: v.GenericSchema<unknown, T>, body: object): Promise<T> {
  const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch('/v1/vault', init).catch(() => undefined);
  const answer: unknown = await response?.json().catch(() => undefined);
  const parsed = v.safeParse(schema, answer);
  if (response?.ok && parsed.success) return parsed.output;
  const problem = v.safeParse(Problem, answer);
  throw new ScankeyError(problem.success ? problem.output.code : 'unreachable');
}

/** Asks the companion once whose word it takes. */
export async function readFinders(): Promise<void> {
  const response = await fetch('/v1/companion').catch(() => undefined);
  const info = v.safeParse(CompanionInfo, await response?.json().catch(() => undefined));
  if (!info.success) return;
  const known = ['wechat', 'dingtalk', 'wecom', 'feishu'] as const;
  finders.value = known.filter((id) =>
    info.output.providers?.some((one) => one.id === id && one.where.includes('page')),
  );
}

/** The person's tap: leaves for the provider's page, and comes back to `backFromFinding`. */
export async function visit(provider: string, does: 'link' | 'find'): Promise<void> {
  visited.value = undefined;
  const secret = toBase64(randomBytes(32));
  try {
    const { to } = await ask(v.object({ to: v.pipe(v.string(), v.url()) }), { t: 'begin', provider, secret });
    sessionStorage.setItem(KEY, JSON.stringify({ secret, does }));
    location.assign(to);
  } catch (error) {
    visited.value = { code: codeOf(error, 'unreachable') };
  }
}

/** Back from a provider's page, if that is where this page was. */
export async function backFromFinding(): Promise<void> {
  const kept = v.safeParse(v.pipe(v.string(), v.parseJson(), Visit), sessionStorage.getItem(KEY));
  sessionStorage.removeItem(KEY);
  if (!kept.success) return;
  const { secret, does } = kept.output;
  try {
    if (does === 'find') takeEscrow((await ask(v.object({ escrow: v.string() }), { t: 'find', secret })).escrow);
    else {
      await ask(v.object({}), { t: 'link', secret, escrow: readEscrow() ?? '' });
      visited.value = { done: 'linked' };
    }
  } catch (error) {
    const code = codeOf(error, 'unreachable');
    visited.value = { code: code === 'provider-state' ? 'provider-cancelled' : code };
  }
}
