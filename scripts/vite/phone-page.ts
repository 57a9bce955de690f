// What the phone's page is beside a page: an app that can be installed, a service worker that knows every file of one build by name, and
// each file compressed once, for the companion to send.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { HtmlTagDescriptor, Plugin, UserConfig } from 'vite';
import { buildsWithin, classicScript } from './classic-script.ts';

const ROOT = join(import.meta.dirname, '../..');

const compress = promisify(brotliCompress);
/** As small as can be: it is done once, and paid for by every phone. */
const compressed = (text: string | Uint8Array): Promise<Uint8Array> =>
  compress(text, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } });

/** @param common what the page shares with the other parts */
export const installable = (common: UserConfig): Plugin => ({
  name: 'installable',
  apply: 'build',
  config: buildsWithin,
  buildStart() {
    const emit = (fileName: string, path: string) =>
      this.emitFile({ type: 'asset', fileName, source: readFileSync(join(ROOT, path)) });
    emit('manifest.webmanifest', 'src/phone/manifest.webmanifest');
    for (const name of readdirSync(join(ROOT, 'src/ui/icons'))) emit(`icons/${name}`, `src/ui/icons/${name}`);
  },
  transformIndexHtml: {
    order: 'post',
    // What the entry asks for next is asked for with it.
    handler: (_html, { bundle = {} }) => {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const page = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith('/phone/phone.tsx'));
      const entry = chunks.find(({ isEntry }) => isEntry);
      const next = page ? [page.fileName, ...page.imports].filter((name) => name !== entry?.fileName) : [];
      return next.map(
        (name): HtmlTagDescriptor => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `./${name}` },
          injectTo: 'head',
        }),
      );
    },
  },
  generateBundle: {
    order: 'post',
    async handler(_options, bundle) {
      const content = new Map(
        Object.values(bundle).map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
      );
      const files = [...content.keys()].filter((name) => name !== '/index.html').sort();
      const digest = createHash('sha256').update(content.get('/index.html') ?? '');
      for (const name of files) digest.update(name).update(content.get(name) ?? '');
      const known = { FILES: JSON.stringify(files), BUILD: JSON.stringify(digest.digest('hex').slice(0, 16)) };
      const worker = await classicScript(join(ROOT, 'src/phone/service.worker.ts'), common, known);
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: worker });
      const texts = [...content].filter(([name]) => /^\/assets\/.*\.(js|css)$/.test(name));
      const packed = texts.map(async ([name, source]) => {
        this.emitFile({ type: 'asset', fileName: `${name.slice(1)}.br`, source: await compressed(source) });
      });
      await Promise.all(packed);
    },
  },
});
