// What a team's file adds to a companion: the OpenID provider with its sign-in page, and those who say who somebody is.
import { join } from 'node:path';
import cookie from '@fastify/cookie';
import serveStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { ProblemCode } from '../../src/protocol/errors.ts';
import type { CompanionInfo } from '../../src/protocol/relay.ts';
import type { Limiters } from '../http/limits.ts';
import { pagesFor } from '../http/pages.ts';
import type { Relay } from '../relay/relay.ts';
import { hashOf } from '../store/hashes.ts';
import type { Store } from '../store/store.ts';
import { Answers } from './answers.ts';
import { Attempts } from './attempts.ts';
import { Escrows } from './escrows.ts';
import { Bounds } from './issuer/bounds.ts';
import { saltOf } from './issuer/clients.ts';
import { moveFormer } from './issuer/former.ts';
import { Issuer } from './issuer/issuer.ts';
import { KeyFile } from './issuer/keys.ts';
import { mountIssuer } from './issuer/mount.ts';
import { People } from './people.ts';
import { providersOf } from './providers/registry.ts';
import { drawnCodeRoutes } from './routes/drawn-codes.ts';
import { inAppRoutes } from './routes/in-app.ts';
import { proofRoute } from './routes/proof.ts';
import { providerRoutes } from './routes/provider.ts';
import { BrowserCookie } from './routes/request.ts';
import type { Rooms } from './routes/rooms.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { storedRoutes } from './routes/stored.ts';
import { SignIns } from './sign-ins.ts';
import { SignedEvents } from './signed-events.ts';
import { SplitKeys } from './split-keys.ts';
import { hashOfTeam, SIGNATURES, type Team } from './team-file.ts';
import { Visits } from './visits.ts';

/** What a team adds to a companion, which is loaded for teams alone. */
export interface TeamServices {
  /** Who can say who somebody is, for `CompanionInfo`. */
  known: NonNullable<CompanionInfo['providers']>;
  serve(app: FastifyInstance, companion: TeamCompanion): Promise<void>;
  /** `hashOfTeam` of its file, as it was read at the start. */
  fileHash: string;
  /** The hash of all keys that the issuer has now: the same at each companion of a team. */
  keysHash(): Promise<string>;
  /** For a person whose browser was sent to where nothing goes on. */
  wrongPage(code: ProblemCode, accepted: string | undefined): string;
}

/** What a team's routes need of the companion that they belong to. */
export interface TeamCompanion {
  relay: Relay;
  limiters: Limiters;
  /** Folder of the built phone page; that of the sign-in page is beside it. */
  phonePage: string;
  isExtension(origin: string | undefined): boolean;
}

/**
 * @param origin the companion's own, and so the issuer
 * @param folder in which the issuer's keys lie, unless the file names another place
 */
export async function teamServices(team: Team, store: Store, origin: string, folder: string): Promise<TeamServices> {
  const { clients, verification, 'private-computers': privateComputers } = team;
  const people = new People(store, team.people);
  const providers = providersOf(team.providers);
  const path = team.keys ?? join(folder, 'issuer-keys.json');
  await moveFormer(store, path);
  // Whoever says nothing can count on the first (OpenID Connect Discovery section 3).
  const signatures = [...new Set([SIGNATURES[0], ...clients.map((client) => client['signed-with'])])];
  const keys = await KeyFile.open({ path, given: team.keys !== undefined, signatures });
  const issuer = new Issuer({
    issuer: origin,
    keys,
    salt: await saltOf(store),
    store,
    people,
    clients,
    privateComputers,
  });
  const signIns = new SignIns(store, people, (id) => clients.find((client) => client.id === id)?.confirm);
  const answers = new Answers(store);
  const ours = {
    origin,
    clients,
    privateComputers,
    providers,
    issuer,
    people,
    signIns,
    answers,
    attempts: new Attempts({ store, providers, origin, signIns, answers }),
    events: new SignedEvents(store),
    splitKeys: new SplitKeys(store),
    escrows: new Escrows(store),
    visits: new Visits(store, origin),
    cookie: new BrowserCookie(origin),
  };
  return {
    known: [...providers.values()].map(({ id, where }) => ({ id, where: [...where] })),
    fileHash: hashOfTeam(team),
    keysHash: async () => hashOf(JSON.stringify([await keys.signing(), keys.secrets])),
    wrongPage: (code, accepted) => pagesFor(accepted).wrong(code),
    async serve(app, { phonePage, ...companion }) {
      const page = join(phonePage, '../sign-in');
      const rooms: Rooms = { ...ours, ...companion, page };
      await mountIssuer(app, issuer, new Bounds(companion.limiters, team.clients));
      await app.register(async (scope) => {
        await scope.register(cookie);
        for (const routes of [signInRoutes, proofRoute, providerRoutes, inAppRoutes, drawnCodeRoutes, storedRoutes])
          await scope.register(routes, rooms);
      });
      for (const [name, content] of Object.entries(verification))
        app.get(`/${name}`, async (_request, reply) => reply.type('text/plain').send(content));
      await app.register(serveStatic, { root: page, prefix: '/sign-in-page/', index: false, decorateReply: false });
    },
  };
}
