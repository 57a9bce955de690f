// States of the phone's page, made up: what vault, sign-in and computers say, and what has to be seen then. What a person comes to by the
// page's own buttons alone, without a computer, is played instead (tests/e2e/screens.ts).
import type { Computer } from '../../src/phone/pairing/sealed-pairings.ts';
import type { Screen } from '../../src/phone/shell/state.ts';
import type { Approval } from '../../src/phone/sign-in/approval.ts';
import { type Account, newAccount, newDocument, type VaultDocument } from '../../src/phone/vault/document.ts';
import type { Standing } from '../../src/phone/vault/exchange.ts';
import type { Code } from '../../src/protocol/errors.ts';
import type { Tie } from '../../src/protocol/identity-proof.ts';
import type { Message } from '../../src/protocol/messages.ts';
import { newPhonePairing } from '../../src/protocol/pairing.ts';
import type { PhoneSession } from '../../src/protocol/session/types.ts';
import type phone from '../../src/ui/locales/en/phone.ts';

type Key = keyof typeof phone;

/** What the page is opened in, which it knows from its first moment; a browser of Android's where nothing is said. */
export const PLACES = ['browser', 'safari', 'app', 'trial', 'no-storage'] as const;
export type Place = (typeof PLACES)[number];

export interface PhoneState {
  name: string;
  place?: Place;
  /** What this phone has of a vault: it is open where nothing is said. */
  vault?: 'open' | 'locked' | 'finger' | 'none' | 'evicted' | 'blocked';
  document?: Partial<VaultDocument>;
  screen?: Screen;
  signIn?: Approval;
  reloaded?: true;
  /** What is left to do of the first run. */
  setup?: 'passkey' | 'backup';
  computers?: Computer[];
  /** How many of them ask. */
  calls?: number;
  /** What stands over the list. */
  over?: { tie?: Tie; weak?: true; older?: true; standing?: Standing };
  rejected?: { code: Code; origin?: string };
  /** Two copies of a computer were found out. */
  alarmed?: true;
  /** A word about what was just done; with `undo` it can be taken back. */
  toast?: { undo: boolean };
  /** A new version waits; the browser offers to install the page. */
  offered?: 'update' | 'install';
  /** This phone's clock is ahead by so much, in ms. */
  ahead?: number;
  /** Why the camera does not open; one that opens shows nothing. */
  camera?: 'NotAllowedError' | 'NotFoundError';
  /** The app's provider can say who its user is. */
  askable?: true;
  /** What the person has pressed, one after the other (CSS). */
  press?: string[];
  /** A sentence that is seen then. */
  says: Key | Code;
}

const SITE = 'https://intranet.ward-north.example';
const LONG = 'https://sign-in.administration.hospital-of-the-northern-districts.example:8443';
const username = 'li.wei@ward-north.example';

type Change = Partial<PhoneSession> & { request?: Partial<Message<'request'>> } & Omit<Partial<Approval>, 'session'>;

