// Web Push (RFC 8030): wakes a phone whose page is closed. What is sent says nothing but "open". A phone may name its push service
// only among those that browsers use or the operator lists, and the address behind the name is looked at when it is dialled.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import webPush from 'web-push';
import { Push } from '../../src/protocol/relay.ts';
import type { Pushed } from '../http/events.ts';
import { type Resolve, send } from '../http/outgoing.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf } from '../store/hashes.ts';
import type { PushKeys } from './push-keys.ts';

/** Push services of Chrome and Edge, Firefox, Safari, Windows. */
const SERVICES = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  'web.push.apple.com',
  '*.push.apple.com',
  '*.notify.windows.com',
] as const;
/** A push that comes later than this rings for nothing. */
const TTL_SECONDS = 120;

export interface PusherOptions {
  /** Further push services, as `host` or `host:port`; the operator answers for where they lead. */
  allowed?: readonly string[];
  /** The companion's own address, for the push service's operator to turn to (RFC 8292 section 2.1). */
  contact: string;
  resolve?: Resolve;
  /** How long a push service may take, in ms: 5,000 where nothing is said. */
  within?: number;
  /** Hears of each. */
  pushed?: (how: Pushed) => void;
}

export class Pusher {
  readonly #keys: PushKeys;
  readonly #options: PusherOptions;

  constructor(keys: PushKeys, options: PusherOptions) {
    this.#keys = keys;
    this.#options = options;
  }

  /** For `PushManager.subscribe`, base64url. */
  get publicKey(): string {
    return this.#keys.vapid.publicKey;
  }

  #isListed(url: URL): boolean {
    return this.#options.allowed?.includes(url.host) ?? false;
  }

  /** @throws Refusal `bad-message` for any endpoint that is not a known service's */
  check({ endpoint }: Push): URL {
    const url = new URL(endpoint);
    const known = SERVICES.some((name) =>
      name.startsWith('*') ? url.hostname.endsWith(name.slice(1)) : url.hostname === name,
    );
    const plain = url.protocol === 'https:' && !url.username && !url.password && !url.hash;
    // URL.port is empty for 443.
    if (!plain || !(this.#isListed(url) || (known && url.port === ''))) throw new Refusal('bad-message');
    return url;
  }

  /** A subscription as the store keeps it: AES-256-GCM under the companion's key. */
  seal(push: Push): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(this.#keys.seal, 'base64url'), iv);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(push)), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  #open(sealed: string): Push {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv(
      'aes-256-gcm',
      Buffer.from(this.#keys.seal, 'base64url'),
      bytes.subarray(0, 12),
    ).setAuthTag(bytes.subarray(12, 28));
    return v.parse(Push, JSON.parse(String(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]))));
  }

  /** Sends `payload` to a sealed subscription. @returns `gone` when the push service knows it no more */
  send(sealed: string, payload: string): Promise<Pushed> {
    return this.sendTo(this.#open(sealed), payload);
  }

  /** @throws Refusal `bad-message` for a subscription that cannot be one */
  async sendTo(push: Push, payload: string): Promise<Pushed> {
    const how = await this.#send(push, payload);
    this.#options.pushed?.(how);
    return how;
  }

  async #send(push: Push, payload: string): Promise<Pushed> {
    const url = this.check(push);
    const { endpoint, p256dh, auth } = push;
    let details: webPush.RequestDetails;
    try {
      details = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
        vapidDetails: { subject: this.#options.contact, ...this.#keys.vapid },
        TTL: TTL_SECONDS,
        urgency: 'high',
        // A later one takes the place of one that has not been delivered.
        topic: hashOf(endpoint).slice(0, 32),
        contentEncoding: 'aes128gcm',
      });
    } catch {
      // The key is no point of the curve.
      throw new Refusal('bad-message');
    }
    const { headers, body } = details as { headers: Record<string, string>; body: Buffer | null };
    const status = await send(url, {
      method: 'POST',
      headers,
      body,
      listed: this.#isListed(url),
      within: this.#options.within ?? 5_000,
      resolve: this.#options.resolve,
    }).then(
      (answer) => answer.status,
      () => undefined,
    );
    if (status === 404 || status === 410) return 'gone';
    return status !== undefined && status >= 200 && status < 300 ? 'sent' : 'failed';
  }
}
