// `/v1/relay`: WebSockets for extensions and phone pages, refused before any state is made where the Origin is neither's.
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import { LIMITS } from '../../src/protocol/relay.ts';
import { logFailure } from '../http/failures.ts';
import { type Origins, roleOf } from '../http/origins.ts';
import { Refusal } from '../http/problems.ts';
import type { Services } from './attendant.ts';
import { serve } from './socket.ts';

/** @param signsIn the companion's own pages open sessions, too: they ask who somebody is */
export async function relayRoute(
  app: FastifyInstance,
  { settings, services, signsIn }: { settings: Origins; services: Services; signsIn: boolean },
): Promise<void> {
  await app.register(websocket, {
    // Every client resumes by itself; none may keep the companion from stopping.
    preClose(this: FastifyInstance, done) {
      for (const client of this.websocketServer.clients) client.terminate();
      this.websocketServer.close(() => done());
    },
    options: {
      maxPayload: LIMITS.frameBytes,
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