/** @param now ms since 1970, at which all of them are looked at */
export function phoneStates(now: number): PhoneState[] {
  const asks = (change: Change = {}): Approval => {
    const { up = true, otp: _, computer, setBack, signIn, pairing, request, ...session } = change;
    return {
      up,
      ...(computer ? { computer } : {}),
      ...(setBack ? { setBack } : {}),
      ...(signIn ? { signIn } : {}),
      ...(pairing ? { pairing } : {}),
      session: {
        ...{ role: 'phone', state: 'asking', startedAt: now, deadline: now + 110_000, strikes: 0, attempt: 1 },
        ...{ evidence: { remembered: false, near: true }, passed: ['camera'], wrongDigits: 0, laterCode: false },
        shown: {
          hash: 'h',
          request: {
            ...{ v: 1, t: 'request', topOrigin: SITE, frameOrigin: SITE, title: 'Ward North: intranet', time: now },
            ...{ browser: 'Firefox', os: 'Windows', kind: 'password' },
            ...request,
          },
        },
        ...session,
      },
    };
  };
  const sent = (otp: Approval['otp']): Approval => ({ ...asks({ state: 'sealed' }), ...(otp ? { otp } : {}) });
  const far = { evidence: { remembered: false, near: false } } as const;
  const known = {
    computer: { id: 'c', name: 'Ward desk' },
    evidence: { remembered: true, near: true },
  } as const;
  const account = (change: Partial<Account> = {}): Account =>
    newAccount({ id: 'a', sites: [SITE], username, password: 'one word', passwordAt: now, ...change });
  const other = account({ id: 'o', sites: ['https://other.example'], username: 'wei', title: 'Another' });
  const accounts = [
    account(),
    account({ id: 'b', username: 'ward-account-of-the-night-shift@ward-north.example' }),
    other,
  ];
  const vault = { document: { accounts } };
  const computer = (id: string, name: string, suspended = false): Computer => ({
    ...{
      id,
      name,
      box: id.repeat(22),
      token: id.repeat(43),
      addedAt: now,
      usedAt: now,
      confirmed: true,
      quietUntil: 0,
    },
    state: { ...newPhonePairing('k'), suspended },
  });
  const computers = [computer('c', 'Ward desk'), computer('d', 'The old computer in the corridor', true)];
  const site = {
    ...{ issuer: 'https://keys.ward-north.example', id: 's', client: 'c', nonce: 'n' },
    ...{ name: 'Ward North wiki', host: 'wiki.ward-north.example' },
  };
  const ended = (name: string, says: Key | Code, change: Change) => ({
    ...{ name: `ended-${name}`, signIn: asks({ state: 'done', ...change }), says, ...vault },
  });
  const with_ = (one: Partial<Account>) => ({ document: { accounts: [account(one)] } });

  return [
    // A request, and what stands in the way of the tap.
    { name: 'confirm', signIn: asks(), says: 'approve', ...vault },
    { name: 'confirm-known', signIn: asks(known), says: 'disown', ...vault },
    {
      name: 'confirm-long',
      signIn: asks({ request: { topOrigin: LONG, frameOrigin: LONG } }),
      says: 'addHere',
      ...vault,
    },
    { name: 'confirm-later-code', signIn: asks(), says: 'coversLaterCode', ...with_({ totp: 'JBSWY3DPEHPK3PXP' }) },
    {
      name: 'confirm-tenant',
      signIn: asks({ request: { extra: true } }),
      says: 'coversTenant',
      ...with_({ tenant: 'North' }),
    },
    { name: 'choose-account', signIn: asks(), press: ['button.fact'], says: 'chooseAccount', ...vault },
    {
      name: 'choose-other-account',
      signIn: asks(),
      press: ['button.fact', 'main details summary'],
      says: 'otherAccounts',
      ...vault,
    },
    { name: 'no-account', signIn: asks(), says: 'noneHere' },
    { name: 'new-account', signIn: asks(), press: ['.bottom-sheet .body > .primary'], says: 'newAccount' },
    { name: 'camera-step', signIn: asks({ ...far, passed: [] }), says: 'cameraStepText', ...vault },
    {
      name: 'camera-step-open',
      signIn: asks({ ...far, passed: [] }),
      press: ['.bottom-sheet section .primary'],
      says: 'scanTitle',
      ...vault,
    },
    ...(['NotAllowedError', 'NotFoundError'] as const).map((camera) => ({
      ...{ name: camera === 'NotAllowedError' ? 'camera-denied' : 'camera-missing', camera },
      ...{ screen: { at: 'scan' as const }, press: ['main details summary'] },
      says: camera === 'NotAllowedError' ? ('cameraDenied' as const) : ('cameraMissing' as const),
    })),
    { name: 'scan', screen: { at: 'scan' }, says: 'scanTitle' },
    { name: 'digits', signIn: asks(far), says: 'digitsStepText', ...vault },
    { name: 'digits-wrong', signIn: asks({ ...far, wrongDigits: 2 }), says: 'digitsWrong', ...vault },
    { name: 'hold', signIn: asks({ ...far, state: 'holding', deadline: now + 8_000 }), says: 'holdingText', ...vault },
    { name: 'sending', signIn: asks({ state: 'confirming' }), says: 'sending', ...vault },
    { name: 'sent', signIn: sent(undefined), says: 'sent', ...vault },
    { name: 'sent-code', signIn: sent('sent'), says: 'otpSent', ...vault },
    { name: 'sent-no-code', signIn: sent('none'), says: 'otpNone', ...vault },
    { name: 'sent-code-not-covered', signIn: sent('not-covered'), says: 'otpNotCovered', ...vault },
    { name: 'sent-offline', signIn: { ...sent(undefined), up: false }, says: 'offline', ...vault },
    { name: 'connecting', signIn: asks({ state: 'joining' }), says: 'connecting', ...vault },
    { name: 'connecting-offline', signIn: asks({ state: 'joining', up: false }), says: 'offline', ...vault },
    {
      name: 'caution-insecure',
      signIn: asks({ request: { topOrigin: 'http://old.example', frameOrigin: 'http://old.example' } }),
      says: 'insecureSure',
      ...with_({ sites: ['http://old.example'] }),
    },
    {
      name: 'caution-frame',
      signIn: asks({ request: { topOrigin: 'https://portal.example' } }),
      says: 'inFrame',
      ...vault,
    },
    { name: 'caution-astray', signIn: asks({ request: { sendsTo: LONG } }), says: 'astray_stranger', ...vault },
    {
      name: 'caution-other-address',
      signIn: asks({ request: { sendsTo: 'https://login.ward-north.example' } }),
      says: 'otherAddressSure',
      ...vault,
    },
    {
      name: 'caution-lookalike',
      signIn: asks({ request: { topOrigin: 'https://0ther.example', frameOrigin: 'https://0ther.example' } }),
      says: 'looksLike',
      ...vault,
    },
    { name: 'caution-too-far', signIn: asks(far), says: 'tooFar', ...with_({ guard: 'near' }) },
    { name: 'caution-not-remembered', signIn: asks(), says: 'needRemembered', ...with_({ guard: 'remembered' }) },
    { name: 'caution-no-code', signIn: asks({ request: { kind: 'otp' } }), says: 'noCode', ...vault },
    { name: 'caution-basic', signIn: asks({ request: { kind: 'basic' } }), says: 'asksBasic', ...vault },
    { name: 'caution-set-back', signIn: asks({ ...known, setBack: true }), says: 'setBack', ...vault },
    {
      name: 'caution-clock',
      signIn: asks(),
      ahead: 3 * 86_400_000,
      says: 'clockAhead',
      ...with_({ totp: 'JBSWY3DPEHPK3PXP' }),
    },
    { name: 'caution-keep', signIn: asks({ ...known, request: { keep: 'dingtalk' } }), says: 'keepSure', ...vault },
    // Other kinds of request.
    ...(
      [
        ['new', 'saveNew', 'new@ward-north.example'],
        ['replaces', 'saveReplaces', username],
      ] as const
    ).map(([name, says, typed]) => ({
      name: `save-login-${name}`,
      signIn: asks({ ...known, request: { kind: 'save', username: typed, password: 'typed there', saves: 'login' } }),
      ...{ says, ...vault },
    })),
    {
      name: 'save-login-shown',
      signIn: asks({ ...known, request: { kind: 'save', username, password: 'x'.repeat(64), saves: 'login' } }),
      press: ['.bottom-sheet .body .quiet'],
      says: 'hide',
      ...vault,
    },
    { name: 'new-password', signIn: asks({ request: { kind: 'new', saves: 'new' } }), says: 'newText' },
    {
      name: 'new-password-changed',
      signIn: asks({ request: { kind: 'new', saves: 'changed', username } }),
      says: 'newCurrent',
      ...vault,
    },
    { name: 'identity', signIn: asks({ request: { kind: 'identity' }, signIn: site }), says: 'identityHint' },
    {
      name: 'identity-device',
      signIn: asks({ request: { kind: 'identity' }, signIn: { ...site, device: 'Printer on the second floor' } }),
      says: 'device',
    },
    {
      name: 'identity-adds',
      signIn: asks({
        request: { kind: 'identity' },
        signIn: { ...site, adds: { provider: 'dingtalk', name: 'Li Wei' } },
      }),
      says: 'identityAdds',
    },
    {
      name: 'identity-gone',
      signIn: asks({ request: { kind: 'identity' }, signIn: { code: 'sign-in-gone' } }),
      says: 'sign-in-gone',
    },
    // How it ended.
    ended('signed-in', 'signed-in', { result: 'signed-in' }),
    ended('refused', 'refused', { result: 'refused', text: 'Invalid user name or password. Two attempts are left.' }),
    ...(['more', 'cannot-tell', 'not-sent', 'not-filled', 'entered', 'saved'] as const).map((result) =>
      ended(result, result, { result }),
    ),
    ended('set-up', 'setUpText', { result: 'saved', request: { kind: 'set-up' } }),
    ...(['page-left', 'no-form', 'covered', 'does-not-fit', 'step-blocked', 'origin-mismatch'] as const).map((code) =>
      ended(code, code, { result: 'not-filled', code }),
    ),
    ...(['unseen', 'page-blocked', 'asked-again'] as const).map((code) =>
      ended(code, code, { result: 'cannot-tell', code }),
    ),
    ...(['denied', 'cancelled', 'expired'] as const).map((state) => ended(state, state, { state })),
    ...(['key-mismatch', 'digits-wrong', 'session-gone', 'session-taken', 'no-answer', 'link-suspended'] as const).map(
      (code) => ended(code, code, { state: 'failed', code }),
    ),
    ...(
      [
        ['offered', 'rememberOffer'],
        ['asked', 'rememberAsked'],
        ['said', 'rememberSaid'],
        ['kept', 'rememberKept'],
      ] as const
    ).map(([pairing, says]) => ended(`trust-${pairing}`, says, { result: 'signed-in', pairing })),
    // The lock.
    { name: 'unlock-for', vault: 'locked', signIn: asks({ request: { topOrigin: LONG } }), says: 'forgot' },
    { name: 'unlock-for-finger', vault: 'finger', signIn: asks(), says: 'unlockPasskey' },
    {
      name: 'unlock-for-call',
      vault: 'locked',
      signIn: { ...asks(known), session: { ...asks(known).session, state: 'waiting' } },
      says: 'forgot',
    },
    { name: 'unlock-reloaded', vault: 'locked', signIn: asks(), reloaded: true, says: 'reloadedFor' },
    {
      name: 'unlock-code',
      vault: 'locked',
      signIn: { ...asks({ state: 'sealed' }), otp: 'locked' },
      says: 'otpLocked',
    },
    { name: 'evicted', vault: 'evicted', says: 'evicted' },
    { name: 'blocked', vault: 'blocked', says: 'storageBlocked' },
    { name: 'offer-fingerprint', setup: 'passkey', says: 'offerPasskeyText' },
    // The vault's own screens, by what has happened.
    { name: 'computers', screen: { at: 'computers' }, computers, says: 'suspendedText' },
    {
      name: 'computers-sure',
      screen: { at: 'computers' },
      computers,
      press: ['.computers li > button'],
      says: 'forgetComputerSure',
    },
    { name: 'computers-none', screen: { at: 'computers' }, says: 'noComputers' },
    { name: 'ringing', screen: { at: 'settings' }, computers, calls: 1, says: 'calling' },
    { name: 'ringing-two', computers, calls: 2, says: 'calling', ...vault },
    { name: 'copied', alarmed: true, says: 'suspendedText', ...vault },
    { name: 'change-passphrase', screen: { at: 'passphrase' }, says: 'passphraseHint' },
    {
      name: 'list-warnings',
      over: {
        ...{ weak: true, older: true, standing: { at: now, problem: 'backup-older' } },
        tie: { by: 'key', name: 'Pixel 9', at: now },
      },
      says: 'backupLooksOlder',
      ...vault,
    },
    {
      name: 'list-backup-late',
      over: { standing: { at: now - 9 * 86_400_000, problem: 'unreachable' } },
      says: 'backupLast',
      ...vault,
    },
    { name: 'list-no-backup', says: 'backupHint', ...vault },
    { name: 'list-install', offered: 'install', says: 'installHint' },
    { name: 'list-update', offered: 'update', says: 'updateReady', ...vault },
    { name: 'list-rejected', rejected: { code: 'other-companion', origin: LONG }, says: 'other-companion', ...vault },
    { name: 'toast', toast: { undo: false }, says: 'copied', ...vault },
    { name: 'toast-undo', toast: { undo: true }, says: 'undo', ...vault },
    // Where else the page may be opened.
    { name: 'home-screen', place: 'safari', vault: 'none', says: 'homeScreenText' },
    { name: 'safari-hint', place: 'safari', says: 'safariHint' },
    { name: 'inside-app', place: 'app', vault: 'none', says: 'insideAppText' },
    { name: 'inside-app-asks', place: 'app', vault: 'none', askable: true, says: 'inAppTitle' },
    {
      name: 'inside-app-identity',
      place: 'app',
      vault: 'none',
      signIn: asks({ ...far, request: { kind: 'identity' }, signIn: site }),
      says: 'digitsStepText',
    },
    { name: 'trial-welcome', place: 'trial', vault: 'none', says: 'trial' },
    { name: 'trial-list', place: 'trial', says: 'trial', ...vault },
    { name: 'no-storage', place: 'no-storage', says: 'storageBlockedText' },
  ];
}

/** What an open vault holds in a state. */
export const documentOf = ({ document }: PhoneState): VaultDocument => ({ ...newDocument(), ...document });
