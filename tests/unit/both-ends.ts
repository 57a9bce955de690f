// Both ends of one sign-in without a browser: the worker's and the phone's, each with a disk of its own, over whatever relay they are given.
import {
  BrowserChannel,
  type Channel,
  type FromBrowser,
  type FromPhone,
  PhoneChannel,
} from '../../src/protocol/channel.ts';
import type { Clock } from '../../src/protocol/clock.ts';
import type { Socket } from '../../src/protocol/connection.ts';
import { concat, fromBase64, toBase64 } from '../../src/protocol/encoding.ts';
import { type Mail, newMail } from '../../src/protocol/mailbox.ts';
import { type Kind, PLAINTEXT_BYTES, pack, requestHash, WIRE_BYTES } from '../../src/protocol/messages.ts';
import type { NewCode } from '../../src/protocol/new-code.ts';
import { parseQrLink } from '../../src/protocol/qr-link.ts';
import type { Role } from '../../src/protocol/relay.ts';
import { openingOf, phoneEnd } from '../../src/protocol/seal.ts';
import type { Asked } from '../../src/protocol/session/answer.ts';
import {
  answered,
  type BrowserEffect,
  type BrowserEvent,
  closingOf as closingOfBrowser,
  type Given,
  newBrowserSession,
  outcomeOf,
  stepBrowser,
} from '../../src/protocol/session/browser.ts';
import { Conversation } from '../../src/protocol/session/conversation.ts';
import {
  closingOf as closingOfPhone,
  newPhoneSession,
  type PhoneEffect,
  type PhoneEvent,
  stepPhone,
} from '../../src/protocol/session/phone.ts';
import type { BrowserSession, PhoneSession } from '../../src/protocol/session/types.ts';

export const ORIGIN = 'https://scankey.example';
const SITE = 'https://site.example';

/** A seal that hides nothing, for stories of which there are many. */
const glass = <In extends Kind, Out extends Kind>(): Channel<In, Out> => ({
  open: async (kind, _n, wire) => ({ plaintext: wire.slice(0, PLAINTEXT_BYTES[kind]), adopt() {} }),
  seal: async (kind, _n, plaintext) => concat(plaintext, new Uint8Array(WIRE_BYTES[kind] - plaintext.length)),
});

interface Stored<S> {
  session: S;
  mail: Mail;
  asked?: Asked & { attempt: number };
  hello?: { n: number; m: string };
}

/** A browser and a phone that sign in once, with a worker that may die and a page that may be reloaded. */
export class BothEnds {
  readonly clock: Clock;
  readonly delivered: Given[] = [];
  readonly tapped: string[] = [];
  readonly #connect: (role: Role) => () => Socket;
  readonly #code: NewCode | undefined;
  readonly #sid: string;
  /** The password, by which one sign-in is told from another. */
  readonly name: string;
  browser!: Conversation<BrowserSession, BrowserEvent, BrowserEffect, FromPhone, FromBrowser>;
  phone!: Conversation<PhoneSession, PhoneEvent, PhoneEffect, FromBrowser, FromPhone>;
  #browserDisk: Stored<BrowserSession>;
  #phoneDisk: Stored<PhoneSession>;
  /** The worker will die at one of its next saves, after or before that save is on the disk. */
  doom: { saves: number; stored: boolean } | undefined;
  #dead = false;
  #death = Promise.withResolvers<void>();
  /** The phone has no vault yet: its person makes one before anything can be confirmed. */
  isNew = false;

