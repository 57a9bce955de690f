// The approve screen answers three questions in this order: where am I signing in, on which computer, as whom.
import { type Signal, useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Code, codeOf } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/messages.ts';
import { DIGIT_TRIES, type ProximityStep, stepsFor } from '../../protocol/proximity.ts';
import { hasEnded } from '../../protocol/session/session.ts';
import { Notice, Seal } from '../../ui/components.tsx';
import { foreign } from '../../ui/foreign.ts';
import { Camera } from '../parts/camera.tsx';
import { EditAccount } from '../screens/account.tsx';
import { SiteName } from '../screens/accounts.tsx';
import { Waking } from '../screens/computers.tsx';
import { Failure, Field, Unlock } from '../screens/unlock.tsx';
import { insideApp, providerName, reason, say } from '../shell/state.ts';
import type { Account } from '../vault/document.ts';
import { passwordBy } from '../vault/password-rules.ts';
import { accountsFor, type Nearness, nearest, type Offer, siteOf } from '../vault/sites.ts';
import { accounts, isUnlocked } from '../vault/vault.ts';
import {
  type Approval,
  approve,
  approveIdentity,
  approveNew,
  approveSave,
  decline,
  dismiss,
  disown,
  remember,
  scanned,
  typeDigits,
  unlocked,
} from './run.ts';

/** A button that releases something stays dead this long after it appeared or came back to sight. */
const INERT_MS = 500;

const computerOf = ({ browser, os }: Message<'request'>): string =>
  say('computer', { browser: foreign(browser), os: foreign(os) });

/** That the computer is remembered, and as what. */
const Known = ({ name, request }: { name: string; request: Message<'request'> }) => (
  <p>{name === computerOf(request) ? say('remembered') : say('rememberedAs', { computer: foreign(name) })}</p>
);

const HEADINGS = {
  password: 'signInTo',
  otp: 'signInTo',
  basic: 'signInTo',
  new: 'newFor',
  save: 'saveFor',
  identity: 'signInTo',
} as const;

/** On which computer, as that computer says. */
function Computer({ request, current }: { request: Message<'request'>; current: Approval }) {
  const { near, remembered } = current.session.evidence;
  return (
    <>
      <hr />
      <h2>{say('onComputer')}</h2>
      <p>{computerOf(request)}</p>
      {remembered && current.computer && <Known name={current.computer.name} request={request} />}
      <p class={near ? 'soft' : ''}>{near ? say('near') : <b>{say('far')}</b>}</p>
    </>
  );
}

/** Where and on which computer, as that computer says. */
function Ticket({ request, current }: { request: Message<'request'>; current: Approval }) {
  const { before, domain, port, insecure } = siteOf(request.topOrigin);
  return (
    <section class="pass">
      <h1 class="where">
        <span class="label">{say(HEADINGS[request.kind])}</span>
        {insecure && 'http://'}
        {before}
        <b>
          {domain}
          {port}
        </b>
      </h1>
      {request.frameOrigin !== request.topOrigin && (
        <Notice tone="warn">{say('inFrame', { site: request.frameOrigin })}</Notice>
      )}
      {(request.kind === 'otp' || request.kind === 'basic') && (
        <p>{say(request.kind === 'otp' ? 'asksCode' : 'asksBasic')}</p>
      )}
      {request.title && <p class="soft">{say('pageTitle', { title: foreign(request.title) })}</p>}
      <Computer request={request} current={current} />
      <p class="hint">{say('saysComputer')}</p>
      {current.setBack && <Notice tone="bad">{say('setBack')}</Notice>}
    </section>
  );
}

/** Accounts to choose from; those of another address say which, and how near it is. */
const Choices = (props: { list: readonly Offer[]; chosen: Signal<string> }) => (
  <ul class="list">
    {props.list.map(({ account: { id, username, title }, site, nearness }) => (
      <li key={id}>
        <label class="choice">
          <input
            type="radio"
            name="account"
            checked={props.chosen.value === id}
            onChange={() => {
              props.chosen.value = id;
            }}
          />
          <span>
            {username || title || '—'}
            {nearness !== 'same' && (
              <span class="hint">
                <br />
                {site ? <SiteName origin={site} /> : title}
                {nearness === 'lookalike' && ` · ${say('lookalike')}`}
              </span>
            )}
          </span>
        </label>
      </li>
    ))}
  </ul>
);

