// The companion's sign-in page: for sites that ask by OpenID Connect who somebody is.
import { signal } from '@preact/signals';
import { CircleSlash, ShieldAlert, Smartphone } from 'lucide';
import { type ComponentChildren, render } from 'preact';
import { systemClock } from '../protocol/clock.ts';
import { relayUrl, type Socket } from '../protocol/connection.ts';
import type { Code } from '../protocol/errors.ts';
import { nameOfProvider, type ProviderId } from '../protocol/providers.ts';
import { qrPath } from '../protocol/qr-code.ts';
import { sealing } from '../protocol/seal.ts';
import { hasEnded } from '../protocol/session/common.ts';
import type { Shown } from '../protocol/session/page-end.ts';
import { TIMES } from '../protocol/session/types.ts';
import { Digits, Mark, Notice, QrCode, Sign } from '../ui/components.tsx';
import { foreign } from '../ui/foreign.ts';
import { LANGUAGES, loadErrors, loadSignIn } from '../ui/languages.ts';
import { chooseLanguage, speakerOf } from '../ui/locales/i18n.ts';
import { sayNotLoaded } from '../ui/plain.ts';
import { toneOf } from '../ui/tones.ts';
import { type About, Interaction, type Surroundings } from './interaction.ts';
import { PageSession } from './session.ts';

// Wanted as soon as there is something to draw a code for.
void sealing().catch(() => {});
const language = chooseLanguage(
  navigator.languages,
  LANGUAGES.map(({ tag }) => tag),
);
const [words, errors] = await Promise.all([loadSignIn(language), loadErrors(language)]).catch((error: unknown) => {
  sayNotLoaded(language, () => location.reload());
  throw error;
});
document.documentElement.lang = language;
const say = speakerOf(() => words);
const explain = speakerOf(() => errors);
const reason = (code: Code): string => explain(code, { origin: '' });
const around: Surroundings = {
  clock: systemClock,
  origin: location.origin,
  leave: (address) => location.replace(address),
  connect: () => new WebSocket(relayUrl(location.origin)) as Socket,
  userAgent: navigator.userAgent,
};
const interaction = new Interaction(location.pathname.split('/')[2] ?? '', around);
const { about, failure } = interaction;
const session = new PageSession(interaction, around);
const { shown } = session;
const now = signal(Date.now());
/** WeChat's own code, while it is shown. */
const wechat = signal<{ drawing: { path: string; size: number }; over: AbortController } | undefined>(undefined);

const secondsLeft = ({ session }: Shown): number =>
  Math.max(0, Math.ceil((session.startedAt + TIMES.shownMs - Math.max(now.value, session.startedAt)) / 1000));
const site = (): string => about.value?.name ?? '';
const nameOf = (provider: ProviderId): string => nameOfProvider(provider, language);

function Failed() {
  const { code, detail } = failure.value ?? {};
  return (
    <div role="alert">
      {code && (
        <Notice tone="bad">
          {reason(code)}
          {(code === 'identity-unknown' || code === 'identity-apart') &&
            detail &&
            ` ${say('askOperator', { code: detail })}`}
        </Notice>
      )}
    </div>
  );
}

async function drawWechat(): Promise<void> {
  const over = new AbortController();
  const code = await interaction.wechatCode().catch(() => undefined);
  if (code === undefined) return;
  wechat.value = { drawing: qrPath(code), over };
  void interaction.watch(over.signal);
}

/** Who else can say who somebody is. */
const Others = ({ providers, draws }: { providers: readonly ProviderId[]; draws: boolean }) =>
  providers.length > 0 || draws ? (
    <div class="others">
      <p class="soft">{say('or')}</p>
      {providers.map((provider) => (
        <a class="button" key={provider} href={interaction.addressOf(provider)}>
          {nameOf(provider)}
        </a>
      ))}
      {draws && (
        <button type="button" onClick={() => void drawWechat()}>
          {say('drawWechat')}
        </button>
      )}
    </div>
  ) : null;

const ScanCode = ({ drawing }: { drawing: { path: string; size: number } }) => (
  <QrCode path={drawing.path} size={drawing.size} label={say('codeLabel', { site: site() })} />
);

/** How things stand: what is seen, the one sentence, and what can be done. */
interface Standing {
  visual?: ComponentChildren;
  said: string;
  below?: ComponentChildren;
}

const waiting = (current: Shown | undefined, known: About): Standing => ({
  visual: (
    <>
      {known.scanToo && <Notice>{say('scanToo')}</Notice>}
      {known.adds && (
        <Notice>{say('addsToo', { provider: nameOf(known.adds.provider), name: foreign(known.adds.name) })}</Notice>
      )}
      {current ? <ScanCode drawing={current.drawing} /> : <div class="empty" />}
    </>
  ),
  said: say(current ? 'scan' : 'preparing'),
  below: (
    <>
      {current?.up === false && <Notice tone="warn">{say('unreachable')}</Notice>}
      <p class="soft" aria-hidden="true">
        {current ? say('newCodeIn', { seconds: secondsLeft(current) }) : '\u00a0'}
      </p>
      {current && matchMedia('(pointer: coarse)').matches && (
        <a class="button" href={current.drawing.link} target="_blank" rel="noreferrer">
          {say('thisDevice')}
        </a>
      )}
      {!known.scanToo && !known.adds && <Others providers={known.providers} draws={known.draws} />}
    </>
  ),
});

