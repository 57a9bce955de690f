// The built phone page as files, with the mark of a trial in its first bytes. The page and the list of its files are those of the start:
// what is put in their place while a companion runs comes with its next start, both at once.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import serveStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { Refusal } from './http/problems.ts';

/** Public, and looked at by extensions, which hold no permission for this host. */
const ANYBODY = { 'access-control-allow-origin': '*' };

/** @param folder where the built page is @param trial it stands on a certificate of our own */
export async function phonePage(
  app: FastifyInstance,
  { folder, trial }: { folder: string; trial: boolean },
): Promise<void> {
  // One trial mark in the page itself, so that it is there before any request is answered.
  const page = (await readFile(join(folder, 'index.html'), 'utf8')).replace(
    'data-trial="false"',
    `data-trial="${trial}"`,
  );
  const list = await readFile(join(folder, 'build.json')).catch(() => undefined);
  await app.register(async (files) => {
    // Also that there is no such file: whoever looks could not tell that from a server that is away.
    files.addHook('onRequest', async (_request, reply) => {
      reply.headers(ANYBODY);
    });
    for (const url of ['/', '/index.html'])
      files.get(url, async (_request, reply) =>
        reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page),
      );
    files.get('/build.json', async (_request, reply) => {
      if (!list) throw new Refusal('not-found');
      return reply.type('application/json').header('cache-control', 'no-cache').send(list);
    });
    await files.register(serveStatic, {
      root: folder,
      index: false,
      // However their names are written, these are the two above. The path comes decoded, as the file is looked for.
      allowedPath: (path) => !/index\.html|build\.json/.test(path),
      preCompressed: true,
      setHeaders: (reply, path) => {
        const hashed = path.startsWith(join(folder, 'assets/'));
        reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  });
}
