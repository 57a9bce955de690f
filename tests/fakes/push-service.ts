// A push service as RFC 8030 describes it, with the rules that real ones keep: VAPID (RFC 8292) is checked, payloads are encrypted
// (RFC 8291), a subscription that is gone is 410. It holds the receiver's keys, too, so a test can read what a phone would.
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';

export interface PushService {
  /** As the operator would list it. */
  host: string;
  /** A file with its certificate. */
  certificate: string;
  /** A fresh subscription. */
  subscribe(): { endpoint: string; p256dh: string; auth: string };
  /** What came in, decrypted, oldest first. */
  readonly pushed: { endpoint: string; text: string; ttl: number; urgency: string }[];
  /** Requests that broke a rule. */
  readonly refused: string[];
  /** What the next requests are answered with, instead of 201. */
  answer: number;
  /** Calls back once something came. */
  next(): Promise<string>;
  close(): void;
}

/** RFC 8188 with one record, keys by RFC 8291 section 3.4. */
function decrypt(body: Buffer, receiver: ReturnType<typeof createECDH>, auth: Buffer): string {
  const salt = body.subarray(0, 16);
  const keyLength = body.readUInt8(20);
  const sender = body.subarray(21, 21 + keyLength);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), receiver.getPublicKey(), sender]);
  const ikm = Buffer.from(hkdfSync('sha256', receiver.computeSecret(sender), auth, info, 32));
  const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16));
  const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12));
  const sealed = body.subarray(21 + keyLength);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  if (padded.at(-1) !== 2) throw new Error('padding');
  return padded.subarray(0, -1).toString('utf8');
}

/** The sentence that says what is wrong with an Authorization header, empty when nothing is. */
function faultOf(authorization: string, origin: string): string {
  const [, token = '', key = ''] = /^vapid t=([^,]+), ?k=(.+)$/.exec(authorization) ?? [];
  const [head = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(key, 'base64url');
  if (point.length !== 65) return 'no key';
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = Buffer.from(`${head}.${claims}`);
  const proof = Buffer.from(signature, 'base64url');
  if (!verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, proof)) return 'bad signature';
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const seconds = Date.now() / 1000;
  if (aud !== origin) return 'another audience';
  if (!(exp > seconds && exp < seconds + 86_401)) return 'expired';
  return /^(https:|mailto:)/.test(sub) ? '' : 'no contact';
}

export async function pushService(): Promise<PushService> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  setDefaultCACertificates([...getCACertificates('default'), cert]);
  const folder = mkdtempSync(join(tmpdir(), 'scankey-push-'));
  const certificate = join(folder, 'certificate.pem');
  writeFileSync(certificate, cert);
  const receivers = new Map<string, { receiver: ReturnType<typeof createECDH>; auth: Buffer }>();
  const waiting: ((text: string) => void)[] = [];
  let taken = 0;
  const server = createServer({ key, cert }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const known = receivers.get(request.url ?? '');
      const fault =
        (request.method !== 'POST' && 'method') ||
        (!known && 'unknown subscription') ||
        (request.headers['content-encoding'] !== 'aes128gcm' && 'encoding') ||
        (request.headers.ttl === undefined && 'no TTL') ||
        faultOf(request.headers.authorization ?? '', origin);
      if (fault || !known) {
        service.refused.push(String(fault));
        return response.writeHead(fault === 'unknown subscription' ? 410 : 400).end();
      }
      if (service.answer !== 201)
        return response.writeHead(service.answer, { location: 'http://169.254.169.254/' }).end();
      const text = decrypt(Buffer.concat(chunks), known.receiver, known.auth);
      const { ttl, urgency } = request.headers;
      service.pushed.push({ endpoint: origin + request.url, text, ttl: Number(ttl), urgency: String(urgency) });
      waiting.shift()?.(text);
      response.writeHead(201).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `https://${host}`;
  const service: PushService = {
    host,
    certificate,
    pushed: [],
    refused: [],
    answer: 201,
    subscribe() {
      const receiver = createECDH('prime256v1');
      const auth = randomBytes(16);
      const path = `/push/${randomBytes(12).toString('base64url')}`;
      receiver.generateKeys();
      receivers.set(path, { receiver, auth });
      return {
        endpoint: origin + path,
        p256dh: receiver.getPublicKey('base64url'),
        auth: auth.toString('base64url'),
      };
    },
    async next() {
      const come = service.pushed[taken];
      taken += 1;
      if (come) return come.text;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('nothing was pushed')), 100_000);
        waiting.push((text) => {
          clearTimeout(timer);
          resolve(text);
        });
      });
    },
    close() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return service;
}
