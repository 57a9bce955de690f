// What the popup shows of remembered phones: asking them, remembering one, signing in by itself, saving what was typed.
import { signal } from '@preact/signals';
import browser from 'webextension-polyfill';
import type { Phone } from '../extension/messages.ts';
import { siteOf } from '../extension/permissions.ts';
import type { Offer, View } from '../extension/view.ts';
import type { ProviderId } from '../protocol/providers.ts';
import { hasEnded } from '../protocol/session/session.ts';
import { Notice, Seal } from '../ui/components.tsx';
import { ask, known, offer, providerName, reason, say, tab } from './state.ts';

const ring = (phone: Pick<Phone, 'id'>, save = false) => {
  const id = tab.value?.id;
  if (id !== undefined) void ask({ t: 'call', tabId: id, pairing: phone.id, save });
};

/** Phones that the companion in force reaches. */
export const callable = (): Phone[] => (known.value?.phones ?? []).filter(({ here }) => here);

/** A call that did not lead to anything, in a sentence. */
function whyNot({ session: { state, code } }: View): string {
  if (state === 'expired') return reason('no-answer');
  return reason(code ?? (state === 'denied' || state === 'cancelled' ? state : 'not-opened'));
}

/** Who is asked, and how it stands; the code below works all the while. */
export function Phones({ current }: { current: View | undefined }) {
  const phones = callable();
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
      {failed && <Notice tone="warn">{whyNot(failed)}</Notice>}
      {others.map((phone) => (
        <button type="button" key={phone.id} onClick={() => ring(phone)}>
          {say(failed?.called?.pairing === phone.id ? 'askAgain' : 'askPhone', { phone: phone.name })}
        </button>
      ))}
    </section>
  );
}

const ENDED_BADLY: readonly string[] = ['denied', 'expired', 'cancelled', 'failed'];
export const isFailed = ({ session: { state, result } }: View): boolean =>
  ENDED_BADLY.includes(state) || result === 'not-filled';

/** After a sign-in by code: next time one click is enough, if both sides want it. */
export function Remembering({ current }: { current: View }) {
  const { sid, pairing, phone = '' } = current;
  if (!pairing || pairing === 'declined') return null;
  if (pairing === 'kept') return <Notice tone="good">{say('rememberKept', { phone })}</Notice>;
  if (pairing === 'said') {
    return (
      <p class="notice" role="status">
        {say('rememberSaid', { phone })}
      </p>
    );
  }
  const answer = (yes: boolean) => void ask({ t: 'pair', sid, yes });
  return (
    <section class="notice stack" aria-label={say('remember')}>
      <p>
        <b>{say(pairing === 'asked' ? 'rememberAsked' : 'rememberOffer', { phone })}</b>
      </p>
      <p>{say('rememberHint')}</p>
      <div class="row">
        <button type="button" class="primary" onClick={() => answer(true)}>
          {say('remember')}
        </button>
        <button type="button" onClick={() => answer(false)}>
          {say('notHere')}
        </button>
      </div>
    </section>
  );
}

/** Whether this site signs in by itself: offered after a sign-in by call, and always to be taken back. */
export function Automatic({ current }: { current: View }) {
  const { origin, called, incognito, session, tabId } = current;
  const site = known.value?.automatic.find((one) => one.origin === origin);
  if (site) {
    return (
      <div class="row">
        <p class="soft">{say('automaticOn')}</p>
        <button type="button" class="quiet" onClick={() => void ask({ t: 'automatic', origin, pairing: null, tabId })}>
          {say('automaticOff')}
        </button>
      </div>
    );
  }
  const signedIn = session.result === 'signed-in' || session.result === 'cannot-tell';
  if (!called || incognito || !signedIn || current.purpose !== 'sign-in') return null;
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        // The background hears first: this popup may be gone when the permission is there.
        void ask({ t: 'automatic', origin, pairing: called.pairing, tabId });
        void browser.permissions.request({ origins: [siteOf(origin)] }).catch(() => false);
      }}
    >
      {say('automatic')}
    </button>
  );
}

/** The list of providers is open: a popup is small. */
const choosing = signal(false);

/** A provider's word alone signs in here, where a phone has agreed to that; on a remembered computer, and never in a private window. */
export function ByProvider({ current }: { current: View }) {
  const { origin, tabId, incognito, formSeen, purpose } = current;
  const [phone] = callable();
  const { splitKeys = [], providers = [] } = known.value ?? {};
  if (incognito || !formSeen || purpose !== 'sign-in') return null;
  const visit = (how: 'open' | 'make' | 'drop', provider: ProviderId) =>
    void ask({ t: 'split-key', do: how, tabId, origin, provider, ...(phone ? { pairing: phone.id } : {}) });
  const kept = splitKeys.filter((one) => one.origin === origin);
  const others = providers.filter((provider) => !kept.some((one) => one.provider === provider));
  const toggle = () => {
    choosing.value = !choosing.value;
  };
  return (
    <>
      {kept.map(({ provider }) => (
        <div class="row" key={provider}>
          <button type="button" onClick={() => visit('open', provider)}>
            {say('byProvider', { provider: providerName(provider) })}
          </button>
          <button type="button" class="quiet" onClick={() => visit('drop', provider)}>
            {say('byProviderOff')}
          </button>
        </div>
      ))}
      {phone && others.length > 0 && (
        <button type="button" class="quiet" aria-expanded={choosing.value} onClick={toggle}>
          {say('byProviderOn')}
        </button>
      )}
      {choosing.value && (
        <div class="choices">
          {others.map((provider) => (
            <button type="button" key={provider} onClick={() => visit('make', provider)}>
              {providerName(provider)}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

/** What was typed by hand can be kept. */
export function SaveOffer({ current }: { current: Offer }) {
  const { tabId, origin, username, saves } = current;
  const phones = callable();
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
      {phones.map((phone) => (
        <button type="button" class="primary" key={phone.id} onClick={() => ring(phone, true)}>
          {say('saveTo', { phone: phone.name })}
        </button>
      ))}
      <button type="button" onClick={() => void ask({ t: 'drop-offer', tabId })}>
        {say('dontSave')}
      </button>
    </section>
  );
}

/** A phone is asked to save: there is no code to scan for that. */
export function AskingToSave({ current }: { current: View }) {
  const phone = current.called?.name ?? '';
  const failed = hasEnded(current.session);
  return (
    <>
      <Seal glyph="phone" />
      <p class="state" role="status">
        {failed ? whyNot(current) : say('asking', { phone })}
      </p>
      {!failed && <p class="soft">{say('askingHint')}</p>}
      {failed && offer.value && <SaveOffer current={offer.value} />}
      {!failed && (
        <button type="button" onClick={() => void ask({ t: 'cancel', sid: current.sid })}>
          {say('cancel')}
        </button>
      )}
    </>
  );
}
