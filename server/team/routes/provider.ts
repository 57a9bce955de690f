// The way to a provider from the sign-in page, and the way back from wherever somebody was sent to one.
import type { FastifyInstance } from 'fastify';
import { VISITED } from '../../../src/protocol/providers.ts';
import { consume } from '../../http/limits.ts';
import { pagesFor } from '../../http/pages.ts';
import { hashOf } from '../../store/hashes.ts';
import { ANSWER_MS } from '../attempts.ts';
import { parse, providerOf, Query, uidOf } from './request.ts';
import type { Rooms } from './rooms.ts';

export async function providerRoutes(
  app: FastifyInstance,
  { signIns, attempts, limiters, cookie }: Rooms,
): Promise<void> {
  app.get('/sign-in/:uid/with/:provider', async (request, reply) => {
    await consume(limiters.proofs, request.source.bucket);
    const uid = uidOf(request);
    const browser = cookie.read(request);
    await signIns.of(uid, browser);
    const { to } = await attempts.begin(providerOf(request), 'page', browser ?? '', { t: 'sign-in', uid });
    return reply.header('cache-control', 'no-store').redirect(String(to), 303);
  });

  app.get('/v1/callback/:provider', async (request, reply) => {
    await consume(limiters.proofs, request.source.bucket);
    const browser = cookie.read(request);
    // Without one there is nothing that it could answer, and no provider is asked.
    if (browser !== undefined) await consume(limiters.callbacks, hashOf(browser));
    // Providers take their time, and one that is cut off here has used the code up all the same.
    request.raw.socket.setTimeout(ANSWER_MS);
    const provider = providerOf(request);
    const { purpose, failure } = await attempts.answer(provider, parse(Query, request.query), browser);
    reply.header('cache-control', 'no-store');
    // The provider's own number tells an operator what to mend.
    if (failure?.code.startsWith('provider-'))
      request.log.warn({ provider, code: failure.code, said: failure.detail }, 'provider');
    // Nothing of what came back stays in an address, and no address comes from outside.
    if (purpose.t === 'sign-in')
      return reply.redirect(failure ? `/sign-in/${purpose.uid}` : `/sign-in/${purpose.uid}/next`, 303);
    // An empty fragment: WeChat’s own would come along otherwise, and be taken for a code.
    if (purpose.t === 'in-app' || purpose.receipt === undefined) return reply.redirect('/#', 303);
    if (failure)
      return reply
        .type('text/html; charset=utf-8')
        .send(pagesFor(request.headers['accept-language']).done(failure.code));
    return reply.redirect(`${VISITED}#${purpose.receipt}`, 303);
  });

  // The extension reads this tab's address, and closes it.
  app.get(VISITED, async ({ headers }, reply) =>
    reply.type('text/html; charset=utf-8').send(pagesFor(headers['accept-language']).done(undefined)),
  );
}
