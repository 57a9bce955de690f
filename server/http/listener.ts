// One listener of the companion: its bounds in size and time, the names it answers under, whom it believes where a request comes from,
// and what it writes down of one.
import fastify, { type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import { networkOf } from './addresses.ts';
import { Refusal } from './problems.ts';

export interface Listener {
  /** This listener's own certificate, where it speaks HTTPS. */
  tls?: { key: string; cert: string };
  logger?: boolean;
}

export interface ListenerSettings {
  /** Names under which this companion answers, as `host[:port]`. */
  hosts: readonly string[];
  /** A reverse proxy stands in front and says whom it speaks for. */
  behindProxy: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The network that it comes from, as `networkOf` names it; undefined when that cannot be known. */
    readonly network: string | undefined;
  }
}

export function newListener({ tls, logger }: Listener, settings: ListenerSettings): FastifyInstance {
  const headerLimit = { maxHeaderSize: 8 * 1024 };
  const app = fastify({
    ...(tls ? { https: { ...tls, ...headerLimit } } : { http: headerLimit }),
    trustProxy: settings.behindProxy ? ['loopback', 'linklocal', 'uniquelocal'] : false,
    bodyLimit: 64 * 1024,
    connectionTimeout: 10_000,
    requestTimeout: 10_000,
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 100 },
    logController: new LogController({ disableRequestLogging: true }),
    logger: logger
      ? // Nothing that joins sessions or names people: route templates and outcomes only.
        { level: 'info', base: null, serializers: { req: () => ({}) } }
      : false,
  }) as unknown as FastifyInstance;
  app.server.headersTimeout = 5_000;
  app.decorateRequest('network', {
    getter(this: FastifyRequest) {
      // Nobody's address is believed when a proxy that we were not told of stands between.
      const { headers } = this;
      const forwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
      return forwarded === settings.behindProxy ? networkOf(this.ip) : undefined;
    },
  });
  app.addHook('onRequest', async (request) => {
    // A page that rebinds its own name to this address would otherwise speak with us as itself.
    if (!settings.hosts.includes(request.headers.host ?? '')) throw new Refusal('host-unknown');
  });
  app.addHook('onResponse', async (request, reply) => {
    // A refused upgrade has left the HTTP server's care: nobody else would ever close its socket.
    if (request.headers.upgrade !== undefined) request.raw.socket.destroySoon();
    const route = request.routeOptions.url ?? 'unknown';
    request.log.info({ route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) });
  });
  return app;
}
