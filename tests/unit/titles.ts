// The titles of the tests that a file runs, read from its syntax: words in a comment and tests that are skipped are none.
import { parseSync } from 'vite';

interface Node {
  type: string;
  [key: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** `test.runIf(x).each(y)` → `['test', 'runIf', 'each']` */
function chain(callee: unknown): string[] {
  if (!isNode(callee)) return [];
  if (callee.type === 'Identifier') return [String(callee.name)];
  if (callee.type === 'CallExpression') return chain(callee.callee);
  if (callee.type === 'TaggedTemplateExpression') return chain(callee.tag);
  if (callee.type === 'MemberExpression') return [...chain(callee.object), ...chain(callee.property)];
  return [];
}

/** The words of a literal or of a template, with `…` where something is put in. */
function words(title: unknown): string | undefined {
  if (!isNode(title)) return undefined;
  if (title.type === 'Literal') return String(title.value);
  if (title.type === 'TemplateLiteral')
    return (title.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('…');
  return undefined;
}

/** The first words of each row of an `each` that stands in place; `['']` where there is none. */
function rowsOf(callee: unknown): string[] {
  if (!isNode(callee) || callee.type !== 'CallExpression' || chain(callee.callee).at(-1) !== 'each') return [''];
  const [table] = callee.arguments as unknown[];
  if (!isNode(table) || table.type !== 'ArrayExpression') return [''];
  const firsts = (table.elements as unknown[]).map((row) =>
    words(isNode(row) && row.type === 'ArrayExpression' ? (row.elements as unknown[])[0] : row),
  );
  return firsts.map((first) => first ?? '');
}

/** @returns the title of each test in `text` that runs and must pass, after the titles of what it stands in */
export function titlesIn(path: string, text: string): string[] {
  const titles: string[] = [];
  const visit = (value: unknown, within: string): void => {
    if (Array.isArray(value)) for (const one of value) visit(one, within);
    if (!isNode(value)) return;
    let inside = within;
    if (value.type === 'CallExpression') {
      const names = chain(value.callee);
      if (names[0] === 'test' || names[0] === 'describe') {
        if (names.some((name) => /^(skip|skipIf|todo|fails)$/.test(name))) return;
        const [title, body] = value.arguments as unknown[];
        const own = body === undefined ? undefined : words(title);
        if (own !== undefined && names[0] === 'test')
          titles.push(...rowsOf(value.callee).map((row) => within + own.replace('%s', row || '%s')));
        if (own !== undefined) inside = `${within}${own} `;
      }
    }
    for (const [key, child] of Object.entries(value)) if (key !== 'parent') visit(child, inside);
  };
  visit(parseSync(path, text).program, '');
  return titles;
}
