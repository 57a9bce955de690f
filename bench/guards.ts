// `npm run bench -- guards [FILE…] [--json]`: takes the guards out one by one, and tells which of them no unit test misses. Each
// condition is made true, then false; of `a && b` and `a || b` each part is left out. No file is written: the change is made where
// vitest reads the module.
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Plugin, parseSync } from 'vite';
import { createVitest } from 'vitest/node';
import { type Graph, graphOf, readTree } from '../tests/unit/imports.ts';
import config, { unitTests } from '../vitest.config.ts';

/**
 * Where a guard that nobody misses would cost most: the pure machine, pairing, what a tap gives, targets, addresses, identities. What
 * only a browser can look at (src/content/fill/check.ts) is held by tests/sites.
 */
const GUARDED = [
  'src/protocol/session/{answer,common,browser,phone,conversation}.ts',
  'src/protocol/{pairing,proximity}.ts',
  'src/phone/sign-in/{answers,choice,dead-time}.ts',
  'src/background/{delivery,effects,http-auth,page-messages,steps}.ts',
  'src/content/fill/{guard,values}.ts',
  'src/content/recognise/target.ts',
  'server/http/{addresses,limits,origins}.ts',
  'server/backup/backups.ts',
  'server/team/{attempts,people,sign-ins,signed-events,split-keys,visits}.ts',
  'server/team/issuer/{accounts,bounds,keys,policy}.ts',
];
/** A run ends here, and says what it has not tried. */
const MOST_CHANGES = 2_000;
const MOST_MS = 2 * 3_600_000;
/** A change may lead into a loop without end: its condition throws after that, and a worker that hangs all the same ends the run. */
const LOOP_SECONDS = 100;
const HUNG_MS = 180_000;
/** Where a run has come to no result, it is begun again. */
const MOST_RUNS = 3;

type Node = Record<string, unknown> & { type: string; start: number; end: number };
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** `text` in place of what stands from `start` to `end`; `says` it to a person. */
interface Change {
  line: number;
  start: number;
  end: number;
  text: string;
  says: string;
}

const isLogic = ({ type, operator }: Node): boolean => type === 'LogicalExpression' && operator !== '??';
const isNot = ({ type, operator }: Node): boolean => type === 'UnaryExpression' && operator === '!';
const compares = ({ type, operator }: Node): boolean =>
  type === 'BinaryExpression' && /^([!=]==?|[<>]=?|in|instanceof)$/.test(String(operator));

/** `a`, `b` and `c` of `a && b && c`. */
const partsOf = (node: Node, operator = node.operator): Node[] =>
  node.type === 'LogicalExpression' && node.operator === operator
    ? [node.left, node.right].flatMap((side) => partsOf(side as Node, operator))
    : [node];

/** @returns every way to take a guard out of a source file, in the order of its lines */
export function changesIn(path: string, source: string): Change[] {
  const changes: Change[] = [];
  const of = ({ start, end }: Node): string => source.slice(start, end);
  const change = (node: Node, text: string, how: string): void => {
    const { start, end } = node;
    const short = (said: string): string => said.replace(/\s+/g, ' ').replace(/^(.{60}).{8,}(.{20})$/, '$1 … $2');
    const says = `${short(of(node))} ${short(how)}`;
    changes.push({ line: source.slice(0, start).split('\n').length, start, end, text, says });
  };
  /** Whether what a function gives is a decision: by its type, or by what it is handed to. */
  const decides = ({ returnType }: Node, parent: Node): boolean =>
    (isNode(returnType) && /^:\s*(boolean|Promise<boolean>|\w+ is )/.test(of(returnType))) ||
    (isNode(parent.callee) && /\.(filter|some|every|find\w*)$/.test(of(parent.callee)));

  const visit = (node: Node, key: string, parent: Node, grandparent: Node, given: boolean): void => {
    const isTest = key === 'test' && /^(If|While)Statement|^ConditionalE/.test(parent.type);
    const isGiven =
      given &&
      ((key === 'argument' && parent.type === 'ReturnStatement') ||
        (key === 'body' && parent.type === 'ArrowFunctionExpression' && node.type !== 'BlockStatement'));
    const stands =
      (compares(node) || isLogic(node) || isNot(node)) && key !== 'test' && !isLogic(parent) && !isNot(parent);
    if ((isTest || isGiven || stands) && node.type !== 'Literal') {
      // `...(x ? { x } : {})` leaves out what is not there; to put it in as undefined is the same.
      const leavesOut = isTest && grandparent.type === 'SpreadElement' && of(parent.alternate as Node) === '{}';
      for (const value of leavesOut ? ['false'] : ['true', 'false']) change(node, value, `→ ${value}`);
    }
    if (isLogic(node) && parent.operator !== node.operator) {
      const parts = partsOf(node);
      for (const part of parts) {
        const rest = parts.filter((one) => one !== part).map((one) => `(${of(one)})`);
        change(node, rest.join(` ${node.operator} `), `without ${of(part)}`);
      }
    }
    const within = /Function/.test(node.type) ? decides(node, parent) : given;
    for (const [name, child] of Object.entries(node))
      for (const one of [child].flat()) if (isNode(one)) visit(one, name, node, parent, within);
  };
  const { program } = parseSync(path, source, { preserveParens: false });
  const top = program as unknown as Node;
  visit(top, '', top, top, false);
  return changes.sort((a, b) => a.start - b.start);
}

