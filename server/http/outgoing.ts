// Requests that the companion makes by itself: to push services and to providers. The address behind a name is looked at when it is
// dialled, no redirect is followed, and no answer is larger or later than it has to be.
import { lookup } from 'node:dns/promises';
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Addresses of a name, as `dns.lookup` gives them. */
export type Resolve = (host: string) => Promise<readonly { address: string; family: number }[]>;

const isPublic = (address: string): boolean => ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
const LARGEST = 256 * 1024;

/** Why there is no answer: the address is none to ask, nobody answered in time, or nobody answered. */
export class NoAnswer extends Error {
  readonly why: 'refused' | 'slow' | 'down';
  constructor(why: NoAnswer['why'], cause?: unknown) {
    super(why, { cause });
    this.why = why;
  }
}

export interface Outgoing {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string | Buffer | null;
  /** The operator answers for where this host leads: a private address, or plain http, is no reason to refuse it. */
  listed: boolean;
  /** Milliseconds. */
  within: number;
  resolve?: Resolve | undefined;
}

/** One request, never repeated. @returns status, body, and the time by the other's clock where it says @throws NoAnswer */
export async function send(url: URL, outgoing: Outgoing): Promise<{ status: number; text: string; date?: string }> {
  const { method, headers, body, listed, within } = outgoing;
  if (url.protocol !== 'https:' && !(listed && url.protocol === 'http:')) throw new NoAnswer('refused');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const resolve: Resolve = outgoing.resolve ?? ((name) => lookup(name, { all: true }));
  const found = isIP(host)
    ? [{ address: host, family: isIP(host) }]
    : await resolve(host).catch((error: unknown) => {
        throw new NoAnswer('down', error);
      });
  const [first] = found;
  // Every address of the name, and the one that was looked at is the one that is dialled.
  if (!first || !(listed || found.every(({ address }) => isPublic(address)))) throw new NoAnswer('refused');
  return new Promise((done, failed) => {
    const sending = (url.protocol === 'https:' ? request : plainRequest)(url, {
      method,
      headers,
      agent: false,
      lookup: (_name, options, answer) =>
        options.all
          ? (answer as (error: null, all: object[]) => void)(null, [first])
          : answer(null, first.address, first.family),
      signal: AbortSignal.timeout(within),
    });
    const fail = (error: Error) =>
      failed(new NoAnswer(error.name === 'AbortError' || error.name === 'TimeoutError' ? 'slow' : 'down', error));
    sending.on('error', fail);
    sending.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LARGEST) response.destroy(new Error('too large'));
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () =>
        done({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8'),
          ...(response.headers.date ? { date: response.headers.date } : {}),
        }),
      );
    });
    sending.end(body ?? undefined);
  });
}
