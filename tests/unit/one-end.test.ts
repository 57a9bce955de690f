// One end of a conversation by itself: what it does when it is stopped, asked twice, handed rubbish, or left by its own effects.
import { describe, expect, test, vi } from 'vitest';
import type { Channel, FromBrowser, FromPhone } from '../../src/protocol/channel.ts';
import type { Socket } from '../../src/protocol/connection.ts';
import { type Bytes, toBase64 } from '../../src/protocol/encoding.ts';
import { ScankeyError } from '../../src/protocol/errors.ts';
import { newMail } from '../../src/protocol/mailbox.ts';
import { WIRE_BYTES } from '../../src/protocol/messages.ts';
import type { ServerFrame } from '../../src/protocol/relay.ts';
import { newBrowserSession, stepBrowser } from '../../src/protocol/session/browser.ts';
import { Conversation, type End } from '../../src/protocol/session/conversation.ts';
import { newPhoneSession, type PhoneEffect, type PhoneEvent, stepPhone } from '../../src/protocol/session/phone.ts';
import type { PhoneSession } from '../../src/protocol/session/types.ts';
import { PlayedClock } from './played-relay.ts';

type PhoneEnd = End<PhoneSession, PhoneEvent, PhoneEffect, FromBrowser, FromPhone>;

const clock = () => new PlayedClock(1_000_000);
const nothing = async () => {};
/** Until `holds` no longer throws: what is hashed meanwhile is awaited of the platform. */
const until = (holds: () => void) => vi.waitFor(holds, { interval: 1, timeout: 20_000 });
const JOINED: ServerFrame = { t: 'joined', pk: toBase64(new Uint8Array(1216)), near: true };

/** Sockets that open at once and keep what is said on them. */
class Line {
  readonly sockets: Socket[] = [];
  readonly said: string[] = [];
  readonly connect = (): Socket => {
    const socket: Socket = {
      send: (data) => void this.said.push(data),
      close: () => {},
      onopen: null,
      onmessage: null,
      onclose: null,
    };
    this.sockets.push(socket);
    queueMicrotask(() => socket.onopen?.(undefined as never));
    return socket;
  };
  hear(frame: ServerFrame): void {
    this.sockets.at(-1)?.onmessage?.({ data: JSON.stringify(frame) });
  }
}

const glass: Channel<FromBrowser, FromPhone> = {
  open: async (_kind, _n, wire) => ({ plaintext: wire, adopt() {} }),
  seal: async (kind) => new Uint8Array(WIRE_BYTES[kind]),
};

/** A phone's end with nothing behind it but what a test puts in. */
function phone(more: Partial<PhoneEnd> = {}) {
  const line = new Line();
  const end: PhoneEnd = {
    session: newPhoneSession(1_000_000, 'camera'),
    step: stepPhone,
    channel: glass,
    connect: line.connect,
    clock: clock(),
    mail: newMail('token'),
    introduction: { t: 'join', sid: 'sid' },
    save: nothing,
    changed: () => {},
    effects: {
      join: nothing,
      'send-hello': nothing,
      release: nothing,
      'send-denied': nothing,
      'send-otp': nothing,
      'tell-set-up': nothing,
      'tell-hold': nothing,
      'refuse-otp': nothing,
      part: nothing,
      close: nothing,
    },
    messages: { request: nothing, outcome: nothing },
    ...more,
  };
  return { line, conversation: new Conversation(end) };
}

describe('the companion is spoken with', () => {
  test('on one connection, however often that is asked for at once', async () => {
    const { line, conversation } = phone();
    await Promise.all([conversation.connect(), conversation.connect(), conversation.send('hello', new Uint8Array(1))]);
    await conversation.connect();
    expect(line.sockets).toHaveLength(1);
  });

  test('in the role of the session', async () => {
    const line = new Line();
    const browser = new Conversation({
      session: newBrowserSession(1_000_000),
      step: stepBrowser,
      channel: { open: glass.open, seal: glass.seal } as never,
      connect: line.connect,
      clock: clock(),
      mail: { ...newMail('token'), known: true },
      introduction: { t: 'open', sid: 'sid', pk: '' },
      save: nothing,
      changed: () => {},
      effects: {} as never,
      messages: {} as never,
    });
    const other = phone({ mail: { ...newMail('token'), known: true } });
    for (const one of [browser, other.conversation]) await one.connect();
    await until(() =>
      expect([line, other.line].map(({ said }) => JSON.parse(said[0] ?? '{}').role)).toEqual(['b', 'p']),
    );
    for (const one of [browser, other.conversation]) one.stop();
  });

  test('and whether it answers is told', async () => {
    const told: boolean[] = [];
    const { line, conversation } = phone({ status: (up) => void told.push(up) });
    await conversation.connect();
    await until(() => expect(line.said).toHaveLength(1));
    line.hear(JOINED);
    await until(() => expect(told).toEqual([true]));
    line.sockets[0]?.onclose?.(undefined as never);
    expect(told).toEqual([true, false]);
    conversation.stop();
  });
});

