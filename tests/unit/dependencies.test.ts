// Each dependency is used, stands where it belongs, and has its line in docs/dependencies.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifest: { scripts: Record<string, string> } & Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
> = JSON.parse(read('package.json'));
const { dependencies, devDependencies } = manifest;

const sourcesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name))
    .map((name) => read(join(folder, name)));
const shipped = ['src', 'server'].flatMap(sourcesIn);
const settings = readdirSync(root).filter((name) => /^[\w.]+\.(ts|json)$/.test(name) && !name.startsWith('package'));
const all = [...shipped, ...['tests', 'bench', 'scripts'].flatMap(sourcesIn), ...settings.map(read)];

const escaped = (name: string): string => name.replace(/[.+]/g, '\\$&');
/** Whether a source names the package, or a file of it, as a string. */
const named = (name: string, sources: readonly string[]): boolean =>
  sources.some((text) => new RegExp(`['"\`]${escaped(name)}(/[^'"\`]*)?['"\`]`).test(text));
/** Whether what is shipped imports more of it than its types. */
const imported = (name: string): boolean =>
  shipped.some((text) =>
    new RegExp(`(^(import|export) (?!type )[^;]*from |^import |\\bimport\\()'${escaped(name)}(/[^']*)?'`, 'm').test(
      text,
    ),
  );
/** Whether a command that the package brings is called by name. */
const called = (name: string): boolean => {
  const { bin = {} } = JSON.parse(read(`node_modules/${name}/package.json`));
  const commands = typeof bin === 'string' ? [name] : Object.keys(bin);
  const scripts = Object.values(manifest.scripts).flatMap((line) => line.split(' '));
  return commands.some(
    (one) => scripts.includes(one) || named(one, all) || all.some((text) => text.includes(`.bin/${one}'`)),
  );
};
const used = (name: string): boolean => {
  // It finds its own plugins.
  if (name.startsWith('@size-limit/')) return 'size-limit' in manifest;
  const typed = /^@types\/(.+)$/.exec(name)?.[1];
  return typed === undefined ? named(name, all) || called(name) : named(typed, all);
};

describe('dependencies', () => {
  test('each of them is used', () => {
    expect(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !used(name))).toEqual([]);
  });

  test('what is shipped is a dependency, and nothing else is', () => {
    expect(Object.keys(dependencies).filter((name) => !imported(name))).toEqual([]);
    expect(Object.keys(devDependencies).filter(imported)).toEqual([]);
  });

  test('each has one line in docs/dependencies.md, in the order of package.json', () => {
    const rows = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
    expect(rows).toEqual([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
  });

  const lock: { packages: Record<string, { integrity?: string; hasInstallScript?: true; license?: string }> } =
    JSON.parse(read('package-lock.json'));
  const { '': _ours, ...packages } = lock.packages;

  test('each package of the lock file has its hash, and none runs anything by being installed but by name', () => {
    const named = (path: string): string => path.split('node_modules/').at(-1) ?? path;
    const { allowScripts } = JSON.parse(read('package.json'));
    expect(Object.keys(packages).filter((path) => !/^sha512-/.test(packages[path]?.integrity ?? ''))).toEqual([]);
    const runs = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript);
    expect(runs.filter((path) => !(named(path) in allowScripts))).toEqual([]);
  });

  test('each package of the lock file may be used and passed on by anybody, by its own licence', () => {
    const FREE =
      /^(MIT|MIT-0|ISC|0BSD|BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|Python-2\.0|Zlib|MPL-2\.0|WTFPL|CC BY-SA 4\.0)$/;
    const isFree = (licence: string): boolean =>
      licence
        .replace(/[()]/g, '')
        .split(' OR ')
        .some((choice) => choice.split(' AND ').every((one) => FREE.test(one)));
    // Two of Passport's and one of Buttercup's, which are older than the field.
    const elsewhere: Record<string, string> = {
      'node_modules/dom-walk': 'package.json',
      'node_modules/passport-strategy': 'package.json',
      'node_modules/pause': 'Readme.md',
    };
    const saysSo = (path: string): boolean =>
      elsewhere[path] !== undefined && /\bMIT\b/.test(read(`${path}/${elsewhere[path]}`));
    expect(Object.keys(packages).filter((path) => !isFree(packages[path]?.license ?? '') && !saysSo(path))).toEqual([]);
  });
});
