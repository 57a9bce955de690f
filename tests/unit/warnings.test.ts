// What is told over the list of accounts.
import { expect, test } from 'vitest';
import { warningsOf } from '../../src/phone/screens/accounts/warnings.ts';

const NOW = Date.UTC(2026, 1, 1);
const DAY = 86_400_000;
const nothing = { tie: undefined, weak: false, older: false, standing: { at: NOW } };
const tie = { by: 'key', name: '', at: 1 } as const;

test.each([
  [{}, []],
  [{ standing: { at: NOW - 8 * DAY } }, []],
  [{ standing: { at: NOW - 6 * DAY, problem: 'unreachable' } }, []],
  [{ standing: { at: 0, problem: 'unreachable' } }, []],
  [{ standing: { at: NOW - 8 * DAY, problem: 'unreachable' } }, ['late']],
  [{ standing: { at: NOW, problem: 'backup-damaged' } }, ['backup']],
  // What stands until the page is left hides nothing.
  [{ weak: true, older: true, standing: { at: NOW - 8 * DAY, problem: 'unreachable' } }, ['weak', 'older', 'late']],
  [{ tie, weak: true, standing: { at: NOW, problem: 'backup-older' } }, ['tie', 'weak', 'backup']],
] as const)('of %j is told %j', (what, told) => {
  expect(warningsOf({ ...nothing, ...what }, NOW).map(({ of }) => of)).toEqual(told);
});
