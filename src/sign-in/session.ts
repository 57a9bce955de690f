// The sign-in page's end of a session: the same machine, the same seal and the same relay as an extension's, in one page's memory.
// What the phone answers with is handed to the companion, which knows this browser by its cookie.
import { signal } from '@preact/signals';
import bowser from 'bowser';
import * as v from 'valibot';
import { relayUrl, type Socket } from '../protocol/connection.ts';
import { fromBase64, randomBytes, toBase64 } from '../protocol/encoding.ts';
import { CODES, type Code, codeOf, ScankeyError } from '../protocol/errors.ts';
import { Mailbox, newMail, tokenHash } from '../protocol/mailbox.ts';
import { type Message, pack, requestHash, unpack, WIRE_BYTES } from '../protocol/messages.ts';
import { makeCode, type NewCode } from '../protocol/new-code.ts';
import { ProviderId, ProviderIds } from '../protocol/providers.ts';
import { type BrowserEnd, browserEnd, openingOf, sealFrom } from '../protocol/seal.ts';
import {
  type BrowserEvent,
  type BrowserSession,
  type CommonEvent,
  type Effect,
  hasEnded,
  newBrowserSession,
  nextTick,
  step,
} from '../protocol/session/session.ts';

/** What the companion tells of this sign-in. */
const About = v.object({
  name: v.string(),
  host: v.string(),
  providers: ProviderIds,
  /** WeChat's service account gives codes that are drawn here. */
  draws: v.boolean(),
  /** Who has to confirm it, too. */
  confirm: v.optional(ProviderId),
  /** A provider has said who it is, and the phone has to confirm it, too. */
  scanToo: v.boolean(),
  failure: v.optional(v.object({ code: v.picklist(CODES), detail: v.optional(v.string()) })),
  complete: v.boolean(),
});
export type About = v.InferOutput<typeof About>;

export interface Shown {
  session: BrowserSession;
  drawing: NewCode['drawing'];
  up: boolean;
  near?: boolean;
  second?: boolean;
  phone?: string;
  digits?: string;
}

const uid = location.pathname.split('/')[2] ?? '';
export const about = signal<About | undefined>(undefined);
export const shown = signal<Shown | undefined>(undefined);
export const failure = signal<{ code: Code; detail?: string | undefined } | undefined>(undefined);
export const addressOf = (provider: ProviderId): string => `/sign-in/${uid}/with/${provider}`;
export const signInId = uid;

const Problem = v.object({ code: v.picklist(CODES), detail: v.optional(v.string()) });

/** Asks the companion about this sign-in. @throws ScankeyError with the companion's own code */
async function ask(path: string, body?: unknown): Promise<unknown> {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`/sign-in/${uid}/${path}`, init).catch(() => undefined);
  if (response?.ok) return response.json();
  const problem = v.safeParse(Problem, await response?.json().catch(() => undefined));
  if (problem.success) failure.value = problem.output;
  throw new ScankeyError(problem.success ? problem.output.code : 'unreachable');
}

export async function readAbout(): Promise<void> {
  try {
    about.value = v.parse(About, await ask('about'));
    if (about.value.failure) failure.value = about.value.failure;
  } catch (error) {
    failure.value ??= { code: codeOf(error, 'unreachable') };
  }
}

/** On to the site: nothing of this page is to be come back to. */
const goOn = (): void => location.replace(`/sign-in/${uid}/go`);

/** Hands a proof in. @returns whether the site asks for nothing more @throws ScankeyError with the companion's own code */
export async function handIn(proof: unknown): Promise<boolean> {
  failure.value = undefined;
  return v.parse(v.object({ complete: v.boolean() }), await ask('proof', proof)).complete;
}

/** …that came from the extension, which knows this page's form. */
export async function handInAndGo(text: string): Promise<void> {
  try {
    if (await handIn(JSON.parse(text))) goOn();
    else await readAbout();
  } catch (error) {
    failure.value ??= { code: codeOf(error, 'bad-message') };
  }
}

/** The person does not want to: back to the site, which hears of it. */
export async function decline(): Promise<void> {
  const { to } = v.parse(v.object({ to: v.string() }), await ask('cancel', {}));
  location.replace(to);
}

/** A code of WeChat's own, to be drawn here; whoever scans it is known without this page's doing. */
export const wechatCode = async (): Promise<string> =>
  v.parse(v.object({ code: v.string() }), await ask('wechat-code', {})).code;

const LOOK_MS = 1_500;
/** Looks until a scan of such a code is known of, five minutes at most. */
export async function watch(signal: AbortSignal): Promise<void> {
  for (let looks = 0; looks < 200 && !signal.aborted; looks++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    await readAbout();
    if (about.value?.complete) return goOn();
    if (failure.value) return;
  }
}

interface Run {
  code: NewCode;
  mailbox: Mailbox;
  outbox(): number;
  end?: BrowserEnd;
  asked?: string;
  proof?: unknown;
  timer?: ReturnType<typeof setTimeout>;
}
let run: Run | undefined;

