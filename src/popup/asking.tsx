// A phone has taken the sign-in up: what its person has to do there.
import type { View } from '../extension/view.ts';
import { Digits, Notice, Seal } from '../ui/components.tsx';
import { Code, CutOff, State } from './parts.tsx';
import { SplitKey } from './split-key.tsx';
import { ask, say } from './state.ts';

export function Asking({ current }: { current: View }) {
  const { drawing, phone, near, called } = current;
  const settingUp = current.session.state === 'setting-up';
  // There is nothing yet to type them into.
  const digits = settingUp ? undefined : current.digits;
  // Without nearness the phone must see the code with its own camera, so it stays.
  const far = near === false;
  return (
    <>
      {far && drawing ? <Code drawing={drawing} /> : <Seal glyph="phone" />}
      <State>
        {settingUp
          ? say('settingUp')
          : phone || called
            ? say('confirm', { phone: phone ?? called?.name ?? '' })
            : say('scanned')}
      </State>
      {digits && (
        <div>
          <p class="soft">{say(far ? (called ? 'farCalled' : 'far') : 'number')}</p>
          <Digits value={digits} />
        </div>
      )}
      {current.second && <Notice tone="warn">{say('second')}</Notice>}
      {current.up === false && <CutOff />}
      <button type="button" onClick={() => void ask({ t: 'cancel', sid: current.sid })}>
        {say(phone && !called ? 'notMe' : 'cancel')}
      </button>
      {called && <SplitKey current={current} />}
    </>
  );
}
