// Who imports whom in a tree of sources, by a real parser, and where that runs in circles. For the rule of the rooms and `bench house`.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parseSync } from 'vite';

/** Paths from the root of the tree, with `/`, and the text of each. */
export type Tree = ReadonlyMap<string, string>;
/** For each file the files of the tree that it imports. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const SOURCE = /\.(tsx?|mts|mjs|css|html)$/;

/** @returns every source file in `folders` of the project at `root` */
export function readTree(root: string, folders: readonly string[]): Tree {
  const tree = new Map<string, string>();
  for (const folder of folders)
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !SOURCE.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      tree.set(path.slice(join(root, '/').length), readFileSync(path, 'utf8'));
    }
  return tree;
}

/** Every specifier that the text asks for: of values, of types, on demand, of workers and addresses, in styles and pages. */
function specifiers(path: string, text: string): string[] {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, one]) => one ?? '');
  if (path.endsWith('.css')) return all(/@import\s+(?:url\()?["']?([^"')\s;]+)/g);
  if (path.endsWith('.html')) return all(/<(?:script|link)\b[^>]*?\b(?:src|href)="([^"]+)"/g);
  const { module, comments } = parseSync(path, text);
  const commented = ({ index }: RegExpExecArray) => comments.some(({ start, end }) => start <= index && index < end);
  // The parser lists neither types imported in place nor addresses beside the file.
  const inPlace = [...text.matchAll(/\bimport\(\s*['"`]([^'"`]+)|new URL\(\s*['"]([^'"]+)['"],\s*import\.meta\.url/g)]
    .filter((match) => !commented(match))
    .map(([, imported, address]) => imported ?? address ?? '');
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...inPlace,
  ];
}

/** Only what is there at run time: no types, nothing that is loaded on demand. */
function loaded(path: string, text: string): string[] {
  if (!/\.(tsx?|mjs)$/.test(path)) return specifiers(path, text);
  const { staticImports, staticExports } = parseSync(path, text).module;
  const needed = staticImports.filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType));
  const givenOn = staticExports.flatMap(({ entries }) => entries).filter(({ isType }) => !isType);
  return [
    ...needed.map(({ moduleRequest }) => moduleRequest.value),
    ...givenOn.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
  ];
}

/** @returns `entry` and every file that is loaded with it, whether it is used or not */
export function loadedWith(tree: Tree, entry: string): Set<string> {
  const all = new Set([entry]);
  for (const path of all)
    for (const one of loaded(path, tree.get(path) ?? '')) {
      const target = resolved(path, one);
      if (tree.has(target)) all.add(target);
    }
  return all;
}

/** @returns the path that a specifier in `from` means, '' where it names a package */
function resolved(from: string, specifier: string): string {
  // The name of a script that the background tells the browser to inject: a text, and none of its code.
  if (from.startsWith('src/background/') && /^\.\.\/content\/[\w-]+\.ts\?script&iife$/.test(specifier)) return '';
  const bare = specifier.replace(/[?#].*$/, '');
  // A page, and what Vite serves from the root, may begin with a slash.
  if (bare.startsWith('/')) return bare.slice(1);
  if (bare.startsWith('.') || from.endsWith('.html')) return posix.join(dirname(from), bare);
  return '';
}

/** @returns who imports whom; what stands outside the tree is in it by its path, packages are not */
export function graphOf(tree: Tree): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [path, text] of tree)
    graph.set(
      path,
      new Set(
        specifiers(path, text)
          .map((one) => resolved(path, one))
          .filter(Boolean),
      ),
    );
  return graph;
}

/** @returns the same arrows between what `nameOf` calls the files, none from a name to itself */
export function renamed(graph: Graph, nameOf: (path: string) => string): Graph {
  const arrows = new Map<string, Set<string>>();
  for (const [from, targets] of graph)
    for (const to of targets) {
      if (!graph.has(to) || nameOf(from) === nameOf(to)) continue;
      arrows.set(nameOf(from), (arrows.get(nameOf(from)) ?? new Set()).add(nameOf(to)));
    }
  return arrows;
}

/** @returns each set of two and more nodes that reach one another, sorted (Tarjan, 1972) */
export function circles(graph: Graph): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    low.set(node, order.size - 1);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(node) !== order.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found.sort();
}
