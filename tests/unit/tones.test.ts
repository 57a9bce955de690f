// What the sign of an end says: it never contradicts how the sign-in went.
import { CircleSlash, Hand, ShieldAlert } from 'lucide';
import { expect, test } from 'vitest';
import { RESULTS } from '../../src/protocol/outcomes.ts';
import { iconOf, toneOf } from '../../src/ui/tones.ts';

test.each([
  ['signed-in', 'done'],
  ['saved', 'done'],
  ['more', 'turn'],
  ['cannot-tell', 'turn'],
  ['not-sent', 'turn'],
  ['entered', 'turn'],
  ['refused', 'stopped'],
  ['not-filled', 'stopped'],
] as const)('a sign-in that ended as "%s" is %s', (result, tone) => {
  expect(toneOf({ state: 'done', result })).toBe(tone);
});

test('nothing is green that nobody could see', () => {
  for (const result of RESULTS) expect(toneOf({ state: 'done', result, code: 'unseen' }), result).not.toBe('done');
});

test('one’s own denial is no danger; a connection that does not match the code is', () => {
  expect((['denied', 'cancelled', 'expired'] as const).map((state) => toneOf({ state }))).toEqual(
    Array(3).fill('stopped'),
  );
  expect(toneOf({ state: 'failed', code: 'key-mismatch' })).toBe('danger');
  expect((['denied', 'cancelled', 'expired'] as const).map((state) => iconOf({ state }))).toEqual([
    Hand,
    Hand,
    CircleSlash,
  ]);
  expect(iconOf({ state: 'failed', code: 'key-mismatch' })).toBe(ShieldAlert);
});
