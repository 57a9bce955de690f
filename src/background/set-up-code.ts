// The code of the page after installing. A phone that has scanned it says that it has a vault, once it has one, and is asked for nothing
// else: whoever else scans it learns what browser this is, and gains the practice page. It lives in this worker's memory alone, whom the
// page's questions keep awake; one that has lost it draws another.
import type { SetUp } from '../extension/messages.ts';
import { ScankeyError } from '../protocol/errors.ts';
import { hasEnded } from '../protocol/session/common.ts';
import { PageEnd, type Shown } from '../protocol/session/page-end.ts';
import { TIMES } from '../protocol/session/types.ts';
import { useCompanion } from './companion.ts';
import * as storage from './storage.ts';
import type { Surroundings } from './surroundings.ts';

/** A code that was drawn, and how far a phone has come with it. */
interface Code {
  end: PageEnd;
  shown?: Shown;
}

/** A phone has scanned it, and it has not come to nothing. */
const isTakenUp = ({ session }: Shown): boolean =>
  session.state === 'done' || (session.state !== 'created' && !hasEnded(session));

/** It belongs on the screen: a phone that sees it now has time to join. */
const isFresh = ({ session }: Shown, now: number): boolean =>
  session.state === 'created' && now < session.startedAt + TIMES.shownMs;

const stepOf = ({ session: { state, result } }: Shown): SetUp['step'] => {
  if (result === 'saved') return 'set-up';
  return state === 'created' ? 'to-scan' : 'scanned';
};

const told = (shown: Shown): SetUp => {
  const { path, size } = shown.drawing;
  return { step: stepOf(shown), drawing: { path, size }, up: shown.up };
};

export class SetUpCode {
  readonly #around: Pick<Surroundings, 'clock' | 'connect' | 'examinePhonePage'>;
  readonly #userAgent: string;
  /** The newest first; the one that has left the screen for it can still be joined, by a phone that saw it. */
  #codes: Code[] = [];
  /** The companion that they are for, by address and phone page. */
  #companion = '';
  #before: Promise<unknown> = Promise.resolve();

  constructor(around: Pick<Surroundings, 'clock' | 'connect' | 'examinePhonePage'>, userAgent: string) {
    this.#around = around;
    this.#userAgent = userAgent;
  }

  /**
   * A code that can be scanned, or how far a phone has come that has; asked again and again while somebody looks.
   * @param again a fresh code, whatever has become of the last
   * @throws ScankeyError as `useCompanion` if the companion was never reached, and before a fresh code as `examinePhonePage`
   */
  show(again: boolean): Promise<SetUp> {
    // Of two that ask at once the second would begin another.
    const done = this.#before.then(() => this.#show(again));
    this.#before = done.catch(() => {});
    return done;
  }

  async #show(again: boolean): Promise<SetUp> {
    const companion = await storage.readCompanion();
    const { relay } = companion;
    const origin = companion.phoneOrigin ?? (await useCompanion(relay)).phoneOrigin;
    const named = `${relay} ${origin}`;
    if (again || this.#companion !== named) this.#keep(undefined);
    this.#companion = named;
    const taken = this.#codes.find(({ shown }) => shown && isTakenUp(shown));
    if (taken) this.#keep(taken);
    const [code] = this.#codes;
    const shown = code?.shown;
    if (shown && (taken || isFresh(shown, this.#around.clock.now()))) return told(shown);
    this.#keep(code);
    await this.#around.examinePhonePage(relay).catch((error: unknown) => {
      this.#keep(undefined);
      throw error;
    });
    return told(await this.#draw(relay, origin));
  }

  /** What else there is, is void. */
  #keep(code: Code | undefined): void {
    for (const one of this.#codes) if (one !== code) one.end.stop();
    this.#codes = code ? [code] : [];
  }

  async #draw(relay: string, origin: string): Promise<Shown> {
    const { clock } = this.#around;
    const around = { clock, origin, connect: () => this.#around.connect(relay), userAgent: this.#userAgent };
    const code: Code = {
      end: new PageEnd(around, {
        asks: () => ({ kind: 'set-up', title: '' }),
        // Nothing is asked for that could be delivered.
        deliver: async () => {},
        show: (shown) => {
          code.shown = shown;
        },
      }),
    };
    this.#codes.unshift(code);
    await code.end.begin();
    if (!code.shown) throw new ScankeyError('unreachable');
    return code.shown;
  }
}
