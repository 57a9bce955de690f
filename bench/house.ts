// `npm run bench -- house [--tree DIR] [--report FILE…] [--json]`: how the code stands, counted from the sources of this or of another
// checkout: files by room, circles, hidden state, what an everyday change touches, copies, sizes of the bundles, times of the tests.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import { gzipSync } from 'node:zlib';
import { parseSync } from 'vite';
import { circles, graphOf, readTree, renamed, type Tree } from '../tests/unit/imports.ts';
import { folderOf, ROOMS } from '../tests/unit/rooms.ts';

/** Data that people read or that a table holds is no logic. */
const DATA = /\/locales\/|\/text\.ts$|\/reasons\.ts$|\/words\.ts$|confusables|\.d\.ts$/;
const isLogic = (path: string) => /\.tsx?$/.test(path) && !DATA.test(path);

/** What names one example of each everyday change in the code, before and after the house was put in order; where to look. */
const CHANGES: Record<string, { mark: RegExp; within?: RegExp; path?: RegExp; comments?: true }> = {
  'a language (zh-CN)': { mark: /\bzh\b|zh[-_]CN/, path: /\/zh[\w-]*[/.]/ },
  'a provider (wecom)': { mark: /wecom/i },
  'an importer (2FAS)': { mark: /2fas/i, within: /^src\/phone\// },
  'an importer with its exporter (Bitwarden)': { mark: /bitwarden/i },
  'a browser’s quirk (Firefox)': {
    mark: /firefox|gecko|moz-extension/i,
    within: /^src\/(background|popup|content|extension|protocol)\//,
    // A quirk that only a comment names is one all the same.
    comments: true,
  },
  'an error’s sentence (conflict)': {
    mark: /The sign-in was stopped because messages did not match|登录已停止/,
  },
  'a word or signal of the fill (验证码)': { mark: /验证码/, within: /^src\/content\// },
  'a screen of the phone (health)': { mark: /HealthScreen|'health'/, within: /^src\// },
  'a screen of the popup (save offer)': { mark: /<SaveOffer|function SaveOffer|\{[^}]*\bSaveOffer\b[^}]*\} from/ },
  'a message of the protocol (denied)': { mark: /literal\('denied'\)|\bt === 'denied'|\bt: 'denied'/ },
  'a storage engine (SQLite)': { mark: /openSqlite|DatabaseSync/ },
  'a setting of the companion (proxy)': { mark: /trust-proxy|proxies\b/ },
};

type Node = Record<string, unknown> & { type: string };

/** @returns the text with its comments blanked out */
function withoutComments(path: string, text: string): string {
  let bare = text;
  for (const { start, end } of parseSync(path, text).comments)
    bare = bare.slice(0, start) + bare.slice(start, end).replace(/\S/g, ' ') + bare.slice(end);
  return bare;
}

/** Module-level `let`s and exported things that change, each as `file: name`. */
function state(path: string, text: string) {
  const found = { lets: [] as string[], exportedState: [] as string[], exportedSignals: [] as string[] };
  for (const statement of parseSync(path, text).program.body as unknown as Node[]) {
    const exported = statement.type === 'ExportNamedDeclaration';
    const declared = (exported ? statement.declaration : statement) as Node | null;
    if (declared?.type !== 'VariableDeclaration' || declared.declare) continue;
    for (const one of declared.declarations as (Node & { id: Node; init: Node | null })[]) {
      const name = `${path}: ${one.id.name ?? '…'}`;
      const made = one.init && text.slice(one.init.start as number, one.init.end as number);
      if (declared.kind !== 'const') found.lets.push(name);
      if (exported && (declared.kind !== 'const' || /^new (Weak)?(Map|Set)\b[^)]*\(\)/.test(made ?? '')))
        found.exportedState.push(name);
      if (exported && /^(signal|new Signal)\b/.test(made ?? '')) found.exportedSignals.push(name);
    }
  }
  return found;
}

