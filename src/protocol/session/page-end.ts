// A page's end of a conversation: the same driver, machine and seal as a sign-in's in an extension, in one page's memory, under a code
// that the page draws. What it asks for, and what becomes of the answer, is the page's.
import { BrowserChannel, type FromBrowser, type FromPhone } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { Socket } from '../connection.ts';
import { fromBase64, randomBytes, toBase64 } from '../encoding.ts';
import { type Mail, newMail } from '../mailbox.ts';
import { type Message, pack, requestHash } from '../messages.ts';
import { makeCode, type NewCode } from '../new-code.ts';
import { openingOf } from '../seal.ts';
import { computerOf } from '../user-agent.ts';
import type { Asked } from './answer.ts';
import {
  answered,
  type BrowserEffect,
  type BrowserEvent,
  closingOf,
  type Given,
  newBrowserSession,
  outcomeOf,
  stepBrowser,
} from './browser.ts';
import { Conversation } from './conversation.ts';
import type { BrowserSession } from './types.ts';

/** What a page shows of it. */
export interface Shown {
  session: BrowserSession;
  drawing: NewCode['drawing'];
  up: boolean;
  near?: boolean;
  second?: boolean;
  phone?: string;
  digits?: string;
}

export type PageConversation = Conversation<BrowserSession, BrowserEvent, BrowserEffect, FromPhone, FromBrowser>;

/** What the page has around it. */
export interface Surroundings {
  clock: Clock;
  /** Origin of the phone page, which the code names. */
  origin: string;
  /** Opens a connection to that companion's relay. */
  connect(): Socket;
  /** What the browser says that it is. */
  userAgent: string;
}

/** What the page is there for. */
export interface Purpose {
  /** What is asked of a phone that has scanned the code. */
  asks(): Pick<Message<'request'>, 'kind' | 'title'> & Partial<Message<'request'>>;
  /** What the phone has released. @param mail what the phone has not been told yet */
  deliver(given: Given, conversation: PageConversation, mail: Mail): Promise<void>;
  show(shown: Shown): void;
}

export class PageEnd {
  readonly #around: Surroundings;
  readonly #purpose: Purpose;
  #conversation: PageConversation | undefined;

  constructor(around: Surroundings, purpose: Purpose) {
    this.#around = around;
    this.#purpose = purpose;
  }

  /** A fresh code; the one before is void. */
  async begin(): Promise<void> {
    const code = await makeCode(this.#around.origin);
    this.stop();
    await this.#converse(code).connect();
  }

  async cancel(): Promise<void> {
    await this.#conversation?.apply({ t: 'cancel' });
  }

  /** The code is void, and nothing is shown any more. */
  stop(): void {
    this.#conversation?.close('cancelled');
    this.#conversation?.stop();
    this.#conversation = undefined;
  }

  #converse(code: NewCode): PageConversation {
    const { clock, connect, origin, userAgent } = this.#around;
    const purpose = this.#purpose;
    const mail = newMail(toBase64(randomBytes(32)));
    const pair = { seed: fromBase64(code.seed), publicKey: fromBase64(code.publicKey) };
    const opening = openingOf({ origin: code.origin, secret: fromBase64(code.secret) });
    let asked: Asked | undefined;
    let shown: Shown = { session: newBrowserSession(clock.now()), drawing: code.drawing, up: true };
    const show = (change: Partial<Shown>): void => {
      shown = { ...shown, ...change };
      if (this.#conversation === conversation) purpose.show(shown);
    };
    const conversation: PageConversation = new Conversation({
      session: shown.session,
      step: stepBrowser,
      channel: new BrowserChannel(async () => ({ pair, opening: await opening })),
      connect,
      clock,
      mail,
      introduction: { t: 'open', sid: code.sid, pk: code.publicKey },
      // A page that is left has lost its sign-in: nothing of it outlives the page.
      save: async () => {},
      changed: (session) => show({ session }),
      status: (up) => show({ up }),
      async peer({ near, second }) {
        show({ near, second });
        await conversation.apply({ t: 'joined' });
      },
      messages: {
        async hello({ message: { attempt, phone }, shared, adopt }) {
          await conversation.apply({ t: 'hello', attempt }, () => {
            adopt();
            show({ phone, ...(shared ? { digits: shared.digits } : {}) });
          });
        },
        async answer({ message }) {
          await conversation.apply(answered(message, asked));
        },
        // Nothing is asked for after the answer, and a page remembers nobody.
        async followUp({ message }) {
          if (message.t === 'setting-up') await conversation.apply({ t: message.done ? 'set-up' : 'setting-up' });
          if (message.t === 'holding') await conversation.apply({ t: 'holding' });
        },
      },
      effects: {
        'send-request': async () => {
          const request: Message<'request'> = {
            ...{ v: 1, t: 'request', topOrigin: origin, frameOrigin: origin, ...computerOf(userAgent) },
            ...purpose.asks(),
            ...{ forgets: true, time: clock.now() },
          };
          const plaintext = pack('request', request);
          asked = { hash: await requestHash(plaintext), kind: request.kind, frameOrigin: origin };
          await conversation.send('request', plaintext);
        },
        // The page that was confirmed is this one.
        'check-tab': async ({ given }) => void (await conversation.apply({ t: 'tab-ok', given })),
        deliver: ({ given }) => purpose.deliver(given, conversation, mail),
        'send-outcome': () => conversation.send('outcome', pack('outcome', outcomeOf(conversation.session))),
        close: async () => conversation.close(closingOf(conversation.session)),
        // The outcome is known as soon as the answer is there, and has no one-time code.
        'watch-outcome': async () => {},
        'ask-otp': async () => {},
        'fill-otp': async () => {},
      },
    });
    this.#conversation = conversation;
    show({});
    return conversation;
  }
}
