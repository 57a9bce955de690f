// The documentation under /docs, where it was built (`npm run docs`); else nothing is there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import serveStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** @param folder of the built site */
export async function docsPages(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await app.register(async (scope) => {
    // As strict as everywhere; but the site's library sets markup by a policy of its own name, and nothing there needs WebAssembly.
    scope.addHook('onSend', async (_request, reply) => {
      const policy = String(reply.getHeader('content-security-policy'));
      reply.header(
        'content-security-policy',
        policy.replace(" 'wasm-unsafe-eval'", '').replace('trusted-types scankey', 'trusted-types vue'),
      );
    });
    await scope.register(serveStatic, {
      root: folder,
      prefix: '/docs',
      redirect: true,
      decorateReply: false,
      setHeaders: (reply, path) => {
        const hashed = path.startsWith(join(folder, 'assets/'));
        reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  });
}
