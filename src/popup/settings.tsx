// Settings: the companion, the phones that this browser remembers, and the sites that sign in by themselves or are allowed for good.
import { useSignal } from '@preact/signals';
import type { Phone } from '../extension/messages.ts';
import type { Code } from '../protocol/errors.ts';
import { Notice } from '../ui/components.tsx';
import { ManagedSettings } from './managed.tsx';
import { ServerForm } from './server-form.tsx';
import { ask, dateOf, known, managed, openWelcome, readRelay, say } from './state.ts';
import { ServerTrouble } from './trouble.tsx';
import { isTrouble } from './troubles.ts';

/** Another companion, if one answers there. */
function OtherServer({ onCompanion }: { onCompanion: () => void }) {
  const saving = useSignal<'idle' | 'saving' | 'saved' | Code>('idle');
  const asked = useSignal('');
  const use = async (address: string) => {
    asked.value = address;
    saving.value = 'saving';
    const reply = await ask({ t: 'companion', relay: address });
    saving.value = reply.ok ? 'saved' : reply.code;
    if (!reply.ok) return;
    await readRelay();
    onCompanion();
  };
  return (
    <>
      <ServerForm
        look="primary"
        busy={saving.value === 'saving'}
        onUse={(address) => void use(address)}
        onTyped={() => {
          saving.value = 'idle';
        }}
      />
      <div role="status">
        {saving.value === 'saving' && <p class="soft">{say('saving')}</p>}
        {saving.value === 'saved' && <Notice tone="good">{say('companionSaved')}</Notice>}
        {isTrouble(saving.value) && <ServerTrouble code={saving.value} at={asked.value} />}
      </div>
    </>
  );
}

function PhoneRow({ phone }: { phone: Phone }) {
  const sure = useSignal(false);
  const { id, name, addedAt, usedAt } = phone;
  return (
    <li>
      <input
        type="text"
        aria-label={say('phoneName')}
        maxLength={40}
        defaultValue={name}
        onChange={(event) =>
          void ask({ t: 'rename-phone', pairing: id, name: event.currentTarget.value.trim() || name })
        }
      />
      <p class="soft">{say('phoneDates', { added: dateOf(addedAt), used: dateOf(usedAt) })}</p>
      {sure.value ? (
        <>
          <p>{say('forgetPhoneSure', { phone: name })}</p>
          <div class="row">
            <button type="button" class="bad" onClick={() => void ask({ t: 'forget-phone', pairing: id })}>
              {say('forgetPhone')}
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
          class="quiet"
          onClick={() => {
            sure.value = true;
          }}
        >
          {say('forgetPhone')}
        </button>
      )}
    </li>
  );
}

function Phones() {
  const { phones, automatic, allowed } = known.value ?? { phones: [], automatic: [], allowed: [] };
  return (
    <>
      <section>
        <h2>{say('phones')}</h2>
        {phones.length === 0 && <p class="soft">{say('noPhones')}</p>}
        <ul>
          {phones.map((phone) => (
            <PhoneRow key={phone.id} phone={phone} />
          ))}
        </ul>
      </section>
      {automatic.length > 0 && (
        <section>
          <h2>{say('automaticSites')}</h2>
          <ul>
            {automatic.map(({ origin, pairing }) => (
              <li key={origin}>
                <p>
                  <b>{new URL(origin).host}</b>
                </p>
                <p class="soft">{say('asksPhone', { phone: phones.find(({ id }) => id === pairing)?.name ?? '—' })}</p>
                <button
                  type="button"
                  class="quiet"
                  onClick={() => void ask({ t: 'automatic', origin, pairing: null, tabId: -1 })}
                >
                  {say('automaticOff')}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {allowed.length > 0 && (
        <section>
          <h2>{say('allowedSites')}</h2>
          <ul>
            {allowed.map((pattern) => (
              <li key={pattern}>
                <p>
                  <b>{pattern.replace(/\/\*$/, '')}</b>
                </p>
                <button type="button" class="quiet" onClick={() => void ask({ t: 'give-back', pattern })}>
                  {say('giveBack')}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

export const Settings = ({ onCompanion }: { onCompanion: () => void }) => (
  <main class="settings">
    <h1>{say('settings')}</h1>
    <ManagedSettings />
    <Phones />
    {managed.value.is !== 'wrong' && managed.value.policy.companion === '' ? (
      <section>
        <h2>{say('server')}</h2>
        <OtherServer onCompanion={onCompanion} />
      </section>
    ) : null}
    {/* Whoever loaded the extension from a folder has not been shown that page, and another phone has its code there, too. */}
    <button type="button" class="quiet" onClick={openWelcome}>
      {say('setUpPhone')}
    </button>
  </main>
);