describe('one that is stopped', () => {
  test('has no place for anything, sends nothing and opens no connection', async () => {
    const { line, conversation } = phone();
    const connecting = conversation.connect();
    conversation.stop();
    await connecting;
    expect(conversation.accepts({ t: 'connect' })).toBe(false);
    expect(await conversation.apply({ t: 'connect' })).toBe(false);
    await conversation.send('hello', new Uint8Array(1));
    expect(conversation.session.state).toBe('scanned');
    expect(line.sockets).toHaveLength(0);
  });

  test('in the middle of a change leaves no time running', async () => {
    const time = clock();
    const { conversation } = phone({ clock: time, save: async () => conversation.stop() });
    await conversation.apply({ t: 'connect' });
    expect(time.pass(1e9)).toBe(false);
  });
});

describe('what comes in', () => {
  const message = (bytes: number): ServerFrame => ({ t: 'msg', n: 0, m: toBase64(new Uint8Array(bytes)) });
  /** What a phone makes of a frame, that nothing else follows. */
  async function hears(frame: ServerFrame, expected: object, open = glass.open) {
    const failures: unknown[] = [];
    const { line, conversation } = phone({
      failed: async (error) => void failures.push(error),
      channel: { ...glass, open },
    });
    await conversation.connect();
    await until(() => expect(line.said).toHaveLength(1));
    line.hear(JOINED);
    line.hear(frame);
    await until(() => expect({ failures, ...conversation.session }).toMatchObject(expected));
    conversation.stop();
  }

  test('in a length that no message has, or sealed by nobody, is a strike', async () => {
    await hears(message(7), { failures: [], strikes: 1 });
    const bad = () => Promise.reject(new ScankeyError('bad-message'));
    await hears(message(WIRE_BYTES.request), { failures: [], strikes: 1 }, bad);
  });

  test('and cannot be taken for another reason is a failure, not a strike', async () => {
    const error = new Error('no storage');
    await hears(message(WIRE_BYTES.request), { failures: [error], strikes: 0 }, () => Promise.reject(error));
  });

  test('that the session is over, with the reason of the other side', async () => {
    const problem = { type: 'about:blank', title: '', status: 404, code: 'session-gone', reason: 'cancelled' } as const;
    await hears({ t: 'gone', problem }, { state: 'cancelled' });
  });
});

test('a message that is not sealed to its size does not leave', async () => {
  const mail = newMail('token');
  const { conversation } = phone({ mail, channel: { ...glass, seal: async (): Promise<Bytes> => new Uint8Array(9) } });
  await expect(conversation.send('hello', new Uint8Array(1))).rejects.toMatchObject({ code: 'too-large' });
  expect(mail.outbox).toEqual([]);
  conversation.stop();
});

describe('an effect that fails', () => {
  const effects = { join: () => Promise.reject(new Error('join')) } as unknown as PhoneEnd['effects'];
  test('is told to whoever has said to be told', async () => {
    const failures: unknown[] = [];
    const { conversation } = phone({ effects, failed: async (error) => void failures.push(error) });
    expect(await conversation.apply({ t: 'connect' })).toBe(true);
    expect(failures).toEqual([new Error('join')]);
    conversation.stop();
  });
  test('is else told to whoever asked', async () => {
    const { conversation } = phone({ effects });
    await expect(conversation.apply({ t: 'connect' })).rejects.toThrow('join');
    conversation.stop();
  });
});

test('an end that an effect brings about is told once', async () => {
  let ends = 0;
  const { conversation } = phone({
    ended: async () => void ends++,
    effects: {
      join: async () => void (await conversation.apply({ t: 'cancel' })),
      close: nothing,
    } as unknown as PhoneEnd['effects'],
  });
  await conversation.apply({ t: 'connect' });
  expect({ ends, state: conversation.session.state }).toEqual({ ends: 1, state: 'cancelled' });
});
