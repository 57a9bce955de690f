// The companion in force: what phone page it serves and whose word it takes, as it last said.
import type { Companion } from '../extension/view.ts';
import { ask } from '../protocol/ask.ts';
import type { Clock } from '../protocol/clock.ts';
import { ScankeyError } from '../protocol/errors.ts';
import { isSecure } from '../protocol/qr-link.ts';
import { CompanionInfo } from '../protocol/relay.ts';
import * as storage from './storage.ts';

const WITHIN_MS = 5_000;
const ASK_AGAIN_MS = 600_000;

/** A companion that has answered. */
type Reached = Companion & { phoneOrigin: string };

/** What a companion says of itself, as it is used. @throws ScankeyError `unreachable` for one that sends phones to another place */
export function companionOf(relay: string, { phoneOrigin, providers = [] }: CompanionInfo): Reached {
  const [page, own] = [new URL(phoneOrigin), new URL(relay)];
  const elsewhere = own.protocol === 'https:' && own.origin !== phoneOrigin;
  if (!isSecure(page) || page.origin !== phoneOrigin || elsewhere) throw new ScankeyError('unreachable');
  return { relay, phoneOrigin, providers: providers.filter(({ where }) => where.includes('page')).map(({ id }) => id) };
}

/** Asks the companion at `relay` what it is. @throws ScankeyError `unreachable` */
async function fetchCompanion(relay: string): Promise<Reached> {
  const init = { signal: AbortSignal.timeout(WITHIN_MS), credentials: 'omit', redirect: 'error' } as const;
  const info = await ask(CompanionInfo, new URL('/v1/companion', relay), undefined, init).catch((cause) => {
    throw new ScankeyError('unreachable', { cause });
  });
  return companionOf(relay, info);
}

/** Asks it, and uses it from now on. @throws ScankeyError `unreachable` */
export async function useCompanion(relay: string): Promise<Reached> {
  const companion = await fetchCompanion(relay);
  await storage.writeCompanion(companion);
  return companion;
}

/** Keeps what is known of the companion fresh: whose word it takes may have changed. */
export class CompanionWatch {
  readonly #clock: Clock;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asks again when it was long ago. */
  async refresh(): Promise<void> {
    if (this.#clock.now() < this.#askedAt + ASK_AGAIN_MS) return;
    this.#askedAt = this.#clock.now();
    const { relay, phoneOrigin } = await storage.readCompanion();
    if (phoneOrigin === null) return;
    const now = await fetchCompanion(relay);
    // The person may have chosen another one meanwhile.
    if ((await storage.readCompanion()).relay === relay) await storage.writeCompanion(now);
  }
}
