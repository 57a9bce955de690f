// Remembered phones: which can be asked, which is being asked, and what came of it; the code below works all the while.

import type { View } from '../extension/view.ts';
import { hasEnded } from '../protocol/session/common.ts';
import { Notice } from '../ui/components.tsx';
import { whyNot } from './parts.tsx';
import { ask, reachable, reason, say } from './state.ts';
import { request, stored } from './tab.ts';

/** Why a phone that was asked led to nothing. */
export const whyNoAnswer = (current: View): string =>
  current.session.state === 'expired' ? reason('no-answer') : whyNot(current);

export function Phones() {
  const phones = reachable();
  const current = stored.value.request;
  const ringing = current?.session.state === 'created' ? current : undefined;
  const failed = current && hasEnded(current.session) && current.session.state !== 'cancelled' ? current : undefined;
  const others = phones.filter(({ id }) => id !== ringing?.called?.pairing);
  if (!ringing && !failed && phones.length === 0) return null;
  return (
    <section class="phones">
      {ringing && (
        <div class="ringing">
          <p role="status">
            <b>{say('asking', { phone: ringing.called?.name ?? '' })}</b>
          </p>
          <p class="soft">{say(ringing.up === false ? 'askingOffline' : 'askingHint')}</p>
          <button type="button" class="quiet" onClick={() => void ask({ t: 'cancel', sid: ringing.sid })}>
            {say('stopAsking')}
          </button>
        </div>
      )}
      {failed && <Notice tone="warn">{whyNoAnswer(failed)}</Notice>}
      {others.map((phone) => (
        <button type="button" key={phone.id} onClick={() => request(phone, 'sign-in')}>
          {say(failed?.called?.pairing === phone.id ? 'askAgain' : 'askPhone', { phone: phone.name })}
        </button>
      ))}
    </section>
  );
}