/** How many accounts of other sites are offered before the person looks for one. */
const OTHERS_SHOWN = 30;

/** The rest of the accounts, found by typing where they are many. */
function Others({ list, chosen }: { list: readonly Offer[]; chosen: Signal<string> }) {
  const query = useSignal('');
  const wanted = query.value.toLowerCase();
  const fits = ({ account: { username, title, sites } }: Offer) =>
    [username, title, ...sites].some((text) => text.toLowerCase().includes(wanted));
  return (
    <details>
      <summary>{say('otherAccounts')}</summary>
      {list.length > OTHERS_SHOWN && (
        <input
          type="search"
          aria-label={say('search')}
          placeholder={say('search')}
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value;
          }}
        />
      )}
      <Choices list={list.filter(fits).slice(0, OTHERS_SHOWN)} chosen={chosen} />
    </details>
  );
}

const Sure = ({ checked, label }: { checked: Signal<boolean>; label: string }) => (
  <label class="check">
    <input
      type="checkbox"
      checked={checked.value}
      onChange={(event) => {
        checked.value = event.currentTarget.checked;
      }}
    />
    <span>{label}</span>
  </label>
);

function TypeDigits({ left }: { left: number }) {
  const typed = useSignal('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void typeDigits(typed.value);
        typed.value = '';
      }}
    >
      <h2 class="step">{say('digitsStep')}</h2>
      <label for="digits" class="soft">
        {say('digitsStepText')}
      </label>
      <input
        id="digits"
        class="six"
        inputMode="numeric"
        autocomplete="off"
        maxLength={7}
        required
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
      />
      <div role="alert">{left < DIGIT_TRIES && <Notice tone="bad">{say('digitsWrong', { left })}</Notice>}</div>
      <button type="submit" class="primary">
        {say('check')}
      </button>
    </form>
  );
}

/** What is still missing before the tap, for this account at this nearness. */
const missing = (approval: Approval, account: Account | undefined): ProximityStep | undefined => {
  const steps = stepsFor(approval.session.evidence, account?.guard ?? 'none');
  return steps === 'refused'
    ? undefined
    : steps.find((step) => step !== 'hold' && !approval.session.passed.includes(step));
};

/** What to say of an account that is kept for another address. */
const warningOf = (nearness: Nearness) =>
  nearness === 'same' || nearness === 'fits' ? undefined : (`near_${nearness}` as const);

