// Where the issuer answers in the companion: `/oidc/…`, `/device…` and its discovery document. It reads and answers requests by itself.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GO_ON } from '../../http/pages.ts';
import type { Bounds } from './bounds.ts';
import { POLICY } from './forms.ts';
import type { Issuer } from './issuer.ts';

/** Keys are published two days before they sign, and a site may look once an hour; the addresses stay. */
const KEPT = 'public, max-age=3600';
const isKept = ({ method, url }: FastifyRequest): boolean =>
  method === 'GET' && /^\/(oidc\/jwks|\.well-known\/openid-configuration)(\?|$)/.test(url);

export async function mountIssuer(app: FastifyInstance, issuer: Issuer, bounds: Bounds): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.get(GO_ON.path, async (_request, reply) => reply.type('text/javascript').send(GO_ON.script));
    for (const url of ['/oidc/*', '/device', '/device/*', '/.well-known/openid-configuration']) {
      scope.route({
        method: ['GET', 'POST', 'OPTIONS'],
        url,
        async handler(request, reply) {
          const settle = await bounds.take(request);
          try {
            const provider = await issuer.now();
            handOver(reply);
            if (isKept(request)) reply.raw.setHeader('cache-control', KEPT);
            await provider.callback()(request.raw, reply.raw);
            if (reply.raw.statusCode >= 500) request.log.error({ failure: 'issuer' }, 'request failed');
          } finally {
            await settle(reply.raw);
          }
        },
      });
    }
  });
}

/** The issuer's answers carry our headers. */
export function handOver(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.setHeader('content-security-policy', POLICY);
  // A site's own code asks some of these (R37: CORS is the provider's matter).
  reply.raw.setHeader('cross-origin-resource-policy', 'cross-origin');
  reply.hijack();
}
