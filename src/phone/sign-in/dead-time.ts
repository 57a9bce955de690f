// How long a button that releases something stays dead after anything around it has changed, and how it says so (R10).
import type { Clock } from '../../protocol/clock.ts';

/** A button that releases something stays dead this long after anything on the screen has changed, or it came back to sight. */
export const INERT_MS = 500;

const MARK = 'aria-disabled';

/** What a MutationObserver tells of a change. */
type Change = Pick<MutationRecord, 'attributeName' | 'target'>;

export class DeadTime {
  readonly #button: () => Element | null;
  readonly #clock: Clock;
  #since: number;
  #callOff = () => {};

  /**
   * @param button what is dead, while it is there
   * @param clock one that nobody sets
   */
  constructor(button: () => Element | null, clock: Clock) {
    this.#button = button;
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** Whether a tap counts. */
  get isOver(): boolean {
    return this.#clock.now() - this.#since > INERT_MS;
  }

  /** Something has changed: it begins anew. A tap in it would be lost, so the button looks like that. */
  restart(): void {
    this.stop();
    this.#since = this.#clock.now();
    const button = this.#button();
    button?.setAttribute(MARK, 'true');
    // It fills as the time passes, from the start again each time.
    for (const filling of button?.getAnimations() ?? []) filling.currentTime = 0;
    this.#callOff = this.#clock.after(INERT_MS + 1, () => this.#button()?.removeAttribute(MARK));
  }

  /** The document has changed; the button's own look is no change, or it would never come to an end. */
  changed(changes: readonly Change[]): void {
    const button = this.#button();
    const own = ({ attributeName, target }: Change) => attributeName === MARK && target === button;
    if (!changes.every(own)) this.restart();
  }

  /** Nobody looks any more. */
  stop(): void {
    this.#callOff();
  }
}
