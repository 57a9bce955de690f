// What a person does before the tap where the computer may be far away: the page's own camera, the six digits. Each has the sheet's
// body to itself.
import { type Signal, useSignal } from '@preact/signals';
import { DIGIT_TRIES, type Guard, type ProximityStep, stepsFor } from '../../protocol/proximity.ts';
import { Notice } from '../../ui/components.tsx';
import { CameraOverlay } from '../parts/camera-overlay.tsx';
import { bound, sets, submits } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import type { Approval } from './approval.ts';
import type { PhoneSignIn } from './phone-sign-in.ts';
import { scanned } from './this-phone.ts';

const AskCamera = ({ open }: { open: Signal<boolean> }) => (
  <section class="stack">
    <h2 class="step">{say('cameraStep')}</h2>
    <p class="soft">{say('cameraStepText')}</p>
    <button type="button" class="primary" onClick={sets(open, true)}>
      {say('openCamera')}
    </button>
  </section>
);

function TypeDigits({ signIn, left }: { signIn: PhoneSignIn; left: number }) {
  const typed = useSignal('');
  return (
    <form
      onSubmit={submits(() => {
        void signIn.typeDigits(typed.value);
        typed.value = '';
      })}
    >
      <h2 class="step">{say('digitsStep')}</h2>
      <label for="digits" class="soft">
        {say('digitsStepText')}
      </label>
      <input id="digits" class="six" inputMode="numeric" autocomplete="off" maxLength={7} required {...bound(typed)} />
      <div role="alert">{left < DIGIT_TRIES && <Notice tone="bad">{say('digitsWrong', { left })}</Notice>}</div>
      <button type="submit" class="primary">
        {say('check')}
      </button>
    </form>
  );
}

/** Which of how many steps this one is; nothing where it is the only one. */
function StepCount({ current, guard, lacking }: { current: Approval; guard: Guard; lacking: ProximityStep }) {
  const steps = stepsFor(current.session.evidence, guard);
  const asked: readonly ProximityStep[] = steps === 'refused' ? [] : steps.filter((step) => step !== 'hold');
  if (asked.length < 2) return null;
  return <p class="hint">{say('stepOf', { step: asked.indexOf(lacking) + 1, steps: asked.length })}</p>;
}

/** The step that is lacking, and why; the camera is asked for by putting `camera` to true, and then `CameraStep` has the screen. */
export const Steps = (props: {
  signIn: PhoneSignIn;
  current: Approval;
  lacking: ProximityStep;
  /** The rule of the account that would be given. */
  guard?: Guard;
  camera: Signal<boolean>;
}) => (
  <>
    {!props.current.session.evidence.near && <Notice tone="warn">{say('far')}</Notice>}
    <StepCount current={props.current} guard={props.guard ?? 'none'} lacking={props.lacking} />
    {props.lacking === 'camera' && <AskCamera open={props.camera} />}
    {props.lacking === 'digits' && (
      <TypeDigits signIn={props.signIn} left={DIGIT_TRIES - props.current.session.wrongDigits} />
    )}
  </>
);

/** The page's own camera, that the code be seen from here. */
export const CameraStep = ({ open }: { open: Signal<boolean> }) => (
  <CameraOverlay live open={open} onCode={(text) => void scanned(text)} />
);