  /** @param given `code`: with a real seal; without one the seal is glass. `connect`: to whom each side speaks */
  constructor(given: {
    clock: Clock;
    connect: (role: Role) => () => Socket;
    code?: NewCode | undefined;
    tokens?: Record<Role, string>;
    name?: string;
  }) {
    this.clock = given.clock;
    this.#connect = given.connect;
    this.#code = given.code;
    this.#sid = given.code?.sid ?? 'sid';
    this.name = given.name ?? 'secret';
    this.#browserDisk = { session: newBrowserSession(this.clock.now()), mail: newMail(given.tokens?.b ?? 'browser') };
    this.#phoneDisk = {
      session: newPhoneSession(this.clock.now(), 'camera'),
      mail: newMail(given.tokens?.p ?? 'phone'),
    };
    this.#startBrowser();
    this.#startPhone(this.#phoneDisk.session);
  }

  async begin(): Promise<void> {
    await this.open();
    await this.scan();
  }

  async open(): Promise<void> {
    await this.#untilDeath(this.browser.connect());
  }

  async scan(): Promise<void> {
    // Until now there was no phone, and its time begins now.
    this.phone.stop();
    this.#phoneDisk.session = newPhoneSession(this.clock.now(), 'camera');
    this.#startPhone(this.#phoneDisk.session);
    await this.phone.apply({ t: 'connect' });
  }

  /** The companion has told the browser that it knows of the session. */
  get isOpen(): boolean {
    return this.#browserDisk.mail.known;
  }

  get live(): boolean {
    return this.browser.live || this.phone.live;
  }

  /** The person taps, on whatever the phone shows. */
  async tap(): Promise<void> {
    const { hash } = this.phone.session.shown ?? {};
    if (hash === undefined) return;
    const login = { username: 'li', password: this.name };
    const answer = { v: 1, t: 'credential', request: hash, frameOrigin: SITE, ...login } as const;
    if (await this.phone.apply({ t: 'approve', guard: 'none', answer, laterCode: false })) this.tapped.push(hash);
  }

  /** Both look at the clock. */
  async tick(): Promise<void> {
    await Promise.all([this.#untilDeath(this.browser.apply({ t: 'tick' })), this.phone.apply({ t: 'tick' })]);
  }

  /** Nobody else waits for what a dead worker was at. */
  #untilDeath(work: Promise<unknown>): Promise<unknown> {
    return Promise.race([work, this.#death.promise]);
  }

  /** A dead worker's next line never runs. */
  #die(): Promise<never> {
    this.#dead = true;
    this.#death.resolve();
    this.browser.stop();
    return new Promise(() => {});
  }

  /** The worker dies, and another goes on with what was stored. */
  async killWorker(): Promise<void> {
    this.browser.stop();
    this.doom = undefined;
    this.#dead = false;
    this.#death = Promise.withResolvers();
    this.#startBrowser();
    const goOn = async () => {
      if (this.browser.live) await this.browser.apply({ t: 'restarted' });
      await this.browser.connect();
    };
    await this.#untilDeath(goOn());
  }

  /** A worker that died is started again. */
  async revive(): Promise<void> {
    if (this.#dead) await this.killWorker();
  }

  /** The phone page is reloaded: it begins anew as the same phone, unless its answer has left. */
  async reloadPhone(): Promise<void> {
    const { session, mail } = this.#phoneDisk;
    if (!this.phone.live || session.state === 'sealed' || session.state === 'confirming' || session.attempt >= 3)
      return;
    this.phone.stop();
    const again = newPhoneSession(this.clock.now(), 'camera', session.attempt + 1);
    const { startedAt, extended } = session;
    const kept = { startedAt, ...(extended ? { extended } : {}) };
    this.#phoneDisk = { session: { ...again, ...kept }, mail: { ...mail, known: false } };
    this.#startPhone(this.#phoneDisk.session);
    await this.phone.apply({ t: 'connect' });
  }

  /** The vault is made. */
  async setUp(): Promise<void> {
    this.isNew = false;
    await this.phone.apply({ t: 'set-up' });
  }

  #startBrowser(): void {
    const disk = structuredClone(this.#browserDisk);
    const { mail } = disk;
    const code = this.#code;
    const channel = code
      ? new BrowserChannel(
          async () => ({
            pair: { seed: fromBase64(code.seed), publicKey: fromBase64(code.publicKey) },
            opening: await openingOf({ origin: ORIGIN, secret: fromBase64(code.secret) }),
          }),
          { hello: disk.hello },
        )
      : undefined;
    let alive = true;
    let asked = disk.asked;
    const browser: BothEnds['browser'] = new Conversation({
      session: disk.session,
      step: stepBrowser,
      channel: channel ?? glass(),
      clock: this.clock,
      connect: this.#connect('b'),
      mail,
      introduction: { t: 'open', sid: this.#sid, pk: code?.publicKey ?? toBase64(new Uint8Array(1216)) },
      changed: () => {},
      save: async () => {
        if (!alive) return;
        const dies = this.doom && this.doom.saves-- === 0;
        if (dies && !this.doom?.stored) return this.#die();
        const hello = channel?.hello;
        this.#browserDisk = structuredClone({
          session: browser.session,
          mail,
          ...(asked ? { asked } : {}),
          ...(hello ? { hello } : {}),
        });
        if (dies) return this.#die();
      },
      peer: async () => void (await browser.apply({ t: 'joined' })),
      messages: {
        async hello({ message: { attempt }, adopt }) {
          await browser.apply({ t: 'hello', attempt, unasked: asked?.attempt !== attempt }, adopt);
        },
        answer: async ({ message }) => void (await browser.apply(answered(message, asked))),
        followUp: async ({ message }) => {
          if (message.t === 'holding') await browser.apply({ t: 'holding' });
          if (message.t === 'setting-up') await browser.apply({ t: message.done ? 'set-up' : 'setting-up' });
        },
      },
      effects: {
        'send-request': async () => {
          const { attempt } = browser.session;
          const plaintext = pack('request', {
            v: 1,
            t: 'request',
            topOrigin: SITE,
            frameOrigin: SITE,
            title: `attempt ${attempt}`,
            browser: 'Test 1',
            os: '',
            kind: 'password',
            time: this.clock.now(),
          });
          asked = { hash: await requestHash(plaintext), kind: 'password', frameOrigin: SITE, attempt } as Asked & {
            attempt: number;
          };
          await browser.send('request', plaintext);
        },
        'check-tab': async ({ given }) => void (await browser.apply({ t: 'tab-ok', given })),
        deliver: async ({ given }) => {
          this.delivered.push(given);
          await browser.apply({ t: 'filled' });
          await browser.apply({ t: 'outcome', result: 'signed-in' });
        },
        'watch-outcome': async () => {},
        'ask-otp': async () => {},
        'fill-otp': async () => {},
        'send-outcome': () => browser.send('outcome', pack('outcome', outcomeOf(browser.session))),
        close: async () => browser.close(closingOfBrowser(browser.session)),
      },
    });
    const stop = browser.stop.bind(browser);
    browser.stop = () => {
      alive = false;
      stop();
    };
    this.browser = browser;
  }

  #startPhone(session: PhoneSession): void {
    const mail = structuredClone(this.#phoneDisk.mail);
    const channel = this.#code ? new PhoneChannel() : undefined;
    const phone: BothEnds['phone'] = new Conversation({
      session,
      step: stepPhone,
      channel: channel ?? glass(),
      clock: this.clock,
      connect: this.#connect('p'),
      mail,
      introduction: { t: 'join', sid: this.#sid },
      changed: () => {},
      save: async () => {
        if (this.phone === phone) this.#phoneDisk = structuredClone({ session: phone.session, mail });
      },
      joined: async ({ pk, near }) => {
        if (this.#code)
          channel?.begin(await phoneEnd(await openingOf(parseQrLink(this.#code.drawing.link)), fromBase64(pk)));
        await phone.apply({ t: 'joined', near });
      },
      messages: {
        request: async ({ message, plaintext }) => {
          await phone.apply({ t: 'request', shown: { hash: await requestHash(plaintext), request: message } });
          if (this.isNew) await phone.apply({ t: 'setting-up' });
        },
        outcome: async ({ message }) => {
          if (message.t === 'outcome') await phone.apply({ t: 'outcome', result: message.result });
        },
      },
      effects: {
        join: () => phone.connect(),
        'send-hello': () =>
          phone.send('hello', pack('hello', { v: 1, t: 'hello', phone: 'Phone', attempt: phone.session.attempt })),
        release: async ({ answer }) => {
          await phone.send('answer', pack('answer', answer));
          await phone.apply({ t: 'sent' });
        },
        'send-denied': () => phone.send('answer', pack('answer', { v: 1, t: 'denied', reason: 'declined' })),
        'send-otp': async () => {},
        'tell-hold': () => phone.send('followUp', pack('followUp', { v: 1, t: 'holding' })),
        'tell-set-up': async ({ done }) => {
          if (!done) phone.extend();
          await phone.send('followUp', pack('followUp', { v: 1, t: 'setting-up', done }));
        },
        'refuse-otp': async () => {},
        part: async () => phone.close('done'),
        close: async () => phone.close(closingOfPhone(phone.session)),
      },
      failed: async () => void (await phone.apply({ t: 'gone', code: 'not-opened' })),
    });
    this.phone = phone;
  }
}