function Asking({ current }: { current: Approval }) {
  const { request, session } = current;
  const chosen = useSignal('');
  const adding = useSignal(false);
  const camera = useSignal(false);
  const otherAddress = useSignal(false);
  const insecureSure = useSignal(false);
  const kept = useSignal(false);
  const failure = useSignal<Code | undefined>(undefined);
  const { shownAt, isTap } = useTap();
  const fitting = useComputed(() => accountsFor(request?.frameOrigin ?? location.origin, accounts.value));
  if (!request) return null;
  const { exact, related, others } = fitting.value;
  const offered = [...exact, ...related];
  // The account that was used last is chosen, but never one of another address.
  const account = ([...offered, ...others].find((one) => one.account.id === chosen.value) ?? exact[0])?.account;
  if (account && chosen.value === '') chosen.value = account.id;
  const from = account && nearest(request.frameOrigin, account);
  const warning = from && warningOf(from.nearness);
  const [lookalike] = exact.length === 0 ? others.filter(({ nearness }) => nearness === 'lookalike') : [];
  const { insecure } = siteOf(request.frameOrigin);
  const steps = stepsFor(session.evidence, account?.guard ?? 'none');
  const lacking = missing(current, account);
  const codeMissing = request.kind === 'otp' && !account?.totp;

  if (adding.value) {
    return (
      <EditAccount
        site={request.frameOrigin}
        onDone={(saved) => {
          adding.value = false;
          if (saved) chosen.value = saved;
          shownAt.current = performance.now();
        }}
      />
    );
  }
  if (camera.value) return <CameraStep open={camera} />;
  const ready =
    account &&
    !codeMissing &&
    steps !== 'refused' &&
    !lacking &&
    (!warning || otherAddress.value) &&
    (!insecure || insecureSure.value);
  return (
    <main>
      <Ticket request={request} current={current} />
      <section class="stack">
        <h2>{say('as')}</h2>
        {offered.length === 0 ? <Notice>{say('noneHere')}</Notice> : <Choices list={offered} chosen={chosen} />}
        {lookalike && <Notice tone="bad">{say('looksLike', { site: new URL(lookalike.site).host })}</Notice>}
        {others.length > 0 && <Others list={others} chosen={chosen} />}
        <button
          type="button"
          class={account ? 'quiet' : 'primary'}
          onClick={() => {
            adding.value = true;
          }}
        >
          {say('addHere')}
        </button>
        {account && codeMissing && <Notice tone="warn">{say('noCode')}</Notice>}
        {from && warning && (
          <div class="notice warn">
            <p>{from.site ? say(warning, { site: from.site }) : say('near_none')}</p>
            <Sure checked={otherAddress} label={say('otherAddressSure')} />
          </div>
        )}
        {account && insecure && <Insecure sure={insecureSure} />}
        {steps === 'refused' && <Refused account={account} />}
        {account && request.keep && current.computer && (
          <div class="notice warn stack">
            <p>{say('keepText', { provider: providerName(request.keep) })}</p>
            <Sure checked={kept} label={say('keepSure', { provider: providerName(request.keep) })} />
          </div>
        )}
      </section>
      {account && lacking === 'camera' && <AskCamera open={camera} />}
      {account && lacking === 'digits' && <TypeDigits left={DIGIT_TRIES - session.wrongDigits} />}
      <Failure code={failure.value} />
      <Decide
        current={current}
        label={say('approve')}
        ready={Boolean(ready)}
        isTap={isTap}
        failure={failure}
        work={async () => account && approve(account, kept.value)}
      />
    </main>
  );
}

/** Tells a person's own tap, on a button that has been in sight for a while, in a page of its own, from anything else (R10). */
function useTap() {
  const shownAt = useRef(performance.now());
  useEffect(() => {
    const again = () => {
      shownAt.current = performance.now();
    };
    document.addEventListener('visibilitychange', again);
    return () => document.removeEventListener('visibilitychange', again);
  }, []);
  const isTap = (event: MouseEvent): boolean => {
    const seen = performance.now() - shownAt.current > INERT_MS && document.visibilityState === 'visible';
    return event.isTrusted && seen && window.top === window;
  };
  return { shownAt, isTap };
}

/** The two buttons that never change places, and for a remembered computer the way to be rid of it. */
function Decide(props: {
  current: Approval;
  label: string;
  ready: boolean;
  isTap: (event: MouseEvent) => boolean;
  failure: Signal<Code | undefined>;
  work: () => Promise<unknown>;
}) {
  const { current, label, ready, isTap, failure, work } = props;
  const tap = async (event: MouseEvent) => {
    if (!isTap(event)) return;
    failure.value = undefined;
    try {
      await work();
    } catch (error) {
      failure.value = codeOf(error, 'not-opened');
    }
  };
  return (
    <div class="actions">
      <button type="button" class="primary" disabled={!ready} onClick={tap}>
        {label}
      </button>
      <button type="button" onClick={() => void decline()}>
        {say(current.computer ? 'notNow' : 'decline')}
      </button>
      {current.computer ? (
        <button type="button" class="quiet bad" onClick={() => void disown()}>
          {say('disown')}
        </button>
      ) : (
        <p class="hint">{say('declineHint')}</p>
      )}
    </div>
  );
}

