// The last word on a connection, either side's, when it comes at a bad moment.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Connection, type Socket } from '../../src/protocol/connection.ts';
import { Mailbox, newMail } from '../../src/protocol/mailbox.ts';
import type { Problem, ServerFrame } from '../../src/protocol/relay.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Sockets that the test plays the companion on. */
function played() {
  const sockets: Socket[] = [];
  const said: string[] = [];
  const connect = () => {
    const send = (data: string) => void said.push(JSON.parse(data).t);
    const socket: Socket = { send, close() {}, onopen: null, onmessage: null, onclose: null };
    sockets.push(socket);
    return socket;
  };
  const none = undefined as never;
  return {
    sockets,
    said,
    connect,
    answer: () => sockets.at(-1)?.onopen?.(none),
    hear: (frame: ServerFrame) => sockets.at(-1)?.onmessage?.({ data: JSON.stringify(frame) }),
    hangUp: () => sockets.at(-1)?.onclose?.(none),
  };
}

/** A line that is busy with whatever it takes until `release`. */
function slowLine() {
  const companion = played();
  const ends: Partial<Problem>[] = [];
  let release = () => {};
  const busy = new Promise<void>((resolve) => {
    release = resolve;
  });
  const line = new Connection({
    connect: companion.connect,
    introduction: () => ({ t: 'listen', boxes: [] }),
    onFrame: () => busy,
    onGone: async (problem) => void ends.push(problem),
  });
  return { ...companion, line, ends, release };
}

const gone = (problem: Partial<Problem>): ServerFrame => ({
  t: 'gone',
  problem: { type: 'about:blank', title: 'gone', status: 410, code: 'session-gone', ...problem },
});

test('why a session is over is heard, also when the connection closes while an earlier frame is being taken', async () => {
  const { sockets, ends, hear, hangUp, release } = slowLine();
  hear({ t: 'opened' });
  hear(gone({ reason: 'stale' }));
  hangUp();
  release();
  await vi.waitFor(() => expect(ends).toMatchObject([{ code: 'session-gone', reason: 'stale' }]));
  expect(sockets).toHaveLength(1);
});

test('a companion that asks for patience is not asked again before, whatever closes first', async () => {
  vi.useFakeTimers();
  const { line, sockets, ends, hear, hangUp, release } = slowLine();
  hear({ t: 'opened' });
  hear(gone({ code: 'busy', retryAfter: 60 }));
  hangUp();
  release();
  await vi.advanceTimersByTimeAsync(50_000);
  expect(sockets).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(sockets).toHaveLength(2);
  expect(ends).toEqual([]);
  line.stop();
});

describe('a session that is closed', () => {
  function mailbox(known: boolean) {
    const companion = played();
    const heard: string[] = [];
    const box = new Mailbox({
      connect: companion.connect,
      mail: { ...newMail('token'), known },
      introduction: { t: 'open', sid: 'sid', pk: 'pk', tokenHash: 'hash' },
      role: 'b',
      save: async () => {},
      onMessage: async () => void heard.push('message'),
      onStatus: (up) => void heard.push(up ? 'up' : 'down'),
      onGone: async () => void heard.push('gone'),
    });
    return { ...companion, box, heard };
  }

  test('before the companion has answered is closed there all the same: no phone rings for nobody', async () => {
    const { box, answer, said, heard, hear } = mailbox(false);
    answer();
    box.close('cancelled');
    // What its caller does once it has ended takes nothing of that back.
    box.stop();
    box.close('failed');
    hear({ t: 'opened' });
    await vi.waitFor(() => expect(said).toEqual(['open', 'close']));
    expect(heard).toEqual([]);
  });

  test('while the connection is lost is closed when it is back', async () => {
    vi.useFakeTimers();
    const { box, answer, hangUp, said, heard, hear } = mailbox(true);
    hangUp();
    box.close('cancelled');
    await vi.advanceTimersByTimeAsync(1000);
    answer();
    hear({ t: 'resumed', next: 0 });
    await vi.advanceTimersByTimeAsync(0);
    expect(said).toEqual(['resume', 'close']);
    expect(heard).toEqual(['down']);
  });

  test('before anything was said of it is never opened, and a companion that stays away is given up', async () => {
    vi.useFakeTimers();
    const never = mailbox(false);
    never.box.close('cancelled');
    const away = mailbox(true);
    away.box.close('cancelled');
    for (let i = 0; i < 20; i++) {
      for (const { hangUp } of [never, away]) hangUp();
      await vi.advanceTimersByTimeAsync(1000);
    }
    const tried = away.sockets.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(never.sockets).toHaveLength(1);
    expect(away.sockets).toHaveLength(tried);
    expect([...never.said, ...never.heard, ...away.said, ...away.heard]).toEqual([]);
  });
});

test.each([0, 0.5, 0.999])(
  'a companion that comes back is found within 4.5 s, however long it was away (chance %s)',
  (chance) => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(chance);
    const { connect, sockets, hangUp } = played();
    const line = new Connection({
      connect,
      introduction: () => ({ t: 'listen', boxes: [] }),
      onFrame: async () => {},
      onGone: async () => {},
    });
    for (let tries = 1; tries < 20; tries++) {
      hangUp();
      vi.advanceTimersByTime(4_500);
      expect(sockets).toHaveLength(tries + 1);
    }
    line.stop();
    vi.restoreAllMocks();
  },
);
