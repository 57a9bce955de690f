// The rooms of the house and their order: one table, that the rule and its test read. A room may import what it names and whatever that may
// import, nothing else; a file stands in the room with the longest name that fits, so a file can be a room of its own (the entries).
import { dirname } from 'node:path/posix';
import { type Graph, graphOf, type Tree } from './imports.ts';

export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/protocol': [],
  'src/ui/locales': ['src/protocol'],
  'src/ui': ['src/ui/locales'],

  'src/extension': ['src/protocol'],
  'src/background': ['src/extension'],
  'src/content': ['src/extension'],
  'src/popup': ['src/extension', 'src/ui'],

  'src/phone/parts': ['src/ui'],
  'src/phone/shell': ['src/phone/parts'],
  'src/phone/vault': ['src/phone/shell'],
  'src/phone/pairing': ['src/phone/vault'],
  'src/phone/transfer': ['src/phone/pairing'],
  'src/phone/sign-in': ['src/phone/transfer'],
  'src/phone/screens': ['src/phone/sign-in'],
  'src/phone': ['src/phone/screens'],

  'src/sign-in': ['src/ui'],

  'server/http': ['src/protocol', 'src/ui/locales'],
  'server/store': ['server/http'],
  'server/push': ['server/store'],
  'server/backup': ['server/store'],
  'server/relay': ['server/push'],
  'server/team/providers': ['server/backup', 'server/relay'],
  'server/team': ['server/team/providers'],
  'server/team/routes': ['server/team'],
  'server/team/team-app.ts': ['server/team/routes'],
  'server/operate': ['server/team/team-app.ts'],
  server: ['server/operate'],
};

/** @returns the room that a file stands in, '' where it stands in none */
export function roomOf(path: string): string {
  const fits = Object.keys(ROOMS).filter((room) => path === room || path.startsWith(`${room}/`));
  return fits.toSorted((a, b) => b.length - a.length)[0] ?? '';
}

/** Every room that `room` may import: what it names, and all below. */
export function below(room: string): Set<string> {
  const direct = ROOMS[room] ?? [];
  return new Set([...direct, ...direct.flatMap((one) => [...below(one)])]);
}

/** @returns each forbidden import as `from → to`, sorted; a file in no room may import nothing, and no room may import it */
export function forbidden(tree: Tree, graph: Graph = graphOf(tree)): string[] {
  const found: string[] = [];
  for (const [from, targets] of graph) {
    const room = roomOf(from);
    const allowed = below(room).add(room);
    // What no parser reads (a picture, a manifest) decides nothing.
    for (const to of targets)
      if (room === '' || (!allowed.has(roomOf(to)) && /\.([cm]?[jt]sx?|css)$/.test(to))) found.push(`${from} → ${to}`);
  }
  return found.sort();
}

/** @returns for each file the folder it counts for; an entry, which nobody imports, and a room of one file count for themselves */
export function folderOf(graph: Graph): (path: string) => string {
  const imported = new Set([...graph.values()].flatMap((targets) => [...targets]));
  return (path) => (imported.has(path) && !(path in ROOMS) ? dirname(path) : path);
}
