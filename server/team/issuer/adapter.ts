// Where `oidc-provider` keeps its things: in the companion's own store, one record each, with a few that lead to others. Whoever reads
// the database finds no token, session or code in it: each lies under its hash, sealed by a key that is kept elsewhere.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { hashOf, newToken } from '../../store/hashes.ts';
import type { Store } from '../../store/store.ts';
import { overwrite } from '../../store/values.ts';

const GRANTED = ['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode'];
/** Longer than anything that is granted. */
const REVOKED_MS = 15 * 86_400_000;
const [IV, TAG] = [12, 16];

/** AES-256-GCM under a key of its own for what it is used for. */
class Sealer {
  readonly #key: Buffer;
  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'scankey issuer records', 32));
  }

  /** @param name of the record, which it can be opened under alone */
  seal(name: string, text: string): string {
    const iv = randomBytes(IV);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(name));
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** @returns undefined where it was sealed under another key or name: the key file is another one */
  open(name: string, sealed: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, IV)).setAAD(Buffer.from(name));
    decipher.setAuthTag(bytes.subarray(-TAG));
    try {
      return decipher.update(bytes.subarray(IV, -TAG), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return undefined;
    }
  }
}

interface Row {
  key: string;
  payload: AdapterPayload;
  /** Of the grant that it came of, when it did. */
  generation: string | undefined;
  rev: number;
}

/** One kind of record. */
export class StoreAdapter implements Adapter {
  readonly #store: Store;
  readonly #model: string;
  readonly #secret: string;
  readonly #sealer: Sealer;

  /** @param secret of 32 bytes, not from the store */
  constructor(store: Store, model: string, secret: string) {
    this.#store = store;
    this.#model = model;
    this.#secret = secret;
    this.#sealer = new Sealer(secret);
  }

  #key = (id: string): string => `oidc:${this.#model}:${hashOf(id)}`;
  #uid = (uid: string): string => `oidc:uid:${hashOf(uid)}`;
  /** Short enough to be guessed from a bare hash. */
  #userCode = (code: string): string =>
    `oidc:user-code:${createHmac('sha256', this.#secret).update(code).digest('base64url')}`;
  /** The newest generation of what comes of a grant: there is one as soon as an earlier one was revoked, and while that could be brought. */
  #generation = (grantId: string): string => `oidc:generation:${hashOf(grantId)}`;

  async #newest({ grantId }: AdapterPayload): Promise<string | undefined> {
    if (!grantId || !GRANTED.includes(this.#model)) return undefined;
    return (await this.#store.get(this.#generation(grantId)))?.value;
  }

  #write = (key: string, value: string, expires: number): Promise<void> => overwrite(this.#store, key, value, expires);

  #seal = ({ key, payload, generation }: Omit<Row, 'rev'>): string =>
    this.#sealer.seal(key, JSON.stringify({ ...payload, generation }));

  async #read(key: string): Promise<Row | undefined> {
    const stored = await this.#store.get(key);
    const opened = stored && this.#sealer.open(key, stored.value);
    if (opened === undefined) return undefined;
    const { generation, ...payload } = JSON.parse(opened);
    const newest = await this.#newest(payload);
    if (newest !== undefined && newest !== generation) return undefined;
    return { key, payload, generation, rev: stored?.rev ?? 0 };
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const expires = Date.now() + expiresIn * 1000;
    const key = this.#key(id);
    // Whoever brings an id has it; a device's code alone is also found by another.
    const kept = payload.userCode ? payload : { ...payload, jti: undefined };
    await this.#write(key, this.#seal({ key, payload: kept, generation: await this.#newest(payload) }), expires);
    if (payload.userCode) await this.#write(this.#userCode(payload.userCode), key, expires);
    if (this.#model === 'Session' && payload.uid) await this.#write(this.#uid(payload.uid), key, expires);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const found = await this.#read(this.#key(id));
    return found && { ...found.payload, jti: id };
  }

  async #by(index: string): Promise<AdapterPayload | undefined> {
    const stored = await this.#store.get(index);
    return stored && (await this.#read(stored.value))?.payload;
  }
  findByUid = (uid: string) => this.#by(this.#uid(uid));
  findByUserCode = (userCode: string) => this.#by(this.#userCode(userCode));

  /** A code counts once, also for two that come at the same moment. */
  async consume(id: string): Promise<void> {
    const found = await this.#read(this.#key(id));
    if (!found || found.payload.consumed) throw new errors.InvalidGrant('already used');
    const { payload, rev } = found;
    const consumed = this.#seal({ ...found, payload: { ...payload, consumed: Math.floor(Date.now() / 1000) } });
    const expires = typeof payload.exp === 'number' ? payload.exp * 1000 : Date.now() + 600_000;
    if (!(await this.#store.put(found.key, consumed, expires, rev))) throw new errors.InvalidGrant('already used');
  }

  async destroy(id: string): Promise<void> {
    const payload = await this.find(id);
    await this.#store.delete(this.#key(id));
    if (payload?.userCode) await this.#store.delete(this.#userCode(payload.userCode));
    if (this.#model === 'Session' && payload?.uid) await this.#store.delete(this.#uid(payload.uid));
  }

  /** All at once: whatever came of the grant is of a generation that is over. */
  async revokeByGrantId(grantId: string): Promise<void> {
    await this.#write(this.#generation(grantId), newToken(), Date.now() + REVOKED_MS);
  }
}
