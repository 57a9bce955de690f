// Codes of a provider's own that the sign-in page draws, and the provider's word that one was scanned. WeChat alone gives any.
import type { FastifyInstance } from 'fastify';
import { consume } from '../../http/limits.ts';
import { mustBeOwn, parse, Query, uidOf } from './request.ts';
import type { Rooms } from './rooms.ts';

/** An event of a scan has some 500 bytes. */
const EVENT_BYTES = 4096;

export async function drawnCodeRoutes(
  app: FastifyInstance,
  { origin, signIns, attempts, events, providers, limiters, cookie }: Rooms,
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
  // The console asks once whether this is the address that it says.
  app.get('/v1/wechat/events', async (request, reply) => {
    const query = parse(Query, request.query);
    const { echostr = '' } = query;
    await events.take(codes.stampOf(query), echostr);
    return reply.type('text/plain').send(echostr);
  });
  app.post('/v1/wechat/events', { bodyLimit: EVENT_BYTES }, async (request, reply) => {
    const message = String(request.body);
    await events.take(codes.stampOf(parse(Query, request.query)), message);
    await attempts.scanned(message);
    return reply.type('text/plain').send('');
  });
}
