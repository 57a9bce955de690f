// `/v1/relay`: WebSockets for extensions and phone pages, refused before any state is made where the Origin is neither's.
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { LIMITS } from '../../src/protocol/relay.ts';
import { logFailure } from '../http/failures.ts';
import { TRAFFIC, tooOften } from '../http/limits.ts';
import { type Origins, roleOf } from '../http/origins.ts';
import { problem, Refusal } from '../http/problems.ts';
import type { Services } from './attendant.ts';
import { serve } from './socket.ts';

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

/** @param signsIn the companion's own pages open sessions, too: they ask who somebody is */
export async function relayRoute(
  app: FastifyInstance,
  { settings, services, signsIn }: { settings: Origins; services: Services; signsIn: boolean },
): Promise<void> {
  await app.register(websocket, {
    // Who speaks no WebSocket, or is cut off, is no failure of ours, and the package would write a stack down for each.
    errorHandler(error, socket, request) {
      if (!/^(WS_ERR|ECONN|EPIPE)/.test('code' in error ? String(error.code) : '')) logFailure(request.log, error);
      socket.terminate();
    },
    preClose(this: FastifyInstance, done) {
      const { clients } = this.websocketServer;
      for (const client of clients) sendAway(client, clients.size / COME_BACK_PER_SECOND);
      // Every client resumes by itself; none may keep the companion from stopping.
      const cutting = setTimeout(() => {
        for (const client of clients) client.terminate();
      }, LEAVING_MS);
      this.websocketServer.close(() => {
        clearTimeout(cutting);
        done();
      });
    },
    options: {
      maxPayload: LIMITS.frameBytes,
      // No browser cuts what is so short.
      maxFragments: 16,
      perMessageDeflate: false,
      // Refused before any state; `ws` answers 401 by itself otherwise.
      verifyClient: ({ origin }, done) => (roleOf(origin, settings) ? done(true) : done(false, 403, 'origin-required')),
    },
  });
  app.get(
    '/v1/relay',
    {
      websocket: true,
      preValidation: async (request) => {
        if (!roleOf(request.headers.origin, settings)) throw new Refusal('origin-required');
        // Where no WebSocket is asked for there is nothing; `@fastify/websocket` would say so without a word.
        if (!request.ws) throw new Refusal('not-found');
        const wait = services.limiters.traffic.take(request.source.bucket, TRAFFIC.connection);
        if (wait > 0) throw tooOften('rate-limited', wait);
      },
    },
    (socket, request) => {
      const role = roleOf(request.headers.origin, settings) ?? 'p';
      serve(socket, { role, signsIn: signsIn && role === 'p', source: request.source }, services, (error) =>
        logFailure(request.log, error),
      );
    },
  );
}
