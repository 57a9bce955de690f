// The companion's table of contents: limits, names and origins, headers, the phone page, the relay.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import helmet from '@fastify/helmet';
import serveStatic from '@fastify/static';
import websocket from '@fastify/websocket';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { ProblemCode } from '../src/protocol/errors.ts';
import { type CompanionInfo, LIMITS, type Role } from '../src/protocol/relay.ts';
import { type BackupLimiters, Backups, newBackupLimiters, serveBackups } from './backup/backups.ts';
import { networkOf } from './http/addresses.ts';
import { type Limiters, newLimiters } from './http/limits.ts';
import { problem, Refusal } from './http/problems.ts';
import type { Pusher } from './push/push.ts';
import { Links } from './relay/boxes.ts';
import { type Services, serve } from './relay/party.ts';
import { Relay } from './relay/relay.ts';
import type { Store } from './store/store.ts';
import { ProviderError } from './team/providers/provider.ts';

export interface Settings {
  /** Names under which this companion answers, as `host[:port]`. */
  hosts: readonly string[];
  /** Origin of the phone page, printed into every code. */
  phoneOrigin: string;
  /** Origins from which a phone may join. */
  pageOrigins: readonly string[];
  /** Ids of the Chromium builds that may open sessions; any Firefox build may. */
  extensionIds: readonly string[];
  /** A reverse proxy stands in front and says whom it speaks for. */
  behindProxy: boolean;
  /** The phone page stands on a certificate of our own (R54). */
  trial: boolean;
  /** Folder of the built phone page; that of the sign-in page is beside it. */
  phonePage: string;
  /** Whom the companion knows and for which sites; without one it is no OpenID provider. */
  team?: TeamServices | undefined;
}

/** What a team's file adds to a companion (team-app.ts), which is loaded for teams alone. */
export interface TeamServices {
  /** Who can say who somebody is, for `CompanionInfo`. */
  known: NonNullable<CompanionInfo['providers']>;
  serve(
    app: FastifyInstance,
    companion: { shared: Shared; phonePage: string; isExtension: IsExtension },
  ): Promise<void>;
  /** For a person whose browser was sent to where nothing goes on. */
  wrongPage(code: ProblemCode): string;
}
export type IsExtension = (origin: string | undefined) => boolean;

export interface Listener {
  /** This listener's own certificate, where it speaks HTTPS. */
  tls?: { key: string; cert: string };
  logger?: boolean;
}

/** What all listeners of one companion share, so that they count and hear together. */
export interface Shared extends Services {
  limiters: Limiters & BackupLimiters;
}
export const newShared = (store: Store, pusher: Pusher): Shared => ({
  relay: new Relay(store),
  links: new Links(store, pusher),
  pusher,
  limiters: {
    ...newBackupLimiters(),
    ...newLimiters(),
  },
});

/** A page that is no phone page and an extension that is not ours get no role. */
export function roleOf(origin: string | undefined, settings: Settings): Role | undefined {
  if (origin === undefined) return undefined;
  if (settings.pageOrigins.includes(origin)) return 'p';
  const chromium = /^chrome-extension:\/\/([a-p]{32})$/.exec(origin)?.[1];
  if (chromium !== undefined) return settings.extensionIds.includes(chromium) ? 'b' : undefined;
  // Firefox gives every installation an id of its own, so any is taken.
  return /^moz-extension:\/\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(origin) ? 'b' : undefined;
}

/** Nobody's address is believed when a proxy that we were not told of stands between. */
const networkOfRequest = (request: FastifyRequest, settings: Settings): string | undefined => {
  const forwarded = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  return forwarded === settings.behindProxy ? networkOf(request.ip) : undefined;
};