/** A fresh code; the one before is void. */
export async function begin(): Promise<void> {
  run?.mailbox.close('cancelled');
  clearTimeout(run?.timer);
  const code = await makeCode(location.origin);
  const mail = newMail(toBase64(randomBytes(32)));
  const introduction = {
    t: 'open',
    sid: code.sid,
    pk: code.publicKey,
    tokenHash: await tokenHash(mail.token),
  } as const;
  const mailbox = new Mailbox({
    connect: () => new WebSocket(relayUrl(location.origin)) as Socket,
    mail,
    role: 'b',
    introduction,
    save: async () => {},
    onMessage: (n, wire) => receive(current, n, wire),
    async onPeer({ near, second }) {
      show(current, { near, second });
      await apply(current, { t: 'joined' });
    },
    onStatus: (up) => show(current, { up }),
    async onGone({ code: problem, reason }) {
      await apply(current, { t: 'gone', code: problem, ...(reason ? { reason } : {}) });
    },
  });
  const current: Run = { code, mailbox, outbox: () => mail.outbox.length };
  run = current;
  shown.value = { session: newBrowserSession(Date.now()), drawing: code.drawing, up: true };
  schedule(current);
}

const show = (current: Run, change: Partial<Shown>): void => {
  if (current === run && shown.value) shown.value = { ...shown.value, ...change };
};

function schedule(current: Run): void {
  clearTimeout(current.timer);
  const session = shown.value?.session;
  if (!session || hasEnded(session)) return;
  current.timer = setTimeout(() => void apply(current, { t: 'tick' }), Math.max(0, nextTick(session) - Date.now()));
}

async function apply(current: Run, event: BrowserEvent | CommonEvent): Promise<void> {
  if (current !== run || !shown.value) return;
  const { session, effects } = step(shown.value.session, event, Date.now());
  show(current, { session });
  for (const effect of effects) await DO[effect as keyof typeof DO]?.(current);
  schedule(current);
}

export const cancel = async (): Promise<void> => {
  if (run) await apply(run, { t: 'cancel' });
};

async function receive(current: Run, n: number, wire: Uint8Array<ArrayBuffer>): Promise<void> {
  const { code } = current;
  try {
    if (wire.length === WIRE_BYTES.hello) {
      const pair = { seed: fromBase64(code.seed), publicKey: fromBase64(code.publicKey) };
      const opening = await openingOf({ origin: code.origin, secret: fromBase64(code.secret) });
      const { end, first } = await browserEnd(pair, opening, n, wire);
      const hello = unpack('hello', first);
      current.end = end;
      show(current, { phone: hello.phone, digits: end.shared.digits });
      await apply(current, { t: 'hello', attempt: hello.attempt });
    } else if (wire.length === WIRE_BYTES.answer && current.end) {
      const answer = unpack('answer', await current.end.open(n, wire));
      if (answer.t === 'denied')
        return await apply(current, {
          t: 'denied',
          ...(answer.reason === 'digits-wrong' ? { code: answer.reason } : {}),
        });
      if (answer.t !== 'identity' || answer.request !== current.asked) throw new ScankeyError('bad-message');
      const { key, signature, ticket } = answer;
      current.proof = ticket === undefined ? { key, signature } : { ticket };
      await apply(current, { t: 'credential' });
    } else if (wire.length !== WIRE_BYTES.followUp) throw new ScankeyError('bad-message');
  } catch (error) {
    if (codeOf(error, 'not-opened') !== 'bad-message') throw error;
    await apply(current, { t: 'bad-message' });
  }
}

async function send({ end, mailbox }: Run, plaintext: Uint8Array<ArrayBuffer>): Promise<void> {
  if (end) await mailbox.send(await sealFrom('b', end.shared, mailbox.next, plaintext));
}

/** The phone is told first; a companion that does not take it keeps nobody from going on. */
async function leave({ outbox }: Run): Promise<void> {
  for (let waited = 0; waited < 50 && outbox() > 0; waited++) await new Promise((resolve) => setTimeout(resolve, 20));
  goOn();
}

const DO: Partial<Record<Effect, (current: Run) => Promise<void>>> = {
  async 'send-request'(current) {
    const { browser, os } = bowser.parse(navigator.userAgent);
    const plaintext = pack('request', {
      v: 1,
      t: 'request',
      topOrigin: location.origin,
      frameOrigin: location.origin,
      title: (about.value?.name ?? '').slice(0, 120),
      browser: `${browser.name ?? 'Browser'} ${browser.version?.split('.')[0] ?? ''}`.trim().slice(0, 40),
      os: (os.name ?? '').slice(0, 40),
      kind: 'identity',
      signIn: uid,
      forgets: true,
      time: Date.now(),
    });
    current.asked = await requestHash(plaintext);
    await send(current, plaintext);
  },
  'check-tab': (current) => apply(current, { t: 'tab-ok' }),
  async deliver(current) {
    let complete: boolean;
    try {
      complete = await handIn(current.proof);
    } catch (error) {
      return apply(current, { t: 'not-filled', code: codeOf(error, 'unreachable') });
    }
    await apply(current, { t: 'filled' });
    await apply(current, { t: 'outcome', result: complete ? 'signed-in' : 'more' });
    if (!complete) return readAbout();
    // Not awaited: what the companion says next is taken only after this.
    void leave(current);
  },
  async 'send-outcome'(current) {
    const { result, code } = shown.value?.session ?? {};
    const message: Message<'outcome'> = {
      v: 1,
      t: 'outcome',
      result: result ?? 'not-filled',
      ...(code ? { code } : {}),
    };
    await send(current, pack('outcome', message));
  },
  async close({ mailbox }) {
    const { state } = shown.value?.session ?? {};
    mailbox.close(state === 'cancelled' || state === 'denied' ? state : 'failed');
  },
};
