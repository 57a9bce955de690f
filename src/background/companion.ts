// The companion in force: what phone page it serves and whose word it takes, as it last said.
import type { Companion } from '../extension/view.ts';
import { ask } from '../protocol/ask.ts';
import type { Clock } from '../protocol/clock.ts';
import { codeOf, ScankeyError } from '../protocol/errors.ts';
import { isSecure } from '../protocol/qr-link.ts';
import { CompanionInfo } from '../protocol/relay.ts';
import { acceptPhonePage } from './phone-page.ts';
import * as storage from './storage.ts';

const WITHIN_MS = 5_000;
const ASK_AGAIN_MS = 600_000;

/** A companion that has answered. */
type Reached = Companion & { phoneOrigin: string };

/** What a companion says of itself, as it is used. @throws ScankeyError `not-a-companion` for one that sends phones to another place */
export function reachedAt(relay: string, { phoneOrigin, providers = [], trial }: CompanionInfo): Reached {
  const [page, own] = [new URL(phoneOrigin), new URL(relay)];
  const elsewhere = own.protocol === 'https:' && own.origin !== phoneOrigin;
  if (!isSecure(page) || page.origin !== phoneOrigin || elsewhere) throw new ScankeyError('not-a-companion');
  return {
    relay,
    phoneOrigin,
    providers: providers.filter(({ where }) => where.includes('page')).map(({ id }) => id),
    ...(trial ? { trial } : {}),
  };
}

/**
 * Asks the companion at `relay` what it is.
 * @throws ScankeyError `unreachable` where nothing answers, `not-a-companion` where something else does, `origin-required` where this
 * extension may open no session, and what the companion itself answers
 */
async function fetchCompanion(relay: string): Promise<Reached> {
  const url = new URL('/v1/companion', relay);
  const init = { signal: AbortSignal.timeout(WITHIN_MS), credentials: 'omit' } as const;
  const info = await ask(CompanionInfo, url, undefined, { ...init, redirect: 'error' }).catch(async (cause) => {
    const code = codeOf(cause, 'unreachable');
    if (code !== 'unreachable' && code !== 'not-found') throw cause;
    // What anybody but a companion says is hidden from us; that it answers is not.
    const answers = await fetch(url, { ...init, mode: 'no-cors' }).then(
      () => true,
      () => false,
    );
    throw new ScankeyError(answers ? 'not-a-companion' : 'unreachable', { cause });
  });
  if (info.admits === false) throw new ScankeyError('origin-required');
  return reachedAt(relay, info);
}

/**
 * Asks it, and uses it from now on.
 * @param isChosen by the person, who takes its phone page with it
 * @throws ScankeyError as `fetchCompanion`, and for one that is chosen as `acceptPhonePage`
 */
export async function useCompanion(relay: string, isChosen = false): Promise<Reached> {
  const companion = await fetchCompanion(relay);
  if (isChosen) await acceptPhonePage(relay);
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
