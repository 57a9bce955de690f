// What every answer tells a browser to allow: this companion's own pages, and nothing of anybody else's.
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

const POLICY = {
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
};
const PERMISSIONS =
  'camera=(self), microphone=(), geolocation=(), publickey-credentials-get=(self), publickey-credentials-create=(self)';

/** @param strictTransport browsers are to come by https alone from now on */
export async function addHeaders(app: FastifyInstance, settings: { strictTransport: boolean }): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: true,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: settings.strictTransport,
  });
  // Before anything can be refused, and so that what the issuer answers by itself has them, too (handOver).
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('permissions-policy', PERMISSIONS);
    // What may be kept says so.
    reply.header('cache-control', 'no-store');
  });
}
