// Parties of a session that come to https://id.example.org from addresses of a house (house.sh), through whatever proxy stands there.
import { once } from 'node:events';
import { WebSocket } from 'ws';

export const ORIGIN = 'https://id.example.org';
type Frame = Record<string, unknown>;

/** A WebSocket from that address, and what it is told, frame by frame. */
export async function partyAt(localAddress: string, origin: string, headers: Record<string, string> = {}) {
  const url = `${ORIGIN.replace('https', 'wss')}/v1/relay`;
  const socket = new WebSocket(url, { origin, localAddress, headers, perMessageDeflate: false });
  const frames: Frame[] = [];
  const waiting: ((frame: Frame) => void)[] = [];
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    const next = waiting.shift();
    if (next) next(frame);
    else frames.push(frame);
  });
  await once(socket, 'open');
  return {
    say: (frame: object) => socket.send(JSON.stringify(frame)),
    next(): Promise<Frame> {
      const frame = frames.shift();
      return frame ? Promise.resolve(frame) : new Promise((done) => waiting.push(done));
    },
    close: () => socket.terminate(),
  };
}
