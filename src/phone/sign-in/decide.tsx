// The tap that releases something: only a person's own, on a button that was in sight for a while (R10).
import { useEffect, useRef } from 'preact/hooks';
import { useAttempt } from '../parts/attempt.ts';
import { say } from '../parts/language.ts';
import type { Approval } from './approval.ts';
import { decline, disown } from './run.ts';

/** A button that releases something stays dead this long after it appeared or came back to sight. */
const INERT_MS = 500;

/**
 * Tells a person's own tap, on a button that has been in sight for a while, in a page of its own, from anything else.
 * @returns `restart` begins the dead time again; `failure` says why the tap came to nothing
 */
export function useDecision() {
  const shownAt = useRef(performance.now());
  const { failure, attempt } = useAttempt('not-opened');
  const restart = () => {
    shownAt.current = performance.now();
  };
  useEffect(() => {
    document.addEventListener('visibilitychange', restart);
    return () => document.removeEventListener('visibilitychange', restart);
  }, []);
  const isTap = (event: MouseEvent): boolean => {
    const seen = performance.now() - shownAt.current > INERT_MS && document.visibilityState === 'visible';
    return event.isTrusted && seen && window.top === window;
  };
  const onTap = (work: () => Promise<unknown>) => (event: MouseEvent) => {
    if (isTap(event)) void attempt(work);
  };
  return { failure, restart, onTap };
}

/** The two buttons that never change places, and for a remembered computer the way to be rid of it. */
export const Decide = (props: {
  current: Approval;
  label: string;
  ready: boolean;
  decision: ReturnType<typeof useDecision>;
  work: () => Promise<unknown>;
}) => (
  <div class="actions">
    <button type="button" class="primary" disabled={!props.ready} onClick={props.decision.onTap(props.work)}>
      {props.label}
    </button>
    <button type="button" onClick={() => void decline()}>
      {say(props.current.computer ? 'notNow' : 'decline')}
    </button>
    {props.current.computer ? (
      <button type="button" class="quiet bad" onClick={() => void disown()}>
        {say('disown')}
      </button>
    ) : (
      <p class="hint">{say('declineHint')}</p>
    )}
  </div>
);
