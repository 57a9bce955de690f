// A computer and its companion, played for a phone under test: every frame that the phone says is answered at once, every message opened.
import { vi } from 'vitest';
import type { Socket } from '../../src/protocol/connection.ts';
import { type Bytes, fromBase64, toBase64 } from '../../src/protocol/encoding.ts';
import { type Kind, type Message, pack, requestHash, unpack, WIRE_BYTES } from '../../src/protocol/messages.ts';
import { makeCode } from '../../src/protocol/new-code.ts';
import { parseQrLink } from '../../src/protocol/qr-link.ts';
import type { CloseReason, FirstFrame, LaterFrame, ServerFrame } from '../../src/protocol/relay.ts';
import { type BrowserEnd, browserEnd, type Opening, openFrom, openingOf, sealFrom } from '../../src/protocol/seal.ts';

export const ORIGIN = 'https://scankey.example';
export const SITE = 'https://site.example';
/** Drawn once: a key pair takes its time. */
const code = await makeCode(ORIGIN);
export const SID = code.sid;
export const LINK = parseQrLink(code.drawing.link);
export const PUBLIC_KEY = fromBase64(code.publicKey);

export type FromPhone = Exclude<Kind, 'request' | 'outcome'>;

/**
 * @param near what the companion says of the two addresses
 * @param opening what the conversation opens with, where it is not the code
 */
export function computer({ near = true, opening }: { near?: boolean; opening?: Opening } = {}) {
  const frames: (FirstFrame | LaterFrame)[] = [];
  /** What the phone has sent, by number, and how many of it were taken. */
  const sent: string[] = [];
  let taken = 0;
  let said = 0;
  let end: BrowserEnd | undefined;
  let socket: Socket | undefined;
  const tell = (frame: ServerFrame) => socket?.onmessage?.({ data: JSON.stringify(frame) });
  function hear(frame: FirstFrame | LaterFrame): void {
    frames.push(frame);
    if (frame.t === 'join') tell({ t: 'joined', pk: code.publicKey, near });
    if (frame.t === 'resume') tell({ t: 'resumed', next: sent.length });
    if (frame.t !== 'send') return;
    sent[frame.n] = frame.m;
    tell({ t: 'acked', n: frame.n });
  }
  /** The phone's next message, of that kind. */
  async function take<K extends FromPhone>(kind: K): Promise<{ n: number; wire: Bytes }> {
    const m = await vi.waitFor(
      () => {
        const next = sent[taken];
        if (next === undefined) throw new Error(`no ${kind} came`);
        return next;
      },
      { interval: 1, timeout: 20_000 },
    );
    const wire = fromBase64(m);
    if (wire.length !== WIRE_BYTES[kind]) throw new Error(`it was no ${kind}`);
    return { n: taken++, wire };
  }
  const inForce = (): BrowserEnd => {
    if (!end) throw new Error('nobody has greeted');
    return end;
  };
  return {
    frames,
    connect(): Socket {
      const made: Socket = {
        send: (data) => queueMicrotask(() => socket === made && hear(JSON.parse(data))),
        close() {},
        ...{ onopen: null, onmessage: null, onclose: null },
      };
      socket = made;
      queueMicrotask(() => made.onopen?.(undefined as never));
      return made;
    },
    async hello(): Promise<Message<'hello'>> {
      const { n, wire } = await take('hello');
      const known = opening ?? (await openingOf({ origin: ORIGIN, secret: fromBase64(code.secret) }));
      const opened = await browserEnd({ seed: fromBase64(code.seed), publicKey: PUBLIC_KEY }, known, n, wire);
      end = opened.end;
      return unpack('hello', opened.first);
    },
    digits: () => inForce().shared.digits,
    /** @returns the hash that an answer to it carries */
    async ask(more: Partial<Message<'request'>> = {}): Promise<string> {
      const plaintext = pack('request', {
        ...{ v: 1, t: 'request', kind: 'password', topOrigin: SITE, frameOrigin: SITE, title: 'Site', time: 1 },
        ...{ browser: 'Browser 1', os: 'System' },
        ...more,
      } as Message<'request'>);
      const n = said++;
      tell({ t: 'msg', n, m: toBase64(await sealFrom('b', inForce().shared, n, plaintext)) });
      return requestHash(plaintext);
    },
    async say(message: Message<'outcome'>): Promise<void> {
      const n = said++;
      tell({ t: 'msg', n, m: toBase64(await sealFrom('b', inForce().shared, n, pack('outcome', message))) });
    },
    async answer(): Promise<Message<'answer'>> {
      const { n, wire } = await take('answer');
      return unpack('answer', await inForce().open(n, wire));
    },
    async followUp(): Promise<Message<'followUp'>> {
      const { n, wire } = await take('followUp');
      return unpack('followUp', await openFrom('p', inForce().shared, n, wire));
    },
    /** Whether the phone has said anything that was not taken yet. */
    get waits(): boolean {
      return sent.length > taken;
    },
    /** Why the phone has closed the session. */
    get closed(): CloseReason | undefined {
      return frames.flatMap((frame) => (frame.t === 'close' ? [frame.reason] : []))[0];
    },
    /** The companion has nothing more of it. */
    gone(reason: CloseReason): void {
      const problem = { type: 'about:blank', title: 'gone', status: 404, code: 'session-gone', reason } as const;
      tell({ t: 'gone', problem });
    },
  };
}
