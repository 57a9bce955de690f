import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { scriptNames } from './scripts/vite/classic-script.ts';

// How long a test may take is no assertion: these bounds end what hangs, also on a machine that is busy with other things.
// Unit tests share the modules of their worker: a process for each file would take as long as the tests. What a file changes of a
// module it puts back.
export const unitTests = {
  name: 'unit',
  maxWorkers: 2,
  include: ['tests/unit/**/*.test.ts'],
  testTimeout: 30_000,
  hookTimeout: 30_000,
  isolate: false,
  // Most of what a test makes is gone before the next: with more room for what is new, much less is moved about.
  execArgv: ['--max-semi-space-size=32'],
  globalSetup: 'tests/unit/temporary.ts',
};
// After those. Much of what they do is waiting, for a dead half second, a page that thinks or another process: two cores have work for
// four. With five a run took no less time, and pages were looked at later.
const afterwards = { maxWorkers: 4, sequence: { groupOrder: 1 }, testTimeout: 300_000, hookTimeout: 300_000 };
const browserTests = { ...afterwards, globalSetup: 'tests/e2e/companion.ts' };

/**
 * Files that take a minute or more begin first, the longest one before all: begun last, each would run alone. By their size, by which a
 * first run would go, some of these would be the last.
 */
const LONG = [
  'e2e/sign-in',
  'e2e/vault',
  'sites/engine',
  'faults/remembered',
  'e2e/remembered',
  'faults/faults',
  'e2e/extension',
  'faults/schedules',
  'sites/races',
  'faults/expiry',
  'sites/apps',
  'e2e/engines',
  'e2e/workstations',
  'sites/outcomes-told',
  'sites/steps',
  'sites/elsewhere',
  'e2e/team',
  'e2e/phone-states',
  'parties/parties',
  'sites/inside',
  'e2e/phone-page',
  'sites/corpus',
  'e2e/first-run',
  'e2e/phone-sizes',
  'e2e/loading',
  'e2e/split-key',
  'e2e/store',
  'e2e/docs',
  'e2e/providers',
];
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  plugins: [scriptNames],
  define: { DEFAULT_COMPANION: JSON.stringify('http://localhost:8787'), KNOWN_PHONE_PAGES: '[]' },
  // The real one refuses to be loaded outside an extension.
  resolve: { alias: { 'webextension-polyfill': `${import.meta.dirname}/tests/fakes/browser.ts` } },
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: unitTests },
      // The same, but through the companion's sockets, against its store: whoever edits the extension need not wait for them.
      { extends: true, test: { ...unitTests, name: 'companion', include: ['tests/companion/**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'redis', include: ['tests/redis/**/*.test.ts', 'tests/faults/schedules.test.ts'], ...afterwards },
      },
      { extends: true, test: { name: 'operate', include: ['tests/operate/**/*.test.ts'], ...afterwards } },
      { extends: true, test: { name: 'hostile', include: ['tests/hostile/**/*.test.ts'], ...afterwards } },
      { extends: true, test: { name: 'e2e', include: ['tests/{e2e,parties}/**/*.test.ts'], ...browserTests } },
      {
        extends: true,
        test: {
          name: 'sites',
          include: ['tests/sites/{engine,inside,elsewhere,outcomes-told,steps,races,apps,corpus}.test.ts'],
          ...browserTests,
        },
      },
      { extends: true, test: { name: 'shared-apps', include: ['tests/sites/shared-apps.test.ts'], ...browserTests } },
      {
        extends: true,
        test: { name: 'faults', include: ['tests/faults/{expiry,faults,remembered}.test.ts'], ...browserTests },
      },
    ],
  },
});
