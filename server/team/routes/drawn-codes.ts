// Codes of a provider's own that the sign-in page draws, and the provider's word that one was scanned. WeChat alone gives any.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { consume } from '../../http/limits.ts';
import { Refusal } from '../../http/problems.ts';
import { mustBeOwn, parse, Query, uidOf } from './request.ts';
import type { Rooms } from './rooms.ts';

export async function drawnCodeRoutes(
  app: FastifyInstance,
  { origin, signIns, attempts, providers, limiters, cookie }: Rooms,
): Promise<void> {
  app.post('/sign-in/:uid/wechat-code', async (request) => {
    mustBeOwn(request, origin);
    await consume(limiters.proofs, request.source.bucket);
    const uid = uidOf(request);
    const browser = cookie.read(request);
    await signIns.of(uid, browser);
    return { code: await attempts.drawCode(uid, browser ?? '') };
  });

  const codes = providers.get('wechat')?.codes;
  if (!codes) return;
  app.addContentTypeParser(['text/xml', 'application/xml'], { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  const signed = (request: FastifyRequest) => {
    const query = parse(Query, request.query);
    if (!codes.isSigned(query)) throw new Refusal('provider-state');
    return query;
  };
  // The console asks once whether this is the address that it says.
  app.get('/v1/wechat/events', async (request, reply) => reply.type('text/plain').send(signed(request).echostr ?? ''));
  app.post('/v1/wechat/events', async (request, reply) => {
    signed(request);
    await attempts.scanned(String(request.body));
    return reply.type('text/plain').send('');
  });
}
