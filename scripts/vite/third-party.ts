// Whose code a build has in it, from the bundler's own list of modules, and under which licences: each part ships that list with itself.
// What has no licence, or one under which it may not be passed on, is not built.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const ROOT = join(import.meta.dirname, '../..');
export const LIST = 'THIRD-PARTY.md';

/** Licences that ask for no more than their own text beside the code; and one that asks to say where its source is. */
const PASSED_ON = /^(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|CC0-1\.0|Zlib|MPL-2\.0)$/;
/** Says that it is under the MIT licence, and brings no text of it: that of our own is the same. */
const WITHOUT_TEXT = ['dingtalk-jsapi'];

/** What the bundler writes itself, by the beginning of its name for it. */
const OWN = { vite: /^\0vite\//, rolldown: /^\0rolldown\/|^\0@oxc/ };
/** Tables in src/ that scripts/ makes of a package. */
const TABLES = { unhomoglyph: /\/confusables\.ts$/ };

/** @param id of a module, as the bundler has it @returns the folder in node_modules that it lies in, or the package that made it */
export function packageOf(id: string): string | undefined {
  const inside = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
  return inside ?? Object.entries({ ...OWN, ...TABLES }).find(([, made]) => made.test(id))?.[0];
}

interface Licensed {
  name: string;
  version: string;
  licence: string;
  /** Whole, with its copyright lines. */
  text: string;
}

/** @throws Error where a package has no licence that lets it be passed on, or its text is not there */
export function licenceOf(name: string, folder = join(ROOT, 'node_modules', name)): Licensed {
  const { version, license, repository, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const licence = String(license ?? '')
    .replace(/[()]/g, '')
    .split(' OR ')
    .find((choice) => PASSED_ON.test(choice));
  if (licence === undefined) throw new Error(`${name} may not be passed on: its licence is "${license ?? 'none'}".`);
  if (licence === 'MPL-2.0') {
    const source = String(repository?.url ?? repository).replace(/^git\+|\.git$/g, '');
    const text = `Mozilla Public License, version 2.0 (https://mozilla.org/MPL/2.0/). Its source, of which nothing was changed: ${source}`;
    return { name, version, licence, text };
  }
  if (licence === 'MIT' && WITHOUT_TEXT.includes(name)) {
    const ours = readFileSync(join(ROOT, 'LICENSE'), 'utf8').trim();
    const text = ours.replace(/^Copyright.*$/m, `Copyright (c) ${author?.name ?? author ?? `the authors of ${name}`}`);
    return { name, version, licence, text };
  }
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (file === undefined) throw new Error(`${name} does not bring the text of its licence.`);
  // What Vite itself is bundled of is in no build.
  const [text = ''] = readFileSync(join(folder, file), 'utf8').split(/^# Licenses of bundled dependencies/m);
  return { name, version, licence, text: text.trim() };
}

const isCopyright = (line: string): boolean => /^\s*Copyright (?!notice|license|holders)/.test(line);

/** @param names of packages @returns each with its version and licence, then each text once, under the copyright lines of all that have it */
export function thirdParty(names: Iterable<string>): string {
  const all = [...new Set(names)].sort().map((name) => licenceOf(name));
  const byText = Map.groupBy(all, ({ text }) =>
    text
      .split('\n')
      .filter((line) => !isCopyright(line) && !/^(the )?(mit|isc) license( \(mit\))?:?$/i.test(line.trim()))
      .join(' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  const rows = all.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  const texts = [...byText].map(([text, those]) => {
    const owners = those.map(({ name, text: whole }) => {
      const lines = whole.split('\n').filter(isCopyright);
      return `- ${name}: ${lines.map((line) => line.trim()).join('; ') || 'as below'}`;
    });
    return `${owners.join('\n')}\n\n\`\`\`text\n${text.replace(/(.{1,120})(?: |$)/g, '$1\n').trim()}\n\`\`\``;
  });
  return `# Code of others\n\n| package | version | licence |\n|---|---|---|\n${rows.join('\n')}\n\n${texts.join('\n\n')}\n`;
}

/** Writes the list of one part beside it, whatever builds within that build there are. */
export function thirdPartyList(): Plugin {
  const names = new Set<string>();
  return {
    name: 'third-party',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === 'chunk')
          for (const id of file.moduleIds) {
            const name = packageOf(id);
            if (name) names.add(name);
          }
    },
    writeBundle({ dir = '' }) {
      writeFileSync(join(dir, LIST), thirdParty(names));
    },
  };
}

/** The list of all parts in `dist`, for the repository. */
export function wholeList(dist: string, parts: readonly string[]): string {
  const lists = parts.map((part) => join(dist, part, LIST)).filter((path) => existsSync(path));
  const names = lists.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/^\| (\S+) \| \d/gm)].map(([, name]) => name ?? ''),
  );
  return thirdParty(names);
}
