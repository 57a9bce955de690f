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

/** Whether a code is of no use any more: nobody has scanned it in its time, or it came to nothing. */
const isSpent = ({ session }: Shown, now: number): boolean =>
  hasEnded(session)
    ? session.state !== 'done'
    : session.state === 'created' && now >= session.startedAt + TIMES.shownMs;

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
  #end: PageEnd | undefined;
  #shown: Shown | undefined;
  /** The companion that it is for, by address and phone page. */
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
    const shown = this.#companion === `${relay} ${origin}` ? this.#shown : undefined;
    if (shown && !again && !isSpent(shown, this.#around.clock.now())) return told(shown);
    this.#end?.stop();
    this.#shown = undefined;
    await this.#around.examinePhonePage(relay);
    this.#companion = `${relay} ${origin}`;
    const { clock } = this.#around;
    const around = { clock, origin, connect: () => this.#around.connect(relay), userAgent: this.#userAgent };
    this.#end = new PageEnd(around, {
      asks: () => ({ kind: 'set-up', title: '' }),
      // Nothing is asked for that could be delivered.
      deliver: async () => {},
      show: (now) => {
        this.#shown = now;
      },
    });
    await this.#end.begin();
    if (!this.#shown) throw new ScankeyError('unreachable');
    return told(this.#shown);
  }
}
