// What the phone's page is beside a page: an app that can be installed, a service worker that knows every file of one build by name, each
// file compressed once, for the companion to send, and build.json, by which the extension tells this build from any other.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { HtmlTagDescriptor, Plugin, Rolldown, UserConfig } from 'vite';
import { buildsWithin, classicScript } from './classic-script.ts';

const ROOT = join(import.meta.dirname, '../..');

const compress = promisify(brotliCompress);
/** As small as can be: it is done once, and paid for by every phone. */
const compressed = (text: string | Uint8Array): Promise<Uint8Array> =>
  compress(text, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } });

/** Every module that `from` imports, and what those import, at once. */
function importsOf(from: string, context: Rolldown.ChunkingContext, found = new Set<string>()): Set<string> {
  if (found.has(from)) return found;
  found.add(from);
  for (const id of context.getModuleInfo(from)?.importedIds ?? []) importsOf(id, context, found);
  return found;
}

const [ENTRY, PAGE] = ['entry.ts', 'phone.tsx'].map((name) => join(ROOT, 'src/phone', name)) as [string, string];
/** The page is one file, also of what screens that are loaded later share with it; each file more is a round trip for whoever is far away. */
const page = {
  name: (id: string, context: Rolldown.ChunkingContext) =>
    importsOf(PAGE, context).has(id) && !importsOf(ENTRY, context).has(id) ? 'page' : null,
  includeDependenciesRecursively: false,
};
/** All that the page says in one language. */
const language = {
  name: (id: string) => {
    const [, tag] = /\/locales\/([^/]+)\/(?:phone|errors|end)\.ts$/.exec(id) ?? [];
    return tag ? `language-${tag}` : null;
  },
  includeDependenciesRecursively: false,
};
/** What speaks with DingTalk, inside DingTalk. */
const dingtalk = {
  name: 'dingtalk',
  test: /node_modules\/(dingtalk-jsapi|promise-polyfill)\//,
  includeDependenciesRecursively: false,
};
/** Which of the page's modules lie in one file. */
export const PHONE_FILES = [page, language, dingtalk];

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Of every file its SHA-256, by its path; build.json itself. */
const listOf = (files: ReadonlyMap<string, string | Uint8Array>): string => {
  const rows = [...files].map(([name, source]) => [name, sha256(source)]).sort();
  return `${JSON.stringify({ files: Object.fromEntries(rows) }, null, 1)}\n`;
};

/**
 * What the extension takes for a phone page: the SHA-256 of each build.json, of the build that lies in `out`, or else in `dist`, and of
 * earlier releases (store/phone-pages.json).
 * @throws Error where the phone's page was not built yet
 */
export function knownPages(out: string): string[] {
  const built = [out, join(ROOT, 'dist')].map((folder) => join(folder, 'phone/build.json')).find(existsSync);
  if (built === undefined) throw new Error('Build the phone first: the extension knows its page (--mode phone).');
  const released = JSON.parse(readFileSync(join(ROOT, 'store/phone-pages.json'), 'utf8')) as Record<string, string>;
  return [...new Set([sha256(readFileSync(built)), ...Object.values(released)])].sort();
}

/** Of no use without a network, so not kept for that: DingTalk’s part, and the pictures that installing asks for. */
const isOnlineOnly = (path: string): boolean => /^\/assets\/dingtalk-|^\/icons\/(?!32|128)/.test(path);

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
      const entry = chunks.find(({ isEntry }) => isEntry);
      const page = chunks.find(({ moduleIds }) => moduleIds.includes(PAGE));
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
      const files = [...content.keys()].filter((name) => name !== '/index.html' && !isOnlineOnly(name)).sort();
      const digest = createHash('sha256').update(content.get('/index.html') ?? '');
      for (const name of files) digest.update(name).update(content.get(name) ?? '');
      const known = { FILES: JSON.stringify(files), BUILD: JSON.stringify(digest.digest('hex').slice(0, 16)) };
      const worker = await classicScript(join(ROOT, 'src/phone/service.worker.ts'), common, known);
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: worker });
      const listed = [...content, ['/sw.js', worker] as const].map(
        ([name, source]) => [name.slice(1), source] as const,
      );
      this.emitFile({ type: 'asset', fileName: 'build.json', source: listOf(new Map(listed)) });
      const texts = [...content].filter(([name]) => /^\/assets\/.*\.(js|css)$/.test(name));
      const packed = texts.map(async ([name, source]) => {
        this.emitFile({ type: 'asset', fileName: `${name.slice(1)}.br`, source: await compressed(source) });
      });
      await Promise.all(packed);
    },
  },
});