const asking = ({ drawing, phone, digits, near, second }: Shown): Standing => ({
  visual: near === false ? <ScanCode drawing={drawing} /> : <Sign of={Smartphone} tone={second ? 'danger' : 'turn'} />,
  said: phone ? say('confirm', { phone }) : say('scanned'),
  below: (
    <>
      {digits && (
        <div>
          <p class="soft">{say(near === false ? 'far' : 'number')}</p>
          <Digits value={digits} />
        </div>
      )}
      {second && <Notice tone="bad">{say('second')}</Notice>}
      <button type="button" onClick={() => void session.cancel()}>
        {say('cancel')}
      </button>
    </>
  ),
});

/** There is nothing to do but on the phone: a vault is made there, or it waits before it answers a computer that is not near. */
const busyPhone = ({ session: { state }, phone = '' }: Shown): Standing => ({
  visual: <Sign of={Smartphone} tone="turn" />,
  said: state === 'holding' ? say('holding', { phone }) : say('settingUp'),
  below: (
    <>
      {state === 'holding' && <p class="soft">{say('holdingHint')}</p>}
      <button type="button" onClick={() => void session.cancel()}>
        {say('cancel')}
      </button>
    </>
  ),
});

function ended({ session: { state, code, result } }: Shown): Standing {
  if (result === 'signed-in') return { said: say('goingOn') };
  const ending = state === 'denied' || state === 'cancelled' || state === 'expired' ? state : undefined;
  const tone = toneOf({ state, ...(code ? { code } : {}), ...(result ? { result } : {}) });
  return {
    visual: <Sign of={tone === 'danger' ? ShieldAlert : CircleSlash} tone={tone} />,
    // What the companion has refused is told above.
    said: failure.value ? '' : reason(code ?? ending ?? 'not-opened'),
    below: (
      <div class="actions">
        <button type="button" class={tone === 'danger' ? '' : 'primary'} onClick={() => void session.begin()}>
          {say('newCode')}
        </button>
      </div>
    ),
  };
}

function standing(): Standing {
  const current = shown.value;
  const known = about.value;
  if (known?.complete) return { said: say('goingOn') };
  if (known?.confirm) {
    const provider = nameOf(known.confirm);
    return {
      said: say('confirmWith', { provider }),
      below: (
        <a class="button" href={interaction.addressOf(known.confirm)}>
          {say('openProvider', { provider })}
        </a>
      ),
    };
  }
  if (wechat.value) {
    const { drawing, over } = wechat.value;
    const back = () => {
      over.abort();
      wechat.value = undefined;
    };
    return {
      visual: <QrCode {...drawing} label={say('scanWechat')} />,
      said: say('scanWechat'),
      below: (
        <button type="button" onClick={back}>
          {say('backToCode')}
        </button>
      ),
    };
  }
  if (current && hasEnded(current.session)) return ended(current);
  const { state } = current?.session ?? { state: 'created' };
  if (current && (state === 'joined' || state === 'requested')) return asking(current);
  if (current && (state === 'setting-up' || state === 'holding')) return busyPhone(current);
  if (state !== 'created') return { said: say('goingOn') };
  if (!known || failure.value?.code === 'sign-in-gone') return { said: '' };
  return waiting(current, known);
}

const Page = () => {
  const { visual, said, below } = standing();
  return (
    <>
      <header>
        <Mark />
        <strong>Scankey</strong>
      </header>
      <main>
        {about.value && (
          <div>
            <h1>{say('title', { site: site() })}</h1>
            {about.value.host && <p class="soft">{about.value.host}</p>}
          </div>
        )}
        <Failed />
        {visual}
        {/* One element whatever it says, so that each change of it is heard. */}
        <p class="state" role="status" key="state">
          {said}
        </p>
        {below}
        {about.value && (
          <button type="button" class="quiet" onClick={() => void interaction.decline().catch(() => {})}>
            {say('decline')}
          </button>
        )}
        {/* One click in the extension instead of a scan: it fills this form, as it fills any other, and sends it. */}
        <form
          hidden
          id="scankey-identity"
          data-sign-in={interaction.id}
          onSubmit={(event) => {
            event.preventDefault();
            void interaction.handInAndGo(String(new FormData(event.currentTarget).get('proof')));
          }}
        >
          <input name="proof" />
        </form>
      </main>
    </>
  );
};

const root = document.getElementById('app');
if (root) render(<Page />, root);
await interaction.read();
if (about.value && !about.value.complete && !about.value.confirm) await session.begin();

/** The companion forgets a sign-in that nobody came to. */
const until = Date.now() + 600_000;
setInterval(() => {
  now.value = Date.now();
  const current = shown.value;
  if (!current || failure.value?.code === 'sign-in-gone') return;
  if (now.value > until) {
    void session.cancel();
    failure.value = { code: 'sign-in-gone' };
    return;
  }
  // A code that nobody has scanned in its time gives way to the next one.
  const { state } = current.session;
  if ((state === 'created' && secondsLeft(current) === 0) || (state === 'expired' && !current.phone))
    void session.begin();
}, 1000);
