// Strangers who say one thing to a companion, each from an address of his own, and what is answered.
import { expect } from 'vitest';
import { readNetwork } from '../../server/http/addresses.ts';
import { tokenHash } from '../../src/protocol/mailbox.ts';
import type { addressOf } from '../../src/protocol/recovery.ts';
import { EXTENSION, newSid, newToken, PK, party } from './party.ts';

const believed = readNetwork('127.0.0.1');
/** What a companion has to be told of them. */
export const proxies = believed ? [believed] : [];

let networks = 0;
/** An address that nobody had before. */
export const elsewhere = () => ({ 'x-forwarded-for': `198.51.${networks >> 8}.${networks++ & 255}` });
export type From = ReturnType<typeof elsewhere>;
export const newBox = () => ({ box: newSid(), token: newToken() });
export const much = (characters: number) => 'A'.repeat(characters);

/** A browser's first frame. */
export const opening = async (more: object = {}) => ({
  ...{ t: 'open', sid: newSid(), pk: PK, tokenHash: await tokenHash(newToken()) },
  ...more,
});

/** @param at the companion, as it is when they speak */
export function strangersAt(at: () => { port: number; page: string }) {
  /** What a connection hears that begins so: the frame's name, a problem's code, or with which code it was closed. */
  async function hears(origin: string, from: From, ...said: (object | string)[]): Promise<string> {
    const one = await party(at().port, origin, from);
    const closed = new Promise<string>((done) => one.socket.on('close', (code) => done(`closed ${code}`)));
    let answer = '';
    for (const frame of said) {
      one.say(frame);
      const heard = await Promise.race([one.next(), closed]);
      answer = typeof heard === 'string' ? heard : (heard.problem?.code ?? heard.t);
      if (typeof heard === 'string' || heard.problem) break;
    }
    one.close();
    return answer;
  }
  const asBrowser = (from: From, ...said: (object | string)[]) => hears(EXTENSION, from, ...said);
  const asPhone = (from: From, ...said: (object | string)[]) => hears(at().page, from, ...said);
  async function post(path: string, from: From, body: string, headers: Record<string, string> = {}): Promise<string> {
    const answer = await fetch(at().page + path, { method: 'POST', body, headers: { ...from, ...headers } });
    const { code } = answer.ok ? { code: '' } : ((await answer.json().catch(() => ({}))) as { code?: string });
    // Whoever is to come back later is told when (RFC 9110 section 10.2.3).
    if (answer.status === 429 || answer.status === 503)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    return code || String(answer.status);
  }
  const backup = async (from: From, key: Awaited<ReturnType<typeof addressOf>>, said: object) =>
    post('/v1/backup', from, JSON.stringify({ id: key.id, ...said }), {
      ...{ origin: at().page, authorization: `Scankey ${key.auth}`, 'content-type': 'application/json' },
    });
  return { asBrowser, asPhone, post, backup };
}
