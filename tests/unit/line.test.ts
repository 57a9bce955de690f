// A connection's last word, when it comes at the same moment as the end of the connection.
import { afterEach, expect, test, vi } from 'vitest';
import { Line, type Socket } from '../../src/protocol/line.ts';
import type { Problem, ServerFrame } from '../../src/protocol/relay.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A line whose sockets are played by the test; whatever it takes, it is busy with until `release`. */
function slowLine() {
  const sockets: Socket[] = [];
  const ends: Partial<Problem>[] = [];
  let release = () => {};
  const busy = new Promise<void>((resolve) => {
    release = resolve;
  });
  const line = new Line({
    connect() {
      const socket: Socket = { send() {}, close() {}, onopen: null, onmessage: null, onclose: null };
      sockets.push(socket);
      return socket;
    },
    introduction: () => ({ t: 'listen', boxes: [] }),
    onFrame: () => busy,
    onGone: async (problem) => void ends.push(problem),
  });
  const hear = (frame: ServerFrame) => sockets.at(-1)?.onmessage?.({ data: JSON.stringify(frame) });
  const hangUp = () => sockets.at(-1)?.onclose?.(undefined as never);
  return { line, sockets, ends, hear, hangUp, release };
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
