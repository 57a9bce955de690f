// One listener of the companion: its bounds in size and time, the names it answers under, whom it believes where a request comes from,
// and what it writes down of one.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import fastify, { type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import { type Doubt, type Network, type Source, sourceOf } from './addresses.ts';
import type { Events } from './events.ts';
import { unread } from './failures.ts';
import { Refusal } from './problems.ts';

export interface Listener {
  /** This listener's own certificate, where it speaks HTTPS. */
  tls?: { key: string; cert: string };
  /** Where its log goes, a line a request; nowhere if absent. */
  log?: { write(line: string): void };
  /** Only what is wrong is written there. */
  quiet?: boolean;
}

export interface ListenerSettings {
  /** Names under which this companion answers, as `host[:port]`. */
  hosts: readonly string[];
  /** The reverse proxies that are believed, `[]` where one stands in front that nobody has named; absent where none does. */
  proxies?: readonly Network[] | undefined;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Where a request seems to come from. */
    sourceOf(request: IncomingMessage): Source;
    /** Where a request comes from that counts as somebody's; the log is told, once, what an operator could mend there. */
    countedSourceOf(request: IncomingMessage): Source;
  }
  interface FastifyRequest {
    /** Where it comes from: in place of `ip`, which is a proxy's own where one stands in front. */
    readonly source: Source;
  }
}

/** What an operator can do where nobody is ever near. */
const REMEDIES: Record<Doubt, string> = {
  'proxy-untold':
    'Requests come by a proxy, and none was told of. If it is yours, start with --public-url and --trust-proxy (docs/operating.md). Nobody who comes by it is near.',
  'proxy-unnamed':
    'A proxy stands in front that --trust-proxy does not name. Give it the address from which your proxy reaches this companion, 127.0.0.1 if it runs on the same computer (docs/operating.md). Until then nobody is near, and all who come by that proxy share the limits of one.',
  'proxy-silent':
    'The proxy does not say for whom it speaks: let it set X-Forwarded-For (docs/operating.md). Until then nobody is near, and all share the limits of one.',
  'proxy-for-proxy':
    'A proxy speaks for an address that --trust-proxy names, too. If people are in that network, name the proxy alone; if another proxy stands there, let the last one pass on the address of the person (docs/operating.md). Until then nobody who comes so is near, and all of them share the limits of one.',
};

/** One name is one name, however it is written; only https, where a port may be left out, has a name without one (RFC 9110 section 4.2.3). */
const hostOf = (given = ''): string => given.toLowerCase().replace(/:443$/, '');

/** What cannot be decoded is nobody's address: the router would answer it by itself, without our headers, and say what it is. */
function addressOf({ url = '' }: { url?: string | undefined }): string {
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '');
    return url;
  } catch {
    return '/%25';
  }
}

/** Whether a request is to this companion. */
type Target = 'ours' | 'unknown' | 'ambiguous';

/**
 * Whom a request is to: the host of its whole address, where it names one, whatever else it says (RFC 9112 section 3.2.2); `ambiguous`
 * where two are named, which another server might read otherwise (section 3.2).
 */
export function targetOf(
  { rawHeaders, headers, url = '' }: IncomingMessage,
  { hosts }: Pick<ListenerSettings, 'hosts'>,
): Target {
  const named = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  if (named.length > 1) return 'ambiguous';
  const asked = hostOf(url.startsWith('/') ? headers.host : URL.parse(url)?.host);
  return hosts.some((host) => hostOf(host) === asked) ? 'ours' : 'unknown';
}

export function newListener(
  { tls, log, quiet }: Listener,
  settings: ListenerSettings,
  events?: Events,
): FastifyInstance {
  // Only at each check is a connection cut whose time is over; Node's own thirty seconds would be six times the time itself.
  // Headers as large as Node is told are too large for it.
  const bounds = { maxHeaderSize: 8 * 1024 + 1, connectionsCheckingInterval: 1_000 };
  const app = fastify({
    ...(tls ? { https: { ...tls, ...bounds } } : { http: bounds }),
    bodyLimit: 64 * 1024,
    connectionTimeout: 10_000,
    requestTimeout: 10_000,
    keepAliveTimeout: 30_000,
    clientErrorHandler: (error, socket) => unread(error, socket, events),
    forceCloseConnections: true,
    // Fastify's own 503 passes the hooks by, and with them what closes the socket of a refused upgrade.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 100 },
    rewriteUrl: addressOf,
    // Never what a request brings: proxies pass on what anybody writes there. Theirs can log the answer's.
    genReqId: () => randomBytes(12).toString('base64url'),
    logController: new LogController({ disableRequestLogging: true }),
    logger: log
      ? // Nothing that joins sessions or names people: route templates and outcomes only.
        { level: quiet ? 'warn' : 'info', base: null, stream: log, serializers: { req: () => ({}) } }
      : false,
  }) as unknown as FastifyInstance;
  app.server.headersTimeout = 5_000;
  const told = new Set<Doubt>();
  const advise = (doubt: Doubt) => {
    if (!told.has(doubt)) app.log.warn({ doubt }, REMEDIES[doubt]);
    told.add(doubt);
  };
  if (settings.proxies?.length === 0) advise('proxy-unnamed');
  app.decorate('sourceOf', ({ socket, headers }: IncomingMessage) =>
    sourceOf(socket.remoteAddress ?? '', headers, settings.proxies),
  );
  app.decorate('countedSourceOf', (request: IncomingMessage) => {
    const source = app.sourceOf(request);
    if (source.doubt) advise(source.doubt);
    return source;
  });
  app.decorateRequest('source', {
    getter(this: FastifyRequest) {
      return app.countedSourceOf(this.raw);
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    // A refused upgrade has left the HTTP server's care: nobody else would ever close its socket.
    if (request.headers.upgrade !== undefined) request.raw.socket.destroySoon();
    const route = request.routeOptions.url ?? 'unknown';
    request.log.info({ route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) });
    events?.emit('answered', route, reply.statusCode, reply.elapsedTime);
  });
  return app;
}

/** A page that rebinds its own name to this address would otherwise speak with us as itself. Comes after what each answer bears. */
export function refuseOtherHosts(app: FastifyInstance, settings: Pick<ListenerSettings, 'hosts'>): void {
  app.addHook('onRequest', async ({ raw }) => {
    const target = targetOf(raw, settings);
    if (target !== 'ours') throw new Refusal(target === 'unknown' ? 'host-unknown' : 'bad-message');
  });
}