/** @returns how many runs of six or more equal lines (no empty ones, no imports) stand in two places, and how many lines they hold */
function duplicates(tree: Tree): { runs: number; lines: number } {
  const LEAST = 6;
  const lines = [...tree].flatMap(([path, text]) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line && !/^(import|export) .* from |^[})\];,]+$/.test(line))
      .map((line) => ({ path, line })),
  );
  const seen = new Map<string, number>();
  let [runs, held] = [0, 0];
  for (let i = 0; i + LEAST <= lines.length; ) {
    const run = lines.slice(i, i + LEAST);
    const first = run.every(({ path }) => path === run[0]?.path)
      ? seen.get(run.map(({ line }) => line).join('\n'))
      : undefined;
    for (let k = i; first === undefined && k === i; k++) seen.set(run.map(({ line }) => line).join('\n'), i);
    if (first === undefined) {
      i += 1;
      continue;
    }
    let length = LEAST;
    while (lines[i + length]?.line === lines[first + length]?.line && lines[i + length]?.path === run[0]?.path)
      length += 1;
    runs += 1;
    held += length;
    i += length;
  }
  return { runs, lines: held };
}

const median = (list: number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

/** Two steps of the path: `src/phone`, and inside of the big ones a third. */
function roomOf(path: string): string {
  const known = Object.keys(ROOMS).filter((room) => path.startsWith(`${room}/`) && !/\.\w+$/.test(room));
  return known.toSorted((a, b) => b.length - a.length)[0] ?? dirname(path);
}

function rooms(tree: Tree) {
  const lines = (paths: string[]) => {
    const counts = paths.map((path) => (tree.get(path) ?? '').trimEnd().split('\n').length);
    const longest = Math.max(...counts);
    return { files: paths.length, median: median(counts), longest, in: paths[counts.indexOf(longest)] };
  };
  const logic = [...tree.keys()].filter(isLogic).sort();
  const grouped = Object.groupBy(logic, roomOf);
  const over = logic.filter((path) => (tree.get(path) ?? '').trimEnd().split('\n').length > 400);
  return {
    all: lines(logic),
    over400: over,
    byRoom: Object.fromEntries(Object.entries(grouped).map(([room, paths]) => [room, lines(paths ?? [])])),
  };
}

/** Raw and gzipped size of every script and style of a build, under names that stay; those of the phone page also together. */
function bundles(dist: string): Record<string, { raw: number; gzip: number }> {
  const sizes: Record<string, { raw: number; gzip: number }> = {};
  const add = (name: string, bytes: Buffer) => {
    const { raw = 0, gzip = 0 } = sizes[name] ?? {};
    sizes[name] = { raw: raw + bytes.length, gzip: gzip + gzipSync(bytes, { level: 9 }).length };
  };
  for (const folder of ['chrome', 'firefox', 'phone', 'sign-in'].filter((one) => existsSync(join(dist, one))))
    for (const entry of readdirSync(join(dist, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(js|css)$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      add(`${path.slice(dist.length + 1).replace(/-[\w-]{8}(\.\w+)$/, '$1')}`, bytes);
      add(`${folder}, all`, bytes);
    }
  const page = join(dist, 'phone/index.html');
  if (existsSync(page))
    for (const [, name] of readFileSync(page, 'utf8').matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.(?:js|css))"/g))
      add('phone, before its first paint', readFileSync(join(dist, 'phone', name ?? '')));
  return sizes;
}

/** Reads what `vitest --reporter=json` wrote: tests, and seconds by file, the longest first. */
function times(report: string) {
  const { numPassedTests, numFailedTests, startTime, testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    startTime: number;
    testResults: { name: string; startTime: number; endTime: number }[];
  };
  const files = testResults.map(
    ({ name, startTime: from, endTime: to }) => [name.replace(/^.*\/tests\//, ''), (to - from) / 1000] as const,
  );
  const seconds = (Math.max(...testResults.map(({ endTime }) => endTime)) - startTime) / 1000;
  return {
    passed: numPassedTests,
    failed: numFailedTests,
    seconds,
    files: Object.fromEntries(files.toSorted((a, b) => b[1] - a[1])),
  };
}

/**
 * @param root of the checkout
 * @param reports of vitest, where the times of the tests are wanted
 */
export function measureHouse(root: string, reports: readonly string[] = []) {
  const product = readTree(root, ['src', 'server']);
  const sources = new Map([...product].filter(([path]) => /\.tsx?$/.test(path)));
  const graph = graphOf(product);
  const found = [...sources].filter(([path]) => !path.endsWith('.d.ts')).map(([path, text]) => state(path, text));
  const lets = found.flatMap((one) => one.lets);
  const imported = new Set([...graph.values()].flatMap((targets) => [...targets]));
  const code = new Map([...sources].map(([path, text]) => [path, withoutComments(path, text)]));
  for (const path of ['scripts', 'vite.config.ts', 'manifest.json', 'src/ui/_locales']
    .map((one) => join(root, one))
    .filter(existsSync))
    for (const file of statSync(path).isFile()
      ? [path]
      : readdirSync(path, { recursive: true, encoding: 'utf8' }).map((one) => join(path, one)))
      if (statSync(file).isFile()) code.set(file.slice(root.length + 1), readFileSync(file, 'utf8'));
  const touched = Object.entries(CHANGES).map(([change, { mark, within = /^/, path, comments }]) => {
    const files = [...code]
      .filter(
        ([name, text]) => within.test(name) && (mark.test((comments && product.get(name)) || text) || path?.test(name)),
      )
      .map(([name]) => name);
    return [
      change,
      { files: files.length, folders: new Set(files.map((one) => dirname(one))).size, where: files.sort() },
    ] as const;
  });
  return {
    ...rooms(product),
    circles: { files: circles(graph), folders: circles(renamed(graph, folderOf(graph))) },
    lets: { all: lets, outsideEntries: lets.filter((one) => imported.has(one.slice(0, one.indexOf(':')))) },
    exportedState: found.flatMap((one) => one.exportedState),
    exportedSignals: found.flatMap((one) => one.exportedSignals),
    touched: Object.fromEntries(touched),
    duplicates: {
      product: duplicates(sources),
      withTests: duplicates(new Map([...sources, ...readTree(root, ['tests', 'bench'])])),
    },
    bundles: bundles(join(root, 'dist')),
    tests: reports.map(times),
  };
}

/** The same for people. */
export function sayHouse(house: ReturnType<typeof measureHouse>): string {
  const row = (name: string, value: string | number) => `${name.padEnd(44)} ${value}`;
  const counted = (list: readonly unknown[]) => `${list.length}${list.length ? `  (${list.join(', ')})` : ''}`;
  const kib = (bytes: number) => (bytes / 1024).toFixed(1).padStart(7);
  return [
    row(
      'logic files',
      `${house.all.files}, median ${house.all.median} lines, longest ${house.all.longest} (${house.all.in})`,
    ),
    row('  over 400 lines', counted(house.over400)),
    ...Object.entries(house.byRoom).map(([room, one]) =>
      row(`  ${room}`, `${one.files}, median ${one.median}, longest ${one.longest} (${one.in})`),
    ),
    row('circles between files', counted(house.circles.files)),
    row('circles between folders', counted(house.circles.folders.map((one) => one.join(' ↔ ')))),
    row('module-level lets', house.lets.all.length),
    row('  outside entry files', counted(house.lets.outsideEntries)),
    row('exported mutable state', counted(house.exportedState)),
    row('exported signals', house.exportedSignals.length),
    ...Object.entries(house.touched).map(([change, one]) =>
      row(`touched: ${change}`, `${one.files} in ${one.folders} folders  (${one.where.join(', ')})`),
    ),
    row(
      'runs of six and more equal lines',
      `${house.duplicates.product.runs} of ${house.duplicates.product.lines} lines; with tests ${house.duplicates.withTests.runs} of ${house.duplicates.withTests.lines}`,
    ),
    ...Object.entries(house.bundles).map(([name, { raw, gzip }]) =>
      row(name, `${kib(raw)} KiB raw ${kib(gzip)} KiB gzip`),
    ),
    ...house.tests.flatMap(({ passed, failed, seconds, files }) => [
      row('tests', `${passed} passed, ${failed} failed in ${seconds.toFixed(0)} s`),
      ...Object.entries(files)
        .slice(0, 40)
        .map(([name, one]) => row(`  ${name}`, `${one.toFixed(1)} s`)),
    ]),
  ].join('\n');
}