/** The account that a typed or new login belongs to: the one of that name, or the only one of the site where none was named. */
function accountOf({ frameOrigin }: Message<'request'>, username: string): Account | undefined {
  const { exact } = accountsFor(frameOrigin, accounts.value);
  const [only, another] = exact;
  const named = exact.find(({ account }) => account.username === username);
  return (named ?? (username || another ? undefined : only))?.account;
}

/** A login that was typed on the computer, to be kept here. */
function Saving({ current, request }: { current: Approval; request: Message<'request'> }) {
  const { isTap } = useTap();
  const failure = useSignal<Code | undefined>(undefined);
  const name = useSignal(request.username || accountOf(request, '')?.username || '');
  const account = accountOf(request, name.value);
  const shown = useSignal(false);
  const known = account?.password === request.password && account?.username === name.value;
  const lacking = missing(current, undefined);
  return (
    <main>
      <Ticket request={request} current={current} />
      <section class="stack">
        <p>{say(known ? 'saveKnown' : account ? 'saveReplaces' : 'saveNew')}</p>
        <Field id="name" label={say('username')}>
          <input
            id="name"
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={name.value}
            onInput={(event) => {
              name.value = event.currentTarget.value;
            }}
          />
        </Field>
        <div>
          <span class="label">{say('password')}</span>
          <p class="secret">{shown.value ? request.password : '••••••••'}</p>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              shown.value = !shown.value;
            }}
          >
            {say(shown.value ? 'hide' : 'show')}
          </button>
        </div>
      </section>
      {lacking === 'digits' && <TypeDigits left={DIGIT_TRIES - current.session.wrongDigits} />}
      <Failure code={failure.value} />
      <Decide
        current={current}
        label={say('save')}
        ready={!lacking}
        isTap={isTap}
        failure={failure}
        work={() => approveSave(account, name.value)}
      />
    </main>
  );
}

/** Who one is, for a site that asks the companion. Which site, the companion says, not the computer. */
function Identifying({ current, request }: { current: Approval; request: Message<'request'> }) {
  const { isTap } = useTap();
  const failure = useSignal<Code | undefined>(undefined);
  const camera = useSignal(false);
  const { signIn } = current;
  const lacking = missing(current, undefined);
  if (camera.value) return <CameraStep open={camera} />;
  return (
    <main>
      <section class="pass">
        <h1 class="where">
          <span class="label">{say('signInTo')}</span>
          <b>{signIn && 'name' in signIn ? foreign(signIn.name) : '…'}</b>
        </h1>
        {signIn && 'name' in signIn && signIn.host && <p class="soft">{signIn.host}</p>}
        <Computer request={request} current={current} />
      </section>
      <section class="stack">
        <h2>{say('as')}</h2>
        <p>{say(insideApp ? 'asAppUser' : 'asYourself')}</p>
        <p class="hint">{say('identityHint')}</p>
      </section>
      <Failure code={signIn && 'code' in signIn ? signIn.code : failure.value} />
      {lacking === 'camera' &&
        (insideApp ? <Notice tone="warn">{say('inAppFar')}</Notice> : <AskCamera open={camera} />)}
      {lacking === 'digits' && <TypeDigits left={DIGIT_TRIES - current.session.wrongDigits} />}
      <Decide
        current={current}
        label={say('approve')}
        ready={signIn !== undefined && 'name' in signIn && !lacking}
        isTap={isTap}
        failure={failure}
        work={approveIdentity}
      />
    </main>
  );
}

/** A page that is not encrypted: whoever stands between can read what is typed into it. */
const Insecure = ({ sure }: { sure: Signal<boolean> }) => (
  <div class="notice warn">
    <p>{say('insecure')}</p>
    <Sure checked={sure} label={say('insecureSure')} />
  </div>
);

/** The account's own rule speaks against this computer. */
const Refused = ({ account }: { account: Account | undefined }) => (
  <Notice tone="warn">{say(account?.guard === 'near' ? 'tooFar' : 'needRemembered')}</Notice>
);

