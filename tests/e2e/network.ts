// The network between the extension and the companion: passes everything on, and can be told to hold, change or cut.
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { mustNotLeak } from './secrets.ts';

interface Frame {
  t: string;
  sid?: string;
  token?: string;
  tokenHash?: string;
  call?: object;
  n?: number;
  m?: string;
}

export interface Network {
  readonly port: number;
  /** Sees every frame; what it returns goes on, `undefined` is lost. */
  onFrame: (frame: Frame, from: 'browser' | 'companion') => Frame | undefined;
  /** Whether the browser's connections come by a proxy that the companion was not told of: nobody is near then. */
  far: boolean;
  /** How often a browser has called a phone that it is paired with. */
  calls: number;
  /** Bytes of frames that went either way. */
  bytes: number;
  /** Says something to the browser that the companion never said. */
  inject(frame: object): void;
  /** Breaks every connection; new ones are refused until `mend`. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** Stands before the companion on `target`. */
export async function startNetwork(target: number, port = 0): Promise<Network> {
  let broken = false;
  const sockets = new Set<WebSocket>();
  const browsers = new Set<WebSocket>();
  const server = createServer((incoming, outgoing) => {
    if (broken) return incoming.destroy();
    const headers = { ...incoming.headers, host: `127.0.0.1:${target}` };
    const onward = request(
      { port: target, host: '127.0.0.1', path: incoming.url, method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => incoming.destroy());
    incoming.pipe(onward);
  });
  const relay = new WebSocketServer({ noServer: true });
  const network: Network = {
    port: 0,
    onFrame: (frame) => frame,
    far: false,
    calls: 0,
    bytes: 0,
    inject(frame) {
      for (const browser of browsers) if (browser.readyState === WebSocket.OPEN) browser.send(JSON.stringify(frame));
    },
    cut() {
      broken = true;
      for (const socket of sockets) socket.terminate();
    },
    mend() {
      broken = false;
    },
    close() {
      network.cut();
      server.closeAllConnections();
      server.close();
    },
  };
  server.on('upgrade', (incoming, socket, head) => {
    if (broken) return socket.destroy();
    const origin = incoming.headers.origin ?? '';
    const headers: Record<string, string> = network.far ? { 'x-forwarded-for': '203.0.113.7' } : {};
    const onward = new WebSocket(`ws://127.0.0.1:${target}${incoming.url}`, { origin, headers });
    onward.on('error', () => socket.destroy());
    onward.on('open', () =>
      relay.handleUpgrade(incoming, socket, head, (near) => {
        sockets.add(near).add(onward);
        browsers.add(near);
        const pass = (to: WebSocket, from: 'browser' | 'companion') => (data: unknown) => {
          network.bytes += String(data).length;
          const heard = JSON.parse(String(data)) as Frame;
          for (const one of [heard.sid, heard.token, heard.tokenHash, heard.m?.slice(0, 64)]) mustNotLeak(one ?? '');
          if (from === 'browser' && heard.t === 'open' && heard.call) network.calls += 1;
          const frame = network.onFrame(heard, from);
          if (frame && to.readyState === WebSocket.OPEN) to.send(JSON.stringify(frame));
        };
        near.on('message', pass(onward, 'browser'));
        onward.on('message', pass(near, 'companion'));
        near.on('close', () => {
          browsers.delete(near);
          onward.terminate();
        });
        // Politely: what the companion said last is on its way, and would be lost with the socket.
        onward.on('close', () => near.close());
        near.on('error', () => onward.terminate());
      }),
    );
  });
  server.listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return Object.assign(network, { port: (server.address() as AddressInfo).port });
}
