// The sign-in page's end of a conversation. What the phone answers with is handed to the companion, which knows this browser by its cookie.
import { signal } from '@preact/signals';
import { codeOf } from '../protocol/errors.ts';
import type { Mail } from '../protocol/mailbox.ts';
import type { Given } from '../protocol/session/browser.ts';
import { type PageConversation, PageEnd, type Shown } from '../protocol/session/page-end.ts';
import type { Interaction, Surroundings } from './interaction.ts';

/** How long the companion may take to keep how it went for the phone before this page is left, and how often that is looked at. */
const LEAVING_MS = 1_000;
const LOOK_MS = 20;

export class PageSession {
  readonly shown = signal<Shown | undefined>(undefined);
  readonly #interaction: Interaction;
  readonly #around: Surroundings;
  readonly #end: PageEnd;

  constructor(interaction: Interaction, around: Surroundings) {
    this.#interaction = interaction;
    this.#around = around;
    this.#end = new PageEnd(around, {
      asks: () => ({
        kind: 'identity',
        title: (interaction.about.value?.name ?? '').slice(0, 120),
        signIn: interaction.id,
      }),
      deliver: (given, conversation, mail) => this.#handIn(given, conversation, mail),
      show: (shown) => {
        this.shown.value = shown;
      },
    });
  }

  /** A fresh code; the one before is void. */
  begin(): Promise<void> {
    return this.#end.begin();
  }

  cancel(): Promise<void> {
    return this.#end.cancel();
  }

  async #handIn(given: Given, conversation: PageConversation, mail: Mail): Promise<void> {
    if (given.t !== 'identity') return;
    const { key, signature, ticket } = given;
    let complete: boolean;
    try {
      complete = await this.#interaction.handIn(ticket === undefined ? { key, signature } : { ticket });
    } catch (error) {
      await conversation.apply({ t: 'not-filled', code: codeOf(error, 'unreachable') });
      return;
    }
    await conversation.apply({ t: 'filled' });
    await conversation.apply({ t: 'outcome', result: complete ? 'signed-in' : 'more' });
    if (complete) this.#leave(mail);
    else await this.#interaction.read();
  }

  /** Goes on to the site. The phone is told first; a companion that does not take it keeps nobody from going on. */
  #leave(mail: Mail): void {
    const { clock } = this.#around;
    const end = clock.now() + LEAVING_MS;
    const look = (): void =>
      void clock.after(LOOK_MS, () => {
        if (mail.outbox.length > 0 && clock.now() < end) look();
        else this.#interaction.goOn();
      });
    look();
  }
}
