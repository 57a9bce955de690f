// The screens of a sign-in on which there is nothing to decide: connecting, the ten seconds' hold, the answer on its way.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Notice } from '../../ui/components.tsx';
import { say } from '../parts/language.ts';
import { Heard, Spoken } from '../parts/voice.tsx';
import type { Approval } from './approval.ts';
import type { PhoneSignIn } from './phone-sign-in.ts';

/** Whoever has less than this left is told how much. */
const SOON_SECONDS = 60;

/** Seconds until `deadline` (ms since 1970) in steps of ten, so that they can be read out; 0 while there is time enough. */
export function useTimeLeft(deadline: number): number {
  const left = useSignal(0);
  useEffect(() => {
    const count = () => {
      const tens = Math.max(1, Math.ceil((deadline - Date.now()) / 10_000));
      left.value = tens * 10 > SOON_SECONDS ? 0 : tens * 10;
    };
    count();
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, [deadline]);
  return left.value;
}

export const Connecting = ({ signIn, up }: { signIn: PhoneSignIn; up: boolean }) => (
  <main class="center">
    <h1>{say('connecting')}</h1>
    {!up && <Notice tone="warn">{say('offline')}</Notice>}
    <div class="actions">
      <button type="button" onClick={() => void signIn.decline()}>
        {say('cancel')}
      </button>
    </div>
  </main>
);

/** What was confirmed leaves in some seconds, and can be stopped until then. */
export function Holding({ signIn, current }: { signIn: PhoneSignIn; current: Approval }) {
  const { deadline } = current.session;
  const secondsLeft = () => Math.max(0, Math.ceil((deadline - Date.now()) / 1000));
  const seconds = useSignal(secondsLeft());
  /** As many as there were when it began: what is heard, once, while they are counted down. */
  const whole = useSignal(seconds.peek());
  useEffect(() => {
    const count = () => {
      seconds.value = secondsLeft();
    };
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  }, [deadline]);
  return (
    <main class="center">
      <p class="countdown" aria-hidden="true">
        {say('secondsLeft', { seconds: seconds.value })}
      </p>
      <h1>{say('holdingTitle')}</h1>
      <Heard text={say('holding', { seconds: whole.value })} />
      <p class="soft">{say('holdingText')}</p>
      <div class="actions">
        <button type="button" class="primary" onClick={() => void signIn.decline()}>
          {say('stop')}
        </button>
      </div>
    </main>
  );
}

/** Longer than this nobody waits without a word. */
const SLOW_MS = 5_000;

/** The answer is sealed or sent; what became of it, the computer will say. */
export function Sending({ current: { session, otp, up } }: { current: Approval }) {
  const isSlow = useSignal(false);
  useEffect(() => {
    isSlow.value = false;
    const timer = setTimeout(() => {
      isSlow.value = true;
    }, SLOW_MS);
    return () => clearTimeout(timer);
  }, [session.state, otp]);
  return (
    <main class="center">
      <Spoken>
        <h1>{say(session.state === 'sealed' ? 'sent' : 'sending')}</h1>
        {isSlow.value && session.state === 'sealed' && <p class="soft">{say('slow')}</p>}
      </Spoken>
      {otp === 'sent' && <p>{say('otpSent')}</p>}
      {otp === 'none' && <Notice tone="warn">{say('otpNone')}</Notice>}
      {otp === 'not-covered' && <Notice tone="warn">{say('otpNotCovered')}</Notice>}
      {!up && <Notice tone="warn">{say('offline')}</Notice>}
    </main>
  );
}
