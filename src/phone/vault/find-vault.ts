// The way to a vault by a provider's word: the companion stores the sealed recovery key of the backup for whoever the provider says
// this is. It finds the backup; the passphrase opens it (R36). Put by only when the person asks for that.
import { signal } from '@preact/signals';
import * as v from 'valibot';
import { ask } from '../../protocol/ask.ts';
import { randomBytes, toBase64 } from '../../protocol/encoding.ts';
import { type Code, codeOf } from '../../protocol/errors.ts';
import { PROVIDER_IDS, type ProviderId } from '../../protocol/providers.ts';
import { CompanionInfo } from '../../protocol/relay.ts';
import { readEscrow, takeEscrow } from './vault.ts';

/** Providers that can be asked, and how the last visit went. */
export const finders = signal<readonly ProviderId[]>([]);
export const visited = signal<{ done: 'linked' } | { code: Code } | undefined>(undefined);

const KEY = 'finding';
const VAULT = '/v1/vault';
const Visit = v.object({ secret: v.string(), does: v.picklist(['link', 'find']) });
/** Asks the companion once whose word it takes. */
export async function readFinders(): Promise<void> {
  const { providers = [] } = await ask(CompanionInfo, '/v1/companion').catch(() => ({ providers: [] }));
  finders.value = PROVIDER_IDS.filter((known) =>
    providers.some(({ id, where }) => id === known && where.includes('page')),
  );
}

/** The person's tap: leaves for the provider's page, and comes back to `backFromFinding`. */
export async function visit(provider: string, does: 'link' | 'find'): Promise<void> {
  visited.value = undefined;
  const secret = toBase64(randomBytes(32));
  try {
    const { to } = await ask(v.object({ to: v.pipe(v.string(), v.url()) }), VAULT, { t: 'begin', provider, secret });
    sessionStorage.setItem(KEY, JSON.stringify({ secret, does }));
    location.assign(to);
  } catch (error) {
    visited.value = { code: codeOf(error, 'unreachable') };
  }
}

/** Back from a provider's page, if that is where this page was. */
export async function backFromFinding(): Promise<void> {
  const stored = v.safeParse(v.pipe(v.string(), v.parseJson(), Visit), sessionStorage.getItem(KEY));
  sessionStorage.removeItem(KEY);
  if (!stored.success) return;
  const { secret, does } = stored.output;
  try {
    if (does === 'find') takeEscrow((await ask(v.object({ escrow: v.string() }), VAULT, { t: 'find', secret })).escrow);
    else {
      await ask(v.object({}), VAULT, { t: 'link', secret, escrow: readEscrow() ?? '' });
      visited.value = { done: 'linked' };
    }
  } catch (error) {
    const code = codeOf(error, 'unreachable');
    visited.value = { code: code === 'provider-state' ? 'provider-cancelled' : code };
  }
}
