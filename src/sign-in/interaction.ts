// The sign-in that a site waits for, as the companion knows it: what is told of it, the proofs that are handed in, and how it goes on.
import { signal } from '@preact/signals';
import * as v from 'valibot';
import { ask } from '../protocol/ask.ts';
import { CODES, type Code, codeOf, ScankeyError } from '../protocol/errors.ts';
import { ProviderId, ProviderIds } from '../protocol/providers.ts';
import type { Surroundings as SurroundingsOfEnd } from '../protocol/session/page-end.ts';

/** What the companion tells of this sign-in. */
const About = v.object({
  name: v.string(),
  host: v.string(),
  providers: ProviderIds,
  /** WeChat's service account gives codes that are drawn here. */
  draws: v.boolean(),
  /** Who has to confirm it, too. */
  confirm: v.optional(ProviderId),
  /** What the provider says becomes this person's, once the phone has confirmed that. */
  adds: v.optional(v.object({ provider: ProviderId, name: v.string() })),
  /** A provider has said who it is, and the phone has to confirm it, too. */
  scanToo: v.boolean(),
  failure: v.optional(v.object({ code: v.picklist(CODES), detail: v.optional(v.string()) })),
  complete: v.boolean(),
});
export type About = v.InferOutput<typeof About>;

const LOOK_MS = 1_500;
/** Five minutes. */
const LOOKS = 200;

/** What the page has around it, as an argument. The companion's own origin is the page's. */
export interface Surroundings extends SurroundingsOfEnd {
  /** Leaves the page for another address: nothing of this one is to be come back to. */
  leave(address: string): void;
}

export class Interaction {
  /** The OpenID provider's name for it. */
  readonly id: string;
  readonly #around: Pick<Surroundings, 'clock' | 'origin' | 'leave'>;
  readonly about = signal<About | undefined>(undefined);
  readonly failure = signal<{ code: Code; detail?: string | undefined } | undefined>(undefined);

  constructor(id: string, around: Pick<Surroundings, 'clock' | 'origin' | 'leave'>) {
    this.id = id;
    this.#around = around;
  }

  addressOf(provider: ProviderId): string {
    return `/sign-in/${this.id}/with/${provider}`;
  }

  /** Asks the companion what this sign-in is for, and how it stands. */
  async read(): Promise<void> {
    try {
      const about = await this.#ask(About, 'about');
      this.about.value = about;
      if (about.failure) this.failure.value = about.failure;
    } catch {
      this.failure.value ??= { code: 'unreachable' };
    }
  }

  /** Hands a proof in. @returns whether the site asks for nothing more @throws ScankeyError with the companion's own code */
  async handIn(proof: unknown): Promise<boolean> {
    this.failure.value = undefined;
    return (await this.#ask(v.object({ complete: v.boolean() }), 'proof', proof)).complete;
  }

  /** …that came from the extension, which knows this page's form. */
  async handInAndGo(text: string): Promise<void> {
    try {
      if (await this.handIn(JSON.parse(text))) this.goOn();
      else await this.read();
    } catch (error) {
      this.failure.value ??= { code: codeOf(error, 'bad-message') };
    }
  }

  /** On to the site. */
  goOn(): void {
    this.#around.leave(`/sign-in/${this.id}/go`);
  }

  /** The person does not want to: back to the site, which hears of it. @throws ScankeyError */
  async decline(): Promise<void> {
    const { to } = await this.#ask(v.object({ to: v.string() }), 'cancel', {});
    this.#around.leave(to);
  }

  /** A code of WeChat's own, to be drawn here; whoever scans it is known without this page's doing. @throws ScankeyError */
  async wechatCode(): Promise<string> {
    return (await this.#ask(v.object({ code: v.string() }), 'wechat-code', {})).code;
  }

  /** Looks until a scan of such a code is known of. */
  async watch(over: AbortSignal): Promise<void> {
    for (let looks = 0; looks < LOOKS && !over.aborted; looks++) {
      await new Promise<void>((resolve) => this.#around.clock.after(LOOK_MS, resolve));
      if (over.aborted) return;
      await this.read();
      if (this.about.value?.complete) return this.goOn();
      if (this.failure.value) return;
    }
  }

  async #ask<T>(schema: v.GenericSchema<unknown, T>, path: string, body?: unknown): Promise<T> {
    try {
      return await ask(schema, new URL(`/sign-in/${this.id}/${path}`, this.#around.origin), body);
    } catch (error) {
      // What the companion says itself is shown, with what goes with it.
      if (error instanceof ScankeyError && error.code !== 'unreachable')
        this.failure.value = { code: error.code, detail: error.detail };
      throw error;
    }
  }
}
