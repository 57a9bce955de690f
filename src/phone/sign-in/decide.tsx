// The tap that releases something: only a person's own, on a button that was in sight for a while (R10).
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Clock, systemClock } from '../../protocol/clock.ts';
import type { Code } from '../../protocol/errors.ts';
import { useAttempt } from '../parts/attempt.ts';
import { Failure } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import type { Tap } from './answers.ts';
import type { Approval } from './approval.ts';
import { DeadTime, INERT_MS } from './dead-time.ts';
import type { PhoneSignIn } from './phone-sign-in.ts';

/** By the page's own clock: the computer's may be set meanwhile. */
const STEADY: Clock = { ...systemClock, now: () => performance.now() };

/**
 * Tells a person's own tap, on a screen that has stood as it is for a while, in a page of its own, from anything else.
 * @returns `failure` says why the tap came to nothing; `button` is to be given the one that is tapped, which says while it is dead
 */
export function useDecision() {
  const button = useRef<HTMLButtonElement>(null);
  const dead = useMemo(() => new DeadTime(() => button.current, STEADY), []);
  const { failure, attempt } = useAttempt('not-opened');
  useLayoutEffect(() => {
    const restart = () => dead.restart();
    restart();
    // Whatever changes counts, and not what somebody has thought of: all of the page is watched.
    const watch = new MutationObserver((changes) => dead.changed(changes));
    watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    // What is typed, chosen and ticked is no change of the document, and a page that is resized has moved its buttons.
    const others = ['visibilitychange', 'input', 'resize'];
    for (const event of others) window.addEventListener(event, restart, true);
    return () => {
      dead.stop();
      watch.disconnect();
      for (const event of others) window.removeEventListener(event, restart, true);
    };
  }, [dead]);
  const isTap = (event: MouseEvent): boolean => {
    const seen = dead.isOver && document.visibilityState === 'visible';
    return event.isTrusted && seen && window.top === window;
  };
  const onTap = (work: () => Promise<unknown>) => (event: MouseEvent) => {
    if (isTap(event)) void attempt(work);
  };
  return { failure, button, onTap };
}

/** Whether a button that has come up by itself, where a finger may be, has been in sight for a while. */
export function useAwake(): boolean {
  const [awake, setAwake] = useState(false);
  useLayoutEffect(() => {
    const timer = setTimeout(setAwake, INERT_MS, true);
    return () => clearTimeout(timer);
  }, []);
  return awake;
}

/** The foot of a request's sheet: why a tap came to nothing, and the two buttons that never change places. */
export const Decide = (props: {
  signIn: PhoneSignIn;
  current: Approval;
  label: string;
  ready: boolean;
  decision: ReturnType<typeof useDecision>;
  /** What else is in the way of the tap. */
  failure?: Code | undefined;
  /** What the tap releases, made from what is on the screen; nothing where there is nothing to release. */
  tap: () => Tap | undefined | Promise<Tap | undefined>;
}) => (
  <>
    <Failure code={props.failure ?? props.decision.failure.value} />
    <button
      type="button"
      class="primary"
      ref={props.decision.button}
      disabled={!props.ready}
      onClick={props.decision.onTap(async () => {
        const tap = await props.tap();
        if (tap) await props.signIn.tap(tap);
      })}
    >
      {props.label}
    </button>
    <button type="button" onClick={() => void props.signIn.decline()}>
      {say(props.current.computer ? 'notNow' : 'decline')}
    </button>
  </>
);

/** What to do where it was not oneself: for a remembered computer the way to be rid of it. */
export const Disown = ({ signIn, current }: { signIn: PhoneSignIn; current: Approval }) =>
  current.computer ? (
    <button type="button" class="quiet bad" onClick={() => void signIn.disown()}>
      {say('disown')}
    </button>
  ) : (
    <p class="hint">{say('declineHint')}</p>
  );
