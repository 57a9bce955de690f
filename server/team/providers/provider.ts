// What the companion needs of a provider to learn who somebody is. Each provider's facts stand in a file beside this one, with their
// sources: its settings, its calls, its refusals.
import * as v from 'valibot';
import type { ProblemCode } from '../../../src/protocol/errors.ts';
import type { ProviderId } from '../../../src/protocol/providers.ts';
import { Refusal } from '../../http/problems.ts';

/** What a sign-in shows of who somebody is: the first subject is the main one, the last the most particular. */
export interface Identity {
  /** `key:<SHA-256 of the public key>` of a vault, or names at a provider: `wechat:union:…`, `wechat:<app>:<openid>`. */
  subjects: readonly [string, ...string[]];
  name: string;
  /** A member of an organisation that the team's file names is admitted by that. */
  member: boolean;
}

/** An identity as it is stored. */
export const IdentityRecord: v.GenericSchema<unknown, Identity> = v.object({
  subjects: v.tupleWithRest([v.string()], v.string()),
  name: v.string(),
  member: v.boolean(),
});

/** `page`: the provider's page in a tab of a computer; `app`: our page inside the provider's own app. */
export type Where = 'page' | 'app';

/** One-time, ours, and what the callback must bring back. */
export interface Attempt {
  where: Where;
  state: string;
  /** Our callback's address, as registered. */
  callback: string;
  /** Makes the code worthless to anybody else where the provider knows PKCE (RFC 7636), base64url. */
  verifier: string;
}

export interface Provider {
  readonly id: ProviderId;
  /** Which of the two there is, by what is set up. */
  readonly where: readonly Where[];
  /** Where to send the browser. None where the app itself gives the code to our page. */
  authorizeUrl(attempt: Attempt): URL | undefined;
  /** What our page inside the app needs to ask for a code. */
  readonly app?: { corpId: string; clientId: string };
  /** The code of a callback; undefined when the person has declined. @throws ProviderError */
  codeOf(query: Readonly<Record<string, string>>): string | undefined;
  /** Asks the provider who it is, once. @throws ProviderError, after which the code counts as used */
  identify(code: string, attempt: Attempt): Promise<Identity>;
  /** Codes of the provider's own that our page can draw; absent where that is not set up. */
  readonly codes?: Codes;
  /** For an operator who sets this provider up. */
  readonly doctor: Doctor;
}

/** What a provider has signed of an event. */
export interface Stamp {
  /** ms since 1970. */
  time: number;
  nonce: string;
}

/** Codes that a provider gives out for our page to draw: scanning one is the answer. */
export interface Codes {
  /** A code for `scene`, good for so many seconds, as the text to draw. @throws ProviderError */
  draw(scene: string, seconds: number): Promise<string>;
  /** What the provider has signed of a message to us; undefined where it is not the provider's. */
  stampOf(query: Readonly<Record<string, string | undefined>>): Stamp | undefined;
  /** Who has scanned which code; undefined for a message that says no such thing. */
  scanOf(message: string): { scene: string; identity: Identity } | undefined;
}

/** What shows that address, id, secret and app are right. */
export interface Doctor {
  /** What has to be entered in the provider's console for a companion at `origin`, in the form in which it wants it. */
  entry(origin: URL, callback: string): string;
  /** Why no callback can come to `origin`; absent where any can. */
  refuses?(origin: URL): string | undefined;
  /** Asks the provider itself. @throws ProviderError */
  check(): Promise<void>;
  /**
   * Whether its sign-in page at `page` takes callback and scope; absent where the page says that to scripts alone.
   * @throws ProviderError
   */
  checkPage?(page: URL): Promise<void>;
  /** By how many milliseconds the provider's clock is ahead of this one; undefined where it does not say. */
  ahead(): Promise<number | undefined>;
}

export type ProviderCode = Extract<ProblemCode, `provider-${string}`>;

/** A provider said no, or nothing that makes sense. `said` is its own number or word for it, and no more of its answer. */
export class ProviderError extends Refusal {
  declare readonly code: ProviderCode;
  declare readonly said: string;
  constructor(code: ProviderCode, said = '') {
    super(code, { said });
  }
}