/** A new password, made here by the site's rules. */
function Making({ current, request }: { current: Approval; request: Message<'request'> }) {
  const { isTap } = useTap();
  const failure = useSignal<Code | undefined>(undefined);
  const name = useSignal(
    request.username || (request.saves === 'changed' ? accountOf(request, '')?.username : '') || '',
  );
  // A new account of a name that there is already is that account.
  const account = name.value || request.saves === 'changed' ? accountOf(request, name.value) : undefined;
  const password = useSignal('');
  if (password.value === '') password.value = passwordBy(request.rules ?? '');
  const camera = useSignal(false);
  const insecureSure = useSignal(false);
  const { insecure } = siteOf(request.frameOrigin);
  // The password in force goes along where it is changed, so the account's own rules hold here, too.
  const refused = stepsFor(current.session.evidence, account?.guard ?? 'none') === 'refused';
  const lacking = missing(current, account);
  if (camera.value) return <CameraStep open={camera} />;
  return (
    <main>
      <Ticket request={request} current={current} />
      <section class="stack">
        <p>{say(account ? 'newReplaces' : 'newText')}</p>
        <Field id="name" label={say('username')} hint={say('newNameHint')}>
          <input
            id="name"
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={name.value}
            aria-describedby="name-hint"
            onInput={(event) => {
              name.value = event.currentTarget.value;
            }}
          />
        </Field>
        <div>
          <span class="label">{say('password')}</span>
          <p class="secret">{password.value}</p>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              password.value = passwordBy(request.rules ?? '');
            }}
          >
            {say('another')}
          </button>
        </div>
        {insecure && <Insecure sure={insecureSure} />}
        {refused && <Refused account={account} />}
      </section>
      {lacking === 'camera' && <AskCamera open={camera} />}
      {lacking === 'digits' && <TypeDigits left={DIGIT_TRIES - current.session.wrongDigits} />}
      <Failure code={failure.value} />
      <Decide
        current={current}
        label={say('useNew')}
        ready={!lacking && !refused && (!insecure || insecureSure.value)}
        isTap={isTap}
        failure={failure}
        work={() => approveNew(account, name.value, password.value)}
      />
    </main>
  );
}

const CameraStep = ({ open }: { open: Signal<boolean> }) => (
  <main>
    <Camera
      onCode={(text) => {
        open.value = false;
        void scanned(text);
      }}
      onCancel={() => {
        open.value = false;
      }}
    />
  </main>
);

const AskCamera = ({ open }: { open: Signal<boolean> }) => (
  <section class="stack">
    <h2 class="step">{say('cameraStep')}</h2>
    <p class="soft">{say('cameraStepText')}</p>
    <button
      type="button"
      class="primary"
      onClick={() => {
        open.value = true;
      }}
    >
      {say('openCamera')}
    </button>
  </section>
);

function Holding({ current }: { current: Approval }) {
  const seconds = useSignal(0);
  const { deadline } = current.session;
  useEffect(() => {
    const count = () => {
      seconds.value = Math.max(0, Math.ceil((deadline - Date.now()) / 1000));
    };
    count();
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  }, [deadline]);
  return (
    <main class="center">
      <p class="countdown" aria-hidden="true">
        {seconds.value}
      </p>
      <p role="status">{say('holding', { seconds: seconds.value })}</p>
      <p class="soft">{say('holdingText')}</p>
      <div class="actions">
        <button type="button" class="primary" onClick={() => void decline()}>
          {say('stop')}
        </button>
      </div>
    </main>
  );
}