/** @returns the unit tests that import `path` by any way, those with the shortest first */
function testsOf(graph: Graph, path: string): string[] {
  const found = new Set([path]);
  for (const one of found) for (const [from, targets] of graph) if (targets.has(one)) found.add(from);
  return [...found].filter((one) => /^tests\/unit\/.*\.test\.ts$/.test(one));
}

/** How it went with the guards of one file. */
interface Figures {
  changes: number;
  noticed: number;
  notTried: number;
  /** `line: condition  how it was changed` */
  unnoticed: string[];
}

/** Vitest with the unit tests, in which one file may be another than on the disk. */
async function changeable(root: string) {
  let current: { file: string; change: Change } | undefined;
  const guards: Plugin = {
    name: 'guards',
    enforce: 'pre',
    transform(code, id) {
      if (id !== current?.file) return undefined;
      const { start, end, text } = current.change;
      const bounded = `(process.uptime() - guardSince > ${LOOP_SECONDS} ? (() => { throw new Error('a loop without end'); })() : (${text}))`;
      return `var guardSince = process.uptime(); ${code.slice(0, start)}${bounded}${code.slice(end)}`;
    },
  };
  const vitest = await createVitest(
    // What is changed lies in no cache, and a thread ends with its process, even in a loop.
    { root, config: false, watch: false, bail: 1, reporters: [{}], fsModuleCache: false, pool: 'threads' },
    {
      ...config,
      plugins: [...(config.plugins ?? []), guards],
      // A thread takes no flags of the engine; one alone loads what its tests share once.
      test: {
        ...unitTests,
        include: ['tests/{unit,companion}/**/*.test.ts'],
        execArgv: [],
        testTimeout: 10_000,
        maxWorkers: 1,
      },
    },
  );
  const all = await vitest.globTestSpecifications();
  return {
    close: () => vitest.close(),
    put(file: string, change: Change): void {
      current = { file, change };
      vitest.invalidateFile(file);
    },
    /** @returns whether one of the tests fails */
    async fails(tests: readonly string[]): Promise<boolean> {
      const asked = all.filter(({ moduleId }) => tests.includes(relative(root, moduleId)));
      if (asked.length === 0) return false;
      // What a failure ends may be the next run, which has then neither failed nor run.
      for (let again = 0; again < MOST_RUNS; again++) {
        const { testModules, unhandledErrors } = await vitest.runTestSpecifications(asked);
        if (testModules.some((one) => one.state() === 'failed')) return true;
        if (unhandledErrors.length === 0 && testModules.every((one) => one.state() === 'passed')) return false;
      }
      return true;
    },
  };
}

const row = (name: string, { noticed, changes, notTried }: Omit<Figures, 'unnoticed'>): string =>
  `${name.padEnd(44)} ${noticed} of ${changes} noticed (${Math.floor((100 * noticed) / Math.max(1, changes))} %)${notTried > 0 ? `, ${notTried} not tried` : ''}`;

/**
 * Tries every change in the files that `patterns` name, in those of GUARDED where there is none.
 * @param tell hears of each change that no test has noticed, and of each file, as soon as that is known
 * @throws Error when the tests fail without any change
 */
export async function measureGuards(
  root: string,
  patterns: readonly string[],
  tell: (line: string) => void,
): Promise<Record<string, Figures>> {
  const graph = graphOf(readTree(root, ['src', 'server', 'tests']));
  const until = Date.now() + MOST_MS;
  const figures: Record<string, Figures> = {};
  let tried = 0;
  for (const path of (patterns.length > 0 ? patterns : GUARDED).flatMap((one) => globSync(one, { cwd: root }).sort())) {
    const file = join(root, path);
    const tests = testsOf(graph, path);
    const changes = changesIn(path, readFileSync(file, 'utf8'));
    const figure: Figures = { changes: changes.length, noticed: 0, notTried: 0, unnoticed: [] };
    figures[path] = figure;
    // A new one for each file: it keeps all that it has ever run.
    const { put, fails, close } = await changeable(root);
    if (changes.length > 0 && (await fails(tests))) throw new Error(`${path}: its tests fail without any change`);
    for (const change of changes) {
      if (++tried > MOST_CHANGES || Date.now() > until) {
        figure.notTried++;
        continue;
      }
      const says = `${change.line}: ${change.says}`;
      const hung = setTimeout(() => {
        tell(`${path}:${says} hangs; what comes after it was not tried`);
        process.exit(1);
      }, HUNG_MS);
      put(file, change);
      // Most is noticed by the tests that stand nearest.
      if ((await fails(tests.slice(0, 2))) || (await fails(tests.slice(2)))) figure.noticed++;
      else {
        figure.unnoticed.push(says);
        tell(`${path}:${says}`);
      }
      clearTimeout(hung);
    }
    await close();
    tell(row(path, figure));
  }
  return figures;
}

/** @returns the line for all files together */
export function sayGuards(figures: Record<string, Figures>): string {
  const all = Object.values(figures);
  const sum = (name: 'noticed' | 'changes' | 'notTried') => all.reduce((total, one) => total + one[name], 0);
  return row('all', { noticed: sum('noticed'), changes: sum('changes'), notTried: sum('notTried') });
}
