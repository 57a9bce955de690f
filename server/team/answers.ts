// What providers have said of somebody and nobody has taken yet: once, by whoever asked.
import { Refusal } from '../http/problems.ts';
import { hashOf, newToken } from '../store/hashes.ts';
import { Records } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { type Identity, IdentityRecord } from './providers/provider.ts';
import { SIGN_IN_MS } from './sign-ins.ts';

export class Answers {
  readonly #records: Records<Identity>;
  constructor(store: Store) {
    this.#records = new Records(store, 'said', IdentityRecord, { unusedMs: SIGN_IN_MS });
  }

  /** @param name by which whoever asked can have it; only the first answer under one counts */
  async put(name: string, identity: Identity): Promise<void> {
    await this.#records.write(name, identity, 0);
  }

  /** @throws Refusal `provider-state` where nothing was said */
  async look(name: string): Promise<void> {
    if (!(await this.#records.read(name))) throw new Refusal('provider-state');
  }

  /** What was said, once. @throws Refusal `provider-state` */
  async take(name: string): Promise<Identity> {
    const identity = await this.#records.take(name);
    if (!identity) throw new Refusal('provider-state');
    return identity;
  }

  /** Turns what was said into a token for one sign-in and whoever brings it. @throws Refusal `provider-state` */
  async tokenFor(name: string, signIn: string): Promise<string> {
    const identity = await this.take(name);
    const token = newToken();
    await this.put(hashOf(`${token} ${signIn}`), identity);
    return token;
  }

  /** Who a token is for, once, and for no other sign-in. @throws Refusal `provider-state` */
  redeem = (token: string, signIn: string): Promise<Identity> => this.take(hashOf(`${token} ${signIn}`));
}
