// What a team's file adds to a companion: the OpenID provider with its sign-in page, and those who say who somebody is.
import { join } from 'node:path';
import serveStatic from '@fastify/static';
import type { TeamServices } from '../app.ts';
import type { Store } from '../store/store.ts';
import { Identities } from './identities.ts';
import { loadKeys, mountIssuer, newIssuer } from './issuer.ts';
import { wrongPage } from './pages.ts';
import { People } from './people.ts';
import { providersOf } from './providers/all.ts';
import { serveSignIn } from './routes/sign-in.ts';
import type { Team } from './settings.ts';

/** @param origin the companion's own, and so the issuer */
export async function teamServices(
  team: Team,
  store: Store,
  origin: string,
  behindProxy: boolean,
): Promise<TeamServices> {
  const { clients, verification } = team;
  const people = new People(store, team.people === 'anyone');
  const providers = providersOf(team.providers);
  const issuer = newIssuer({ issuer: origin, keys: await loadKeys(store), store, people, clients, behindProxy });
  const confirmOf = (id: string) => clients.find((client) => client.id === id)?.confirm;
  const identities = new Identities({ store, people, providers, origin, confirmOf });
  return {
    known: [...providers.values()].map(({ id, where }) => ({ id, where: [...where] })),
    wrongPage,
    async serve(app, { shared: { relay, limiters, store }, phonePage, isExtension }) {
      const page = join(phonePage, '../sign-in');
      await mountIssuer(app, issuer);
      await serveSignIn(app, {
        origin,
        issuer,
        identities,
        providers,
        clients,
        relay,
        store,
        limiters,
        isExtension,
        page,
      });
      for (const [name, content] of Object.entries(verification))
        app.get(`/${name}`, async (_request, reply) => reply.type('text/plain').send(content));
      await app.register(serveStatic, { root: page, prefix: '/sign-in-page/', index: false, decorateReply: false });
    },
  };
}
