// What the documents and the comments name is there: a file that moved or was renamed takes its mentions along.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const ROOMS = ['src', 'server', 'tests', 'bench', 'scripts', 'docs', 'deploy', 'store'];
const FILES = ROOMS.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
);
const top = readdirSync(root).filter((name) => statSync(join(root, name)).isFile());
const known = [...FILES, ...top];
const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const packages = Object.keys({ ...dependencies, ...devDependencies });

/** What is made here, what stands elsewhere, or is a form for names. */
const NOT_OURS =
  /^(dist|data|out|node_modules|\.cache)\/|[<…*]|^(content|background|arrival|sw|popup|options|welcome)\.js$|^team\.yaml$|^(\/etc\/.*|distribution)\/policies\.json$|^(updates|build)\.json$/;
const PATH = /^[\w./<>…*-]+\.(tsx?|mjs|md|json|css|html|js|yaml)$/;
const isThere = (path: string): boolean =>
  NOT_OURS.test(path) || packages.includes(path) || known.some((file) => file === path || file.endsWith(`/${path}`));
const isFolder = (path: string): boolean => known.some((file) => `/${file}`.includes(`/${path.replace(/\/$/, '')}/`));

const DOCUMENTS = known.filter((file) => file.endsWith('.md'));
test.each(DOCUMENTS)('%s names what is there', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  const quoted = [...text.matchAll(/`([^`\s]+)`/g)].map(([, word]) => word ?? '');
  const files = quoted.filter((word) => PATH.test(word));
  const folders = quoted.filter((word) => /^(src|server|tests|bench|scripts|docs)\/[\w/-]*$/.test(word));
  expect(files.filter((file) => !isThere(file))).toEqual([]);
  expect(folders.filter((folder) => !isFolder(folder))).toEqual([]);
});

/** What a heading is called in an address, by GitHub as by VitePress, where it has words and spaces alone. */
const addressOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s+/g, '-');
const headingsOf = (document: string): string[] =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    addressOf(heading ?? ''),
  );
/** Where a link of a document leads in this tree; what begins with `/` stands in the front matter of a page of the site. */
const targetOf = (document: string, path: string): string => {
  if (path === '') return document;
  return path.startsWith('/') ? `docs${path}.md` : posix.join(posix.dirname(document), decodeURIComponent(path));
};

test.each(DOCUMENTS)('each link of %s leads to a file and a heading that are there', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  const inText = text.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)/g);
  const inMarkup = text.matchAll(/(?:src="(?!\w+:)|link: (?=\/))([^"#\s},]+)/g);
  const wrong = [...inText, ...inMarkup].filter(([, path = '', heading]) => {
    const target = targetOf(document, path);
    return !known.includes(target) || (heading !== undefined && !headingsOf(target).includes(heading));
  });
  expect(wrong.map(([link]) => link)).toEqual([]);
});

test('comments name files that are there', () => {
  const wrong = FILES.filter((file) => /\.(tsx?|mjs)$/.test(file)).flatMap((file) => {
    const comments = parseSync(file, readFileSync(join(root, file), 'utf8')).comments.map(({ value }) => value);
    const named = [...comments.join('\n').matchAll(/(?<![\w./>-])[\w/-]+\.(?:tsx?|mjs|md)\b/g)].map(([name]) => name);
    return named.filter((name) => !isThere(name)).map((name) => `${file}: ${name}`);
  });
  expect(wrong).toEqual([]);
});
