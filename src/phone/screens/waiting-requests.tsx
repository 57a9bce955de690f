// Requests of remembered computers that wait: below whatever screen is shown, since a request interrupts nothing and moves nothing.
import { useEffect } from 'preact/hooks';
import { pairings, requests } from '../pairing/this-phone.ts';
import { say } from '../parts/language.ts';
import { Spoken } from '../parts/voice.tsx';
import { go, screen } from '../shell/state.ts';
import { alarmed, takeRequest } from '../sign-in/this-phone.ts';

export function WaitingRequests() {
  const waiting = requests.waitingRequests.value;
  // With nothing else at hand, the one request that waits is what the person has come for.
  const [only, another] = waiting;
  const idle = screen.value.at === 'list';
  useEffect(() => {
    if (only && !another && idle) void takeRequest(only);
  }, [only?.sid, another, idle]);
  const nameOf = (box: string) => pairings.computers.value.find((one) => one.box === box)?.name ?? say('aComputer');
  return (
    <Spoken>
      {(another || !idle) &&
        waiting.map((call) => (
          <button type="button" key={call.sid} class="notice ringing" onClick={() => void takeRequest(call)}>
            {say('calling', { computer: nameOf(call.box) })}
          </button>
        ))}
    </Spoken>
  );
}

/** Two copies of a remembered computer have asked. */
export const Alarm = () => (
  <Spoken>
    {alarmed.value && (
      <aside class="notice bad stack banner">
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
      </aside>
    )}
  </Spoken>
);