/** After a sign-in by code: next time the computer may call, if both sides want it. */
function Remembering({ current }: { current: Approval }) {
  const { remembering, request } = current;
  const failure = useSignal<Code | undefined>(undefined);
  const suggested = request ? computerOf(request) : '';
  const name = useSignal(suggested.slice(0, 40));
  if (!remembering || remembering === 'declined' || !isUnlocked.value) return null;
  if (remembering === 'kept') {
    return (
      <>
        <Notice tone="good">{say('rememberKept')}</Notice>
        <Waking />
      </>
    );
  }
  if (remembering === 'said') {
    return (
      <p class="notice" role="status">
        {say('rememberSaid')}
      </p>
    );
  }
  const answer = async (yes: boolean) => {
    try {
      await remember(yes, name.value.trim() || suggested);
    } catch (error) {
      failure.value = codeOf(error, 'storage-failed');
    }
  };
  return (
    <section class="notice stack remember">
      <p>
        <b>{say(remembering === 'asked' ? 'rememberAsked' : 'rememberOffer')}</b>
      </p>
      <p>{say('rememberHint')}</p>
      <Field id="computer-name" label={say('computerName')}>
        <input
          id="computer-name"
          type="text"
          maxLength={40}
          value={name.value}
          onInput={(event) => {
            name.value = event.currentTarget.value;
          }}
        />
      </Field>
      <Failure code={failure.value} />
      <div class="row">
        <button type="button" class="primary" onClick={() => void answer(true)}>
          {say('remember')}
        </button>
        <button type="button" onClick={() => void answer(false)}>
          {say('notNow')}
        </button>
      </div>
    </section>
  );
}

function Ended({ current }: { current: Approval }) {
  const { state, result, code } = current.session;
  const good = state === 'done' && result !== 'refused';
  const ending = state === 'denied' || state === 'cancelled' || state === 'expired' ? state : undefined;
  const told = state === 'done' && result ? say(result) : reason(code ?? ending ?? 'not-opened');
  return (
    <main class="center" data-outcome={code ?? result ?? state}>
      <Seal glyph={good ? 'check' : 'cross'} tone={good ? 'good' : 'bad'} />
      <div role="status">
        <h1>{told}</h1>
      </div>
      {current.request && (
        <p class="soft">
          {current.signIn && 'name' in current.signIn ? (
            foreign(current.signIn.name)
          ) : (
            <SiteName origin={current.request.topOrigin} />
          )}
        </p>
      )}
      {current.text && <Notice>{say('siteSaid', { text: foreign(current.text) })}</Notice>}
      <Remembering current={current} />
      <div class="actions">
        <button type="button" class="primary" onClick={dismiss}>
          {say('done')}
        </button>
      </div>
    </main>
  );
}

const Waiting = ({ text, up }: { text: string; up: boolean }) => (
  <main class="center">
    <div role="status">
      <h1>{text}</h1>
    </div>
    {!up && <Notice tone="warn">{say('offline')}</Notice>}
    <div class="actions">
      <button type="button" onClick={() => void decline()}>
        {say('cancel')}
      </button>
    </div>
  </main>
);

export function Approve({ current, reloaded }: { current: Approval; reloaded: boolean }) {
  const open = isUnlocked.value;
  useEffect(() => {
    if (open) void unlocked();
  }, [open]);
  const { state } = current.session;
  if (hasEnded(current.session)) return <Ended current={current} />;
  if (current.otp === 'locked' && !isUnlocked.value) return <Unlock note={say('otpLocked')} />;
  if (state === 'confirming' || state === 'sealed') {
    return (
      <main class="center">
        <div role="status">
          <h1>{say(state === 'sealed' ? 'sent' : 'sending')}</h1>
        </div>
        {current.otp === 'sent' && <p>{say('otpSent')}</p>}
        {current.otp === 'none' && <Notice tone="warn">{say('otpNone')}</Notice>}
        {!current.up && <Notice tone="warn">{say('offline')}</Notice>}
      </main>
    );
  }
  if (!isUnlocked.value && !insideApp) return <Unlock {...(reloaded ? { note: say('reloaded') } : {})} />;
  if (state === 'holding') return <Holding current={current} />;
  if (state === 'asking' && current.request?.kind === 'identity')
    return <Identifying current={current} request={current.request} />;
  // Inside an app there is nothing else to be had.
  if (insideApp) return <Waiting text={say('connecting')} up={current.up} />;
  if (state === 'asking' && current.request?.kind === 'save')
    return <Saving current={current} request={current.request} />;
  if (state === 'asking' && current.request?.kind === 'new')
    return <Making current={current} request={current.request} />;
  if (state === 'asking') return <Asking current={current} />;
  return <Waiting text={say('connecting')} up={current.up} />;
}
