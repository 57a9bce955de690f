// The seal of one conversation, seen from each end: opens what the other side says and seals what this side says, by the kind of
// message. What opens replaces nothing until it is adopted, so that the session machine can decide first.
import { type Bytes, fromBase64, toBase64 } from './encoding.ts';
import { ScankeyError } from './errors.ts';
import type { Kind } from './messages.ts';
import {
  type BrowserEnd,
  browserEnd,
  type KeyPair,
  type Keyring,
  type Opening,
  openFrom,
  type PhoneEnd,
  type Shared,
  sealFrom,
} from './seal.ts';

/** What the phone says, and what the browser says. */
export type FromPhone = Extract<Kind, 'hello' | 'answer' | 'followUp'>;
export type FromBrowser = Exclude<Kind, FromPhone>;

export interface Opened {
  plaintext: Bytes;
  /** Of a hello: what both sides export, if it is adopted. */
  shared?: Shared;
  /** From now on whoever said this is spoken with. */
  adopt(): void;
}

export interface Channel<In extends Kind, Out extends Kind> {
  /** @throws ScankeyError `bad-message` when it was not sealed by the other side, for this place in the order */
  open(kind: In, n: number, wire: Bytes): Promise<Opened>;
  /** @param n the mailbox number that the message will have */
  seal(kind: Out, n: number, plaintext: Bytes): Promise<Bytes>;
}

/** A hello as it came, from which a restarted worker gets its keys back; `m` in base64url. */
export interface StoredHello {
  n: number;
  m: string;
}

/** The browser's end: each hello that is adopted begins it anew. */
export class BrowserChannel implements Channel<FromPhone, FromBrowser> {
  readonly #keys: () => Promise<{ pair: KeyPair; opening: Opening }>;
  #hello: StoredHello | undefined;
  #end: BrowserEnd | undefined;
  #keyring: Keyring | undefined;

  /**
   * @param keys this browser's key pair and what both sides know; asked for when a hello is opened
   * @param kept what an earlier life of this end has left: the hello it had adopted, or after its end the keyring alone
   */
  constructor(
    keys: () => Promise<{ pair: KeyPair; opening: Opening }>,
    kept: { hello?: StoredHello | undefined; keyring?: Keyring | undefined } = {},
  ) {
    this.#keys = keys;
    this.#hello = kept.hello;
    this.#keyring = kept.keyring;
  }

  /** The hello in force, to be stored. */
  get hello(): StoredHello | undefined {
    return this.#hello;
  }

  /** What both sides export; undefined before the first hello. */
  async shared(): Promise<Shared | undefined> {
    return (await this.#inForce())?.shared;
  }

  async open(kind: FromPhone, n: number, wire: Bytes): Promise<Opened> {
    if (kind === 'hello') {
      const { end, first } = await this.#begin(n, wire);
      const adopt = () => {
        this.#end = end;
        this.#hello = { n, m: toBase64(wire) };
      };
      return { plaintext: first, shared: end.shared, adopt };
    }
    const adopt = () => {};
    if (kind === 'followUp') return { plaintext: await openFrom('p', await this.#ring(), n, wire), adopt };
    const end = await this.#inForce();
    if (!end) throw new ScankeyError('bad-message');
    return { plaintext: await end.open(n, wire), adopt };
  }

  async seal(_kind: FromBrowser, n: number, plaintext: Bytes): Promise<Bytes> {
    return sealFrom('b', await this.#ring(), n, plaintext);
  }

  /** Forgets everything but what `keyring` says. */
  forget(keyring?: Keyring): void {
    this.#end = undefined;
    this.#hello = undefined;
    this.#keyring = keyring;
  }

  async #begin(n: number, wire: Bytes) {
    const { pair, opening } = await this.#keys();
    return browserEnd(pair, opening, n, wire);
  }

  async #inForce(): Promise<BrowserEnd | undefined> {
    if (!this.#end && this.#hello) this.#end = (await this.#begin(this.#hello.n, fromBase64(this.#hello.m))).end;
    return this.#end;
  }

  async #ring(): Promise<Keyring> {
    const ring = this.#keyring ?? (await this.shared());
    if (!ring) throw new ScankeyError('bad-message');
    return ring;
  }
}

/** The phone's end: begun once the browser's key is known; what a reload leaves of it (`keyring`) still opens and follows up. */
export class PhoneChannel implements Channel<FromBrowser, FromPhone> {
  #end: PhoneEnd | undefined;
  #keyring: Keyring | undefined;

  constructor(keyring?: Keyring) {
    this.#keyring = keyring;
  }

  get keyring(): Keyring | undefined {
    return this.#end?.shared ?? this.#keyring;
  }

  /** What both sides export; undefined before `begin` and after a reload. */
  get shared(): Shared | undefined {
    return this.#end?.shared;
  }

  begin(end: PhoneEnd): void {
    this.#end = end;
  }

  async open(_kind: FromBrowser, n: number, wire: Bytes): Promise<Opened> {
    if (!this.keyring) throw new ScankeyError('bad-message');
    return { plaintext: await openFrom('b', this.keyring, n, wire), adopt: () => {} };
  }

  async seal(kind: FromPhone, n: number, plaintext: Bytes): Promise<Bytes> {
    if (kind !== 'followUp' && this.#end) return this.#end.seal(n, plaintext);
    if (kind !== 'followUp' || !this.keyring) throw new ScankeyError('not-opened');
    return sealFrom('p', this.keyring, n, plaintext);
  }

  /** Nothing more is said under the first seal; what follows up still is. */
  forget(): void {
    this.#keyring = this.keyring;
    this.#end = undefined;
  }
}
