// Where `oidc-provider` keeps its things: in the companion's own store, one record each, with a few that lead to others.
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { FOR_EVER, type Store } from '../../store/store.ts';

const GRANTED = ['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode'];

/** One kind of record. */
export class StoreAdapter implements Adapter {
  readonly #store: Store;
  readonly #model: string;
  constructor(store: Store, model: string) {
    this.#store = store;
    this.#model = model;
  }

  #key = (id: string): string => `oidc:${this.#model}:${id}`;

  async #write(key: string, value: string, expires: number): Promise<void> {
    const stored = await this.#store.get(key);
    if (!(await this.#store.put(key, value, expires, stored?.rev ?? 0))) return this.#write(key, value, expires);
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const expires = expiresIn ? Date.now() + expiresIn * 1000 : FOR_EVER;
    const key = this.#key(id);
    await this.#write(key, JSON.stringify(payload), expires);
    if (payload.userCode) await this.#write(`oidc:user-code:${payload.userCode}`, id, expires);
    if (this.#model === 'Session') await this.#write(`oidc:uid:${payload.uid}`, id, expires);
    if (payload.grantId && GRANTED.includes(this.#model)) {
      // One record for each member, so that none is lost to another that comes at the same time.
      await this.#write(`oidc:grant:${payload.grantId}:${key}`, key, expires);
    }
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const stored = await this.#store.get(this.#key(id));
    return stored && (JSON.parse(stored.value) as AdapterPayload);
  }

  async #by(index: string): Promise<AdapterPayload | undefined> {
    const stored = await this.#store.get(index);
    return stored && this.find(stored.value);
  }
  findByUid = (uid: string) => this.#by(`oidc:uid:${uid}`);
  findByUserCode = (userCode: string) => this.#by(`oidc:user-code:${userCode}`);

  /** A code counts once, also for two that come at the same moment. */
  async consume(id: string): Promise<void> {
    const key = this.#key(id);
    const stored = await this.#store.get(key);
    const payload = stored && (JSON.parse(stored.value) as AdapterPayload);
    if (!stored || !payload || payload.consumed) throw new errors.InvalidGrant('already used');
    const consumed = JSON.stringify({ ...payload, consumed: Math.floor(Date.now() / 1000) });
    const expires = typeof payload.exp === 'number' ? payload.exp * 1000 : Date.now() + 600_000;
    if (!(await this.#store.put(key, consumed, expires, stored.rev))) throw new errors.InvalidGrant('already used');
  }

  async destroy(id: string): Promise<void> {
    const payload = await this.find(id);
    await this.#store.delete(this.#key(id));
    if (payload?.userCode) await this.#store.delete(`oidc:user-code:${payload.userCode}`);
    if (this.#model === 'Session') await this.#store.delete(`oidc:uid:${payload?.uid}`);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const key of await this.#store.list(`oidc:grant:${grantId}:`)) {
      await this.#store.delete(key);
      await this.#store.delete(`oidc:grant:${grantId}:${key}`);
    }
  }
}
