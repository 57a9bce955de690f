// The screens of a sign-in on which there is nothing to decide: connecting, the ten seconds' hold, the answer on its way.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Notice } from '../../ui/components.tsx';
import { say } from '../parts/language.ts';
import type { Approval } from './approval.ts';
import type { PhoneSignIn } from './phone-sign-in.ts';

export const Connecting = ({ signIn, up }: { signIn: PhoneSignIn; up: boolean }) => (
  <main class="center">
    <div role="status">
      <h1>{say('connecting')}</h1>
    </div>
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
  const seconds = useSignal(0);
  const { deadline } = current.session;
  useEffect(() => {
    const count = () => {
      seconds.value = Math.max(0, Math.ceil((deadline - Date.now()) / 1000));
    };
    count();
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  }, [deadline]);
  return (
    <main class="center">
      <p class="countdown" aria-hidden="true">
        {seconds.value}
      </p>
      <p role="status">{say('holding', { seconds: seconds.value })}</p>
      <p class="soft">{say('holdingText')}</p>
      <div class="actions">
        <button type="button" class="primary" onClick={() => void signIn.decline()}>
          {say('stop')}
        </button>
      </div>
    </main>
  );
}

/** The answer is sealed or sent; what became of it, the computer will say. */
export const Sending = ({ current }: { current: Approval }) => (
  <main class="center">
    <div role="status">
      <h1>{say(current.session.state === 'sealed' ? 'sent' : 'sending')}</h1>
    </div>
    {current.otp === 'sent' && <p>{say('otpSent')}</p>}
    {current.otp === 'none' && <Notice tone="warn">{say('otpNone')}</Notice>}
    {current.otp === 'not-covered' && <Notice tone="warn">{say('otpNotCovered')}</Notice>}
    {!current.up && <Notice tone="warn">{say('offline')}</Notice>}
  </main>
);
