// `/v1/relay`: WebSockets for extensions and phone pages, refused before any state is made where the Origin is neither's. Who may come in
// is let in as the request arrives; who may not goes the way of every other request, and is told why as they are.
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { type WebSocket, WebSocketServer } from 'ws';
import { LIMITS } from '../../src/protocol/relay.ts';
import type { Source } from '../http/addresses.ts';
import { logFailure } from '../http/failures.ts';
import { TRAFFIC, tooOften } from '../http/limits.ts';
import { type ListenerSettings, targetOf } from '../http/listener.ts';
import { type Origins, roleOf } from '../http/origins.ts';
import { problem, Refusal } from '../http/problems.ts';
import type { Services } from './attendant.ts';
import { serve } from './socket.ts';

const PATH = '/v1/relay';
/** So many come back a second, whichever companion takes them, where one has ended that had many. */
const COME_BACK_PER_SECOND = 500;
const LEAVING_MS = 1_000;

/** Tells a client to come back within so many seconds, each at a moment of its own. */
function sendAway(client: WebSocket, seconds: number): void {
  if (client.readyState !== client.OPEN) {
    client.terminate();
    return;
  }
  client.send(JSON.stringify({ t: 'gone', problem: problem('busy', { retryAfter: seconds * Math.random() }) }));
  // Service restart (RFC 6455 section 7.4, IANA's registry).
  client.close(1012);
}

/** Whether a request is for the relay, by whichever form of its address (RFC 9112 section 3.2). */
const isForRelay = ({ method, url = '' }: IncomingMessage): boolean =>
  method === 'GET' && (url.startsWith('/') ? url.split('?', 1)[0] : URL.parse(url)?.pathname) === PATH;

/** @param signsIn the companion's own pages open sessions, too: they ask who somebody is */
export function relayRoute(
  app: FastifyInstance,
  { settings, services, signsIn }: { settings: Origins & ListenerSettings; services: Services; signsIn: boolean },
): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.frameBytes,
    // No browser cuts what is so short.
    maxFragments: 16,
    perMessageDeflate: false,
  });
  const failed = (error: unknown) => logFailure(app.log, error);
  const waitOf = ({ bucket }: Source): number => services.limiters.traffic.take(bucket, TRAFFIC.connection);

  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const role = roleOf(request.headers.origin, settings);
    if (role && isForRelay(request) && targetOf(request, settings) === 'ours') {
      const source = app.countedSourceOf(request);
      if (waitOf(source) <= 0)
        return sockets.handleUpgrade(request, socket, head, (client) =>
          serve(client, { role, signsIn: signsIn && role === 'p', source }, services, failed),
        );
    }
    // Node leaves an upgraded connection to whoever hears of it.
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    response.assignSocket(request.socket);
    app.routing(request, response);
  });
  app.get(PATH, async ({ headers: { origin, upgrade }, source }) => {
    if (!roleOf(origin, settings)) throw new Refusal('origin-required');
    const wait = upgrade === undefined ? 0 : waitOf(source);
    if (wait > 0) throw tooOften('rate-limited', wait);
    // Where no WebSocket is asked for there is nothing.
    throw new Refusal('not-found');
  });

  app.addHook('preClose', (done) => {
    const { clients } = sockets;
    for (const client of clients) sendAway(client, clients.size / COME_BACK_PER_SECOND);
    // Every client resumes by itself; none may keep the companion from stopping.
    const cutting = setTimeout(() => {
      for (const client of clients) client.terminate();
    }, LEAVING_MS);
    sockets.close(() => {
      clearTimeout(cutting);
      done();
    });
  });
}
