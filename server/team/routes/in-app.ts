// Our phone page inside a provider's app: the app's provider says who scanned the code of a session, and that goes to one sign-in.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { isProvider } from '../../../src/protocol/providers.ts';
import { consume } from '../../http/limits.ts';
import { Refusal } from '../../http/problems.ts';
import { hashOf } from '../../store/hashes.ts';
import { Id, mustBeOwn, parse, providerOf, Uid } from './request.ts';
import type { Rooms } from './rooms.ts';

const Sid = v.strictObject({ sid: Id });
const SidAndSignIn = v.strictObject({ sid: Id, signIn: Uid });

export async function inAppRoutes(
  app: FastifyInstance,
  { origin, attempts, answers, providers, relay, limiters, cookie }: Rooms,
): Promise<void> {
  app.get('/v1/session/:sid', async (request) => {
    await consume(limiters.proofs, request.source.bucket);
    return { identity: await relay.isIdentity(parse(v.object({ sid: Id }), request.params).sid) };
  });

  /** For which session somebody wants to be known… */
  app.post('/v1/in-app/:provider', async (request, reply) => {
    mustBeOwn(request, origin);
    await consume(limiters.proofs, request.source.bucket);
    const id = providerOf(request);
    const { sid } = parse(Sid, request.body);
    if (!(await relay.isIdentity(sid))) throw new Refusal('session-gone');
    const browser = cookie.give(request, reply);
    const purpose = { t: 'in-app', sid: `${sid}:${hashOf(browser)}` } as const;
    const { to, state } = await attempts.begin(id, 'app', browser, purpose);
    if (to) return { to: String(to) };
    return { ...(isProvider(id) ? providers.get(id)?.app : {}), state };
  });

  /** …whether the provider has said who it is, to this browser for this session… */
  const nameOf = (sid: string, request: FastifyRequest) => `${sid}:${hashOf(cookie.read(request) ?? '')}`;
  app.post('/v1/in-app/said', async (request) => {
    mustBeOwn(request, origin);
    const { sid } = parse(Sid, request.body);
    await answers.look(nameOf(sid, request));
    return {};
  });

  /** …and, when the person confirms, the token for the very sign-in that was shown. */
  app.post('/v1/in-app/ticket', async (request) => {
    mustBeOwn(request, origin);
    const { sid, signIn } = parse(SidAndSignIn, request.body);
    return { ticket: await answers.tokenFor(nameOf(sid, request), signIn) };
  });
}
