// The order of the rooms: the real tree keeps it, and a forbidden import is refused, however it is written and however deep.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circles, graphOf, loadedWith, readTree, renamed } from './imports.ts';
import { below, folderOf, forbidden, ROOMS, roomOf } from './rooms.ts';

const tree = readTree(join(import.meta.dirname, '../..'), ['src', 'server']);
const graph = graphOf(tree);

describe('the real tree', () => {
  test('has every file in a room, and every room has files', () => {
    expect([...tree.keys()].filter((path) => roomOf(path) === '')).toEqual([]);
    const inhabited = new Set([...tree.keys()].map(roomOf));
    expect(Object.keys(ROOMS).filter((room) => !inhabited.has(room))).toEqual([]);
  });

  test('imports nothing that is not there', () => {
    const scripts = [...graph].flatMap(([from, targets]) => [...targets].map((to) => [from, to] as const));
    const missing = scripts.filter(([, to]) => /\.(tsx?|mjs|css)$/.test(to) && !tree.has(to));
    expect(missing).toEqual([]);
  });

  test('has no forbidden import', () => {
    expect(forbidden(tree, graph)).toEqual([]);
  });

  test('loads no cryptography with the popup, which has to be there at once', () => {
    for (const entry of ['src/popup/popup.tsx', 'src/popup/options.tsx', 'src/content/content.ts'])
      expect([...loadedWith(tree, entry)]).not.toContain('src/protocol/seal.ts');
    expect([...loadedWith(tree, 'src/background/background.ts')]).toContain('src/protocol/seal.ts');
  });

  test('has no circle, neither between files nor between folders', () => {
    expect(circles(graph)).toEqual([]);
    expect(circles(renamed(graph, folderOf(graph)))).toEqual([]);
  });
});

describe('the rule', () => {
  const rooms = Object.keys(ROOMS);
  const isFile = (room: string) => /\.\w+$/.test(room);
  /** A file of the room, as deep in it as nothing real is. */
  const inside = (room: string, name: string) => (isFile(room) ? room : `${room}/some/inner/folder/${name}.ts`);
  const up = (room: string) => '../'.repeat(inside(room, 'a').split('/').length - 1);
  /** @returns what is refused of a tree of two files, the one importing the other by `write` */
  const planted = (from: string, to: string, write: (specifier: string) => string): string[] =>
    forbidden(
      new Map([
        [inside(from, 'planted'), write(`./${up(from)}${inside(to, 'target')}`)],
        [inside(to, 'target'), ''],
      ]),
    );
  const plain = (specifier: string) => `import { one } from '${specifier}';`;

  test('has an order: no room is below itself', () => {
    for (const room of rooms) expect(below(room), room).not.toContain(room);
    expect(
      Object.values(ROOMS)
        .flat()
        .filter((room) => !rooms.includes(room)),
    ).toEqual([]);
  });

  test.each(rooms)('refuses whatever stands not below %s, and allows what does', (from) => {
    for (const to of rooms.filter((room) => room !== from)) {
      const refused = below(from).has(to) ? [] : [`${inside(from, 'planted')} → ${inside(to, 'target')}`];
      expect(planted(from, to, plain), to).toEqual(refused);
    }
  });

  test.each([
    ['a value', plain],
    ['a type', (to: string) => `import type { One } from '${to}';`],
    ['a type in place', (to: string) => `let one: import('${to}').One;`],
    ['its effects', (to: string) => `import '${to}';`],
    ['on demand', (to: string) => `const one = await import('${to}');`],
    ['to give it on', (to: string) => `export * from '${to}';`],
    ['to give one name on', (to: string) => `export { one } from '${to}';`],
    ['a worker’s address', (to: string) => `import address from '${to}?worker&url';`],
    ['an address beside it', (to: string) => `new Worker(new URL('${to}', import.meta.url));`],
    ['with an ending of JavaScript', (to: string) => `import { one } from '${to.replace(/\.ts$/, '.js')}';`],
  ])('refuses an import of %s', (_what, write) => {
    expect(planted('src/content', 'src/background', write)).toHaveLength(1);
  });

  test('lets the background alone name the scripts that are injected, and those of the content room alone', () => {
    const named = (from: string, to: string) =>
      forbidden(
        new Map([
          [from, `import script from '${to}?script&iife';`],
          ['src/content/content.ts', ''],
          ['src/phone/phone.tsx', ''],
        ]),
      );
    expect(named('src/background/page.ts', '../content/content.ts')).toEqual([]);
    expect(named('src/popup/popup.tsx', '../content/content.ts')).toHaveLength(1);
    expect(named('src/background/page.ts', '../phone/phone.tsx')).toHaveLength(1);
  });

  test('refuses a style and a page that reach elsewhere', () => {
    const css = new Map([
      ['src/ui/a/b.css', '@import "../../popup/popup.css";'],
      ['src/popup/popup.css', ''],
    ]);
    expect(forbidden(css)).toEqual(['src/ui/a/b.css → src/popup/popup.css']);
    const page = new Map([
      ['src/sign-in/index.html', '<script type="module" src="../phone/phone.tsx"></script>'],
      ['src/phone/phone.tsx', ''],
    ]);
    expect(forbidden(page)).toEqual(['src/sign-in/index.html → src/phone/phone.tsx']);
  });

  test('refuses tests, benches and scripts inside the product', () => {
    for (const outside of ['tests/unit/hex.ts', 'bench/bench.ts', 'scripts/build.mjs'])
      expect(forbidden(new Map([['server/main.ts', `import '../${outside}';`]]))).toHaveLength(1);
  });

  test('does not take a comment for an import', () => {
    const text = "// like import('../background/background.ts')\n/* new URL('../popup/popup.tsx', import.meta.url) */";
    expect(forbidden(new Map([['src/content/content.ts', text]]))).toEqual([]);
  });
});
