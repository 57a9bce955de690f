// The computers that this phone remembers: named, listed, ended; and whether they can wake it.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Notice } from '../../ui/components.tsx';
import { computers, renameComputer } from '../pairing/computers.ts';
import { canBeWoken, isWoken, wake } from '../pairing/notifications.ts';
import { calls, endLink } from '../pairing/requests.ts';
import type { Computer } from '../pairing/sealed-pairings.ts';
import { dateOf, go, say, screen } from '../shell/state.ts';
import { alarmed, beginCall } from '../sign-in/run.ts';
import { Field } from './unlock.tsx';

function Row({ computer }: { computer: Computer }) {
  const sure = useSignal(false);
  const { id, name, addedAt, usedAt, state } = computer;
  return (
    <li class="stack notice">
      <Field id={`name-${id}`} label={say('computerName')}>
        <input
          id={`name-${id}`}
          type="text"
          maxLength={40}
          defaultValue={name}
          onChange={(event) => void renameComputer(id, event.currentTarget.value.trim() || name)}
        />
      </Field>
      <p class="soft">
        {say('computerSince', { date: dateOf(addedAt) })}
        <br />
        {say('computerUsed', { date: dateOf(usedAt) })}
      </p>
      {state.suspended && <Notice tone="bad">{say('suspendedText')}</Notice>}
      {sure.value ? (
        <>
          <p>{say('forgetComputerSure', { computer: name })}</p>
          <div class="row">
            <button type="button" class="bad" onClick={() => void endLink(id, 'ended')}>
              {say('forgetComputer')}
            </button>
            <button
              type="button"
              onClick={() => {
                sure.value = false;
              }}
            >
              {say('cancel')}
            </button>
          </div>
        </>
      ) : (
        <button
          type="button"
          onClick={() => {
            sure.value = true;
          }}
        >
          {say('forgetComputer')}
        </button>
      )}
    </li>
  );
}

/** Whether a closed page can be told of a call; never needed, since an opened one shows what waits. */
export function Waking() {
  const state = useSignal<'idle' | 'busy' | 'on' | 'failed'>(isWoken() ? 'on' : 'idle');
  const turnOn = async () => {
    state.value = 'busy';
    state.value = (await wake()) ? 'on' : 'failed';
  };
  if (!canBeWoken()) return <p class="soft">{say('wakeNever')}</p>;
  return (
    <div class="stack">
      <p class="soft">{say('wakeText')}</p>
      <div role="status">
        {state.value === 'on' && <Notice tone="good">{say('wakeOn')}</Notice>}
        {state.value === 'failed' && <Notice tone="warn">{say('wakeFailed')}</Notice>}
      </div>
      {state.value !== 'on' && (
        <button type="button" disabled={state.value === 'busy'} onClick={() => void turnOn()}>
          {say('wake')}
        </button>
      )}
    </div>
  );
}

export const Computers = () => (
  <main>
    <h1>{say('computers')}</h1>
    {computers.value.length === 0 ? <p class="soft">{say('noComputers')}</p> : <Waking />}
    <ul class="computers">
      {computers.value.map((computer) => (
        <Row key={computer.id} computer={computer} />
      ))}
    </ul>
    <div class="actions">
      <button type="button" class="primary" onClick={() => go({ at: 'settings' })}>
        {say('back')}
      </button>
    </div>
  </main>
);

/** What waits: over whatever screen is shown, since a call interrupts nothing. */
export function Ringing() {
  const waiting = calls.value;
  // With nothing else at hand, the one call that waits is what the person has come for.
  const [only, another] = waiting;
  const idle = screen.value.at === 'list';
  useEffect(() => {
    if (only && !another && idle) void beginCall(only);
  }, [only?.sid, another, idle]);
  const nameOf = (box: string) => computers.value.find((one) => one.box === box)?.name ?? say('aComputer');
  return (
    <div role="status">
      {alarmed.value && (
        <div class="notice bad stack">
          <b>{say('suspended')}</b>
          <p>{say('suspendedText')}</p>
          <button
            type="button"
            onClick={() => {
              alarmed.value = undefined;
              go({ at: 'computers' });
            }}
          >
            {say('computers')}
          </button>
        </div>
      )}
      {(another || !idle) &&
        waiting.map((call) => (
          <button type="button" key={call.sid} class="notice ringing" onClick={() => void beginCall(call)}>
            {say('calling', { computer: nameOf(call.box) })}
          </button>
        ))}
    </div>
  );
}
