// The companion's table of contents: bounds, failures, headers, what it says of itself, relay, backups, team, phone page.
import { join } from 'node:path';
import serveStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { CompanionInfo } from '../src/protocol/relay.ts';
import { Backups } from './backup/backups.ts';
import { backupRoute } from './backup/route.ts';
import { docsPages } from './docs.ts';
import { newHealth } from './health.ts';
import { Events } from './http/events.ts';
import { answerFailures } from './http/failures.ts';
import { addHeaders } from './http/headers.ts';
import { newLimiters, type SetLimits } from './http/limits.ts';
import { type Listener, type ListenerSettings, newListener, refuseOtherHosts } from './http/listener.ts';
import { isExtension, type Origins, roleOf } from './http/origins.ts';
import { seenRoute } from './operate/seen.ts';
import { phonePage } from './phone-page.ts';
import { practicePage } from './practice.ts';
import type { Pusher } from './push/pusher.ts';
import type { Services } from './relay/attendant.ts';
import { Boxes } from './relay/boxes.ts';
import { Relay } from './relay/relay.ts';
import { relayRoute } from './relay/route.ts';
import { Room } from './store/room.ts';
import type { Store } from './store/store.ts';
import type { TeamServices } from './team/team-app.ts';

export interface Settings extends ListenerSettings, Origins {
  /** Origin of the phone page, printed into every code. */
  phoneOrigin: string;
  /** The phone page stands on a certificate of our own (R54). */
  trial: boolean;
  /** Folder of the built phone page; those of the sign-in page and of the documentation are beside it. */
  phonePage: string;
  /** Whom the companion knows and for which sites; without one it is no OpenID provider. */
  team?: TeamServices | undefined;
}

/** What all listeners of one companion share, so that they count and hear together. */
export interface Shared extends Services {
  store: Store;
  backups: Backups;
  room: Room;
  /** Throws where the store takes nothing. */
  health(): Promise<void>;
}

/** @param options `roomBytes`: what the database may take in all; `limits`: what the operator has set; `events`: hears what happens */
export function newShared(
  store: Store,
  pusher: Pusher,
  options: { roomBytes?: number; limits?: SetLimits; now?: () => number; events?: Events } = {},
): Shared {
  const { roomBytes, limits, now, events = new Events() } = options;
  const limiters = newLimiters(store.newLimiter, limits);
  const room = new Room(store, roomBytes);
  return {
    store,
    pusher,
    limiters,
    room,
    events,
    present: new Set(),
    relay: new Relay(store, room, now, events),
    boxes: new Boxes(store, room, pusher, limiters, now),
    backups: new Backups(store, room, limiters, now),
    health: newHealth(store, room, now),
  };
}

/** The companion on one listener. */
export async function buildApp(settings: Settings, shared: Shared, listener: Listener = {}): Promise<FastifyInstance> {
  const { phoneOrigin, trial, team } = settings;
  const { events } = shared;
  const app = newListener(listener, settings, events);
  const at = /^\/(sign-in|v1\/callback|oidc|device)(\/|\?|$)/;
  answerFailures(app, team && { at, page: team.wrongPage, oauthAt: /^\/oidc\// }, events);
  // A home-made certificate must stay replaceable by a real one, and plain http on the loopback reachable.
  await addHeaders(app, { strictTransport: phoneOrigin.startsWith('https:') && !trial });
  refuseOtherHosts(app, settings);

  // It lives, whatever has become of what it needs: who starts it anew mends nothing of that.
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    await shared.health();
    return { status: 'ready' };
  });
  const info: CompanionInfo = {
    v: 1,
    phoneOrigin,
    trial,
    // A trial has no service worker that could hear a push.
    ...(trial ? {} : { pushKey: shared.pusher.publicKey }),
    ...(team ? { providers: team.known } : {}),
  };
  app.get('/v1/companion', async ({ headers: { origin } }, reply) => {
    // Public, and asked for by extensions, which hold no permission for this host.
    reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin');
    reply.header('vary', 'origin');
    return isExtension(origin) ? { ...info, admits: roleOf(origin, settings) === 'b' } : info;
  });

  relayRoute(app, { settings, services: shared, signsIn: team !== undefined });
  // A trial keeps no backups: it has no name that a phone could trust a year from now.
  if (!trial) await backupRoute(app, { ...shared, isPhone: (origin) => roleOf(origin, settings) === 'p' });
  await practicePage(app, shared.limiters);
  const { store, limiters, room } = shared;
  const started = { extensionIds: [...settings.extensionIds], roomBytes: room.bytes, trial, team: team?.fileHash };
  seenRoute(app, { store, limiters, started });
  // A team's companion serves these for its own pages.
  if (!team)
    await app.register(serveStatic, {
      ...{ root: join(settings.phonePage, '../sign-in'), prefix: '/sign-in-page/', index: false, decorateReply: false },
      allowedPath: (path) => path === '/sign-in.css',
    });
  await team?.serve(app, {
    relay: shared.relay,
    limiters: shared.limiters,
    phonePage: settings.phonePage,
    isExtension: (origin) => roleOf(origin, settings) === 'b',
  });
  await docsPages(app, join(settings.phonePage, '../docs'));
  await phonePage(app, { folder: settings.phonePage, trial: listener.tls !== undefined });
  return app;
}