/** The companion on one listener. Every error leaves as a problem document. */
export async function buildApp(settings: Settings, shared: Shared, listener: Listener = {}): Promise<FastifyInstance> {
  const headerLimit = { maxHeaderSize: 8 * 1024 };
  const app = fastify({
    ...(listener.tls ? { https: { ...listener.tls, ...headerLimit } } : { http: headerLimit }),
    trustProxy: settings.behindProxy ? ['loopback', 'linklocal', 'uniquelocal'] : false,
    bodyLimit: 64 * 1024,
    connectionTimeout: 10_000,
    requestTimeout: 10_000,
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 100 },
    logController: new LogController({ disableRequestLogging: true }),
    logger: listener.logger
      ? // Nothing that joins sessions or names people: route templates and outcomes only.
        { level: 'info', base: null, serializers: { req: () => ({}) } }
      : false,
  }) as unknown as FastifyInstance;
  app.server.headersTimeout = 5_000;
  const { relay, pusher, limiters } = shared;
  const { store } = relay;

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
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const known = error instanceof Refusal || error instanceof ProviderError;
    const code = known ? error.code : codeFor(error.statusCode);
    if (code === 'store-unavailable') logFailure(request.log, error);
    // A provider's own number says what an operator has to mend; the rest of its answer stays here.
    if (error instanceof ProviderError) request.log.warn({ code, said: error.said }, 'provider');
    const document = problem(code, error instanceof Refusal ? error.extra : {});
    if (team && isNavigation(request)) return reply.code(document.status).type('text/html').send(team.wrongPage(code));
    return reply.code(document.status).type('application/problem+json').send(JSON.stringify(document));
  });
  app.setNotFoundHandler(() => {
    throw new Refusal('not-found');
  });

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        manifestSrc: ["'self'"],
        mediaSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
        // One policy that knows the two scripts of the page by heart: src/phone/shell/own-scripts.ts.
        trustedTypes: ['scankey'],
        workerSrc: ["'self'"],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: true,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    // A home-made certificate must stay replaceable by a real one, and plain http on the loopback reachable.
    strictTransportSecurity: settings.phoneOrigin.startsWith('https:') && settings.behindProxy,
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header(
      'permissions-policy',
      'camera=(self), microphone=(), geolocation=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
    );
  });

  app.get('/healthz', async () => {
    await store.get('health');
    return { status: 'ok' };
  });
  // A trial has no service worker that could hear a push.
  const pushKey = settings.trial ? {} : { pushKey: pusher.publicKey };
  const { team } = settings;
  const known = team ? { providers: team.known } : {};
  const info: CompanionInfo = { v: 1, phoneOrigin: settings.phoneOrigin, trial: settings.trial, ...pushKey, ...known };
  app.get('/v1/companion', async (_request, reply) => {
    // Public, and asked for by extensions, which hold no permission for this host.
    reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin');
    return info;
  });

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
      const network = networkOfRequest(request, settings);
      const signsIn = team !== undefined && role === 'p';
      serve(socket, { role, signsIn, address: request.ip, network }, shared, (error) => logFailure(request.log, error));
    },
  );

  // A trial keeps no backups: it has no name that a phone could trust a year from now.
  if (!settings.trial) serveBackups(app, new Backups(store), limiters, (origin) => roleOf(origin, settings) === 'p');

  const isExtension: IsExtension = (from) => roleOf(from, settings) === 'b';
  await team?.serve(app, { shared, phonePage: settings.phonePage, isExtension });

  // One trial mark in the page itself, so that it is there before any request is answered.
  const page = (await readFile(join(settings.phonePage, 'index.html'), 'utf8')).replace(
    'data-trial="false"',
    `data-trial="${Boolean(listener.tls)}"`,
  );
  app.get('/', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page),
  );
  await app.register(serveStatic, {
    root: settings.phonePage,
    index: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      const hashed = path.includes('/assets/');
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return app;
}

/** A person's browser went there, and wants words. */
const isNavigation = (request: FastifyRequest): boolean =>
  request.method === 'GET' &&
  request.headers['sec-fetch-mode'] === 'navigate' &&
  /^\/(sign-in|v1\/callback)\//.test(request.url);

const codeFor = (status: number | undefined): ProblemCode => {
  if (status === 413) return 'too-large';
  if (status === 404) return 'not-found';
  if (status === 426) return 'upgrade-required';
  return status !== undefined && status < 500 ? 'bad-message' : 'store-unavailable';
};

/** Only the kind of failure is logged: messages of libraries may quote what they were given. */
const logFailure = (log: FastifyBaseLogger, error: unknown): void =>
  log.error({ failure: error instanceof Error ? error.name : 'unknown' }, 'request failed');
