// What was typed by hand can be saved on a phone: the offer, and the phone that is asked.
import type { Offer, View } from '../extension/view.ts';
import { hasEnded } from '../protocol/session/common.ts';
import { Seal } from '../ui/components.tsx';
import { State } from './parts.tsx';
import { whyNoAnswer } from './phones.tsx';
import { ask, known, reachable, say } from './state.ts';
import { request, stored } from './tab.ts';

export function SaveOffer({ offer }: { offer: Offer }) {
  const { tabId, origin, username, saves } = offer;
  return (
    <section class="notice stack" aria-label={say('saveTitle')}>
      <p>
        <b>{say(saves === 'changed' ? 'saveChanged' : 'saveLogin')}</b>
      </p>
      <p>
        {new URL(origin).host}
        {username && (
          <>
            <br />
            {username}
          </>
        )}
      </p>
      {/* All buttons at once: a phone that came in later would push "Don't save" from under the finger and take its place. */}
      {known.value && (
        <>
          {reachable().map((phone) => (
            <button type="button" class="primary" key={phone.id} onClick={() => request(phone, 'save')}>
              {say('saveTo', { phone: phone.name })}
            </button>
          ))}
          <button type="button" onClick={() => void ask({ t: 'drop-offer', tabId })}>
            {say('dontSave')}
          </button>
        </>
      )}
    </section>
  );
}

/** A phone is asked to save: there is no code to scan for that. */
export function Saving({ current }: { current: View }) {
  const failed = hasEnded(current.session);
  const { offer } = stored.value;
  return (
    <>
      <Seal glyph="phone" />
      <State>{failed ? whyNoAnswer(current) : say('asking', { phone: current.called?.name ?? '' })}</State>
      {!failed && <p class="soft">{say('askingHint')}</p>}
      {failed && offer && <SaveOffer offer={offer} />}
      {!failed && (
        <button type="button" onClick={() => void ask({ t: 'cancel', sid: current.sid })}>
          {say('cancel')}
        </button>
      )}
    </>
  );
}
