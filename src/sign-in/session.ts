// The sign-in page's end of a conversation: the same driver, machine and seal as an extension's, in one page's memory. What the phone
// answers with is handed to the companion, which knows this browser by its cookie.
import { signal } from '@preact/signals';
import bowser from 'bowser';
import { BrowserChannel, type FromBrowser, type FromPhone } from '../protocol/channel.ts';
import { fromBase64, randomBytes, toBase64 } from '../protocol/encoding.ts';
import { codeOf } from '../protocol/errors.ts';
import { newMail } from '../protocol/mailbox.ts';
import { pack, requestHash } from '../protocol/messages.ts';
import { makeCode, type NewCode } from '../protocol/new-code.ts';
import { openingOf } from '../protocol/seal.ts';
import type { Asked } from '../protocol/session/answer.ts';
import {
  answered,
  type BrowserEffect,
  type BrowserEvent,
  closingOf,
  newBrowserSession,
  outcomeOf,
  stepBrowser,
} from '../protocol/session/browser.ts';
import { Conversation } from '../protocol/session/conversation.ts';
import type { BrowserSession } from '../protocol/session/types.ts';
import type { Interaction, Surroundings } from './interaction.ts';

/** What the page shows of it. */
export interface Shown {
  session: BrowserSession;
  drawing: NewCode['drawing'];
  up: boolean;
  near?: boolean;
  second?: boolean;
  phone?: string;
  digits?: string;
}

type PageConversation = Conversation<BrowserSession, BrowserEvent, BrowserEffect, FromPhone, FromBrowser>;

/** How long the companion may take to keep how it went for the phone before this page is left, and how often that is looked at. */
const LEAVING_MS = 1_000;
const LOOK_MS = 20;

export class PageSession {
  readonly shown = signal<Shown | undefined>(undefined);
  readonly #interaction: Interaction;
  readonly #around: Surroundings;
  #conversation: PageConversation | undefined;

  constructor(interaction: Interaction, around: Surroundings) {
    this.#interaction = interaction;
    this.#around = around;
  }

  /** A fresh code; the one before is void. */
  async begin(): Promise<void> {
    const code = await makeCode(this.#around.origin);
    this.#conversation?.close('cancelled');
    this.#conversation?.stop();
    const conversation = this.#converse(code);
    this.#conversation = conversation;
    this.shown.value = { session: conversation.session, drawing: code.drawing, up: true };
    await conversation.connect();
  }

  async cancel(): Promise<void> {
    await this.#conversation?.apply({ t: 'cancel' });
  }

  #converse(code: NewCode): PageConversation {
    const interaction = this.#interaction;
    const { clock, connect, origin, userAgent } = this.#around;
    const mail = newMail(toBase64(randomBytes(32)));
    const pair = { seed: fromBase64(code.seed), publicKey: fromBase64(code.publicKey) };
    const opening = openingOf({ origin: code.origin, secret: fromBase64(code.secret) });
    let asked: Asked | undefined;
    const show = (change: Partial<Shown>): void => {
      if (this.#conversation === conversation && this.shown.value)
        this.shown.value = { ...this.shown.value, ...change };
    };
    const conversation: PageConversation = new Conversation({
      session: newBrowserSession(clock.now()),
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
          const { browser, os } = bowser.parse(userAgent);
          const plaintext = pack('request', {
            v: 1,
            t: 'request',
            topOrigin: origin,
            frameOrigin: origin,
            title: (interaction.about.value?.name ?? '').slice(0, 120),
            browser: `${browser.name ?? 'Browser'} ${browser.version?.split('.')[0] ?? ''}`.trim().slice(0, 40),
            os: (os.name ?? '').slice(0, 40),
            kind: 'identity',
            signIn: interaction.id,
            forgets: true,
            time: clock.now(),
          });
          asked = { hash: await requestHash(plaintext), kind: 'identity', frameOrigin: origin };
          await conversation.send('request', plaintext);
        },
        // The page that was confirmed is this one.
        'check-tab': async ({ given }) => void (await conversation.apply({ t: 'tab-ok', given })),
        async deliver({ given }) {
          if (given.t !== 'identity') return;
          const { key, signature, ticket } = given;
          let complete: boolean;
          try {
            complete = await interaction.handIn(ticket === undefined ? { key, signature } : { ticket });
          } catch (error) {
            await conversation.apply({ t: 'not-filled', code: codeOf(error, 'unreachable') });
            return;
          }
          await conversation.apply({ t: 'filled' });
          await conversation.apply({ t: 'outcome', result: complete ? 'signed-in' : 'more' });
          if (!complete) return interaction.read();
          leaveBy(clock.now() + LEAVING_MS);
        },
        'send-outcome': () => conversation.send('outcome', pack('outcome', outcomeOf(conversation.session))),
        close: async () => conversation.close(closingOf(conversation.session)),
        // The outcome is known as soon as the proof is handed in, and an identity has no one-time code.
        'watch-outcome': async () => {},
        'ask-otp': async () => {},
        'fill-otp': async () => {},
      },
    });
    /** The phone is told first; a companion that does not take it keeps nobody from going on. */
    const leaveBy = (end: number): void =>
      void clock.after(LOOK_MS, () => {
        if (mail.outbox.length > 0 && clock.now() < end) leaveBy(end);
        else interaction.goOn();
      });
    return conversation;
  }
}
