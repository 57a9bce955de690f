// The computers that this phone remembers: named, listed, ended; and whether they can wake it.
import { useSignal } from '@preact/signals';
import { Notice } from '../../ui/components.tsx';
import type { Computer } from '../pairing/sealed-pairings.ts';
import { pairings, requests } from '../pairing/this-phone.ts';
import { Waking } from '../pairing/waking.tsx';
import { AppBar } from '../parts/app-bar.tsx';
import { Field, sets } from '../parts/form.tsx';
import { dateOf, reason, say } from '../parts/language.ts';

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
          onChange={(event) => void pairings.rename(id, event.currentTarget.value.trim() || name)}
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
            <button type="button" class="bad" onClick={() => void requests.endPairing(id, 'ended')}>
              {say('forgetComputer')}
            </button>
            <button type="button" onClick={sets(sure, false)}>
              {say('cancel')}
            </button>
          </div>
        </>
      ) : (
        <button type="button" onClick={sets(sure, true)}>
          {say('forgetComputer')}
        </button>
      )}
    </li>
  );
}

export const Computers = () => (
  <>
    <AppBar title={say('computers')} />
    <main>
      {pairings.isNewer.value && <Notice tone="warn">{reason('vault-newer')}</Notice>}
      {pairings.computers.value.length > 0 && <Waking />}
      {pairings.computers.value.length === 0 && !pairings.isNewer.value && <p class="soft">{say('noComputers')}</p>}
      <ul class="computers">
        {pairings.computers.value.map((computer) => (
          <Row key={computer.id} computer={computer} />
        ))}
      </ul>
    </main>
  </>
);
