// When the popup closes by itself: after an end, and not for somebody who has done something since.
import { type Signal, signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeWhenOver } from '../../src/popup/closing.ts';

const close = vi.fn();
let root: EventTarget;
let over: Signal<boolean>;
/** The popup's clock, which every frame is made by. */
let now: Signal<number>;

beforeEach(() => {
  vi.useFakeTimers();
  close.mockReset();
  root = new EventTarget();
  over = signal(false);
  now = signal(0);
  vi.stubGlobal('document', { documentElement: root });
  vi.stubGlobal('window', { close });
  closeWhenOver(() => now.value >= 0 && over.value);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const does = (name: string, movementX = 0) =>
  root.dispatchEvent(Object.assign(new Event(name), { movementX, movementY: 0 }));
/** Seconds pass, as the popup counts them. */
function pass(seconds: number): number {
  for (let second = 0; second < seconds; second++) {
    now.value++;
    vi.advanceTimersByTime(1_000);
  }
  return close.mock.calls.length;
}

test('it closes two seconds after the end, though its clock goes on, and not before the end', () => {
  expect(pass(10)).toBe(0);
  over.value = true;
  expect(pass(1)).toBe(0);
  expect(pass(1)).toBe(1);
});

test.each(['pointermove', 'pointerdown', 'keydown', 'wheel', 'pointerleave'])(
  '%s before the end keeps nothing open',
  (name) => {
    does(name, 5);
    over.value = true;
    expect(pass(2)).toBe(1);
  },
);

test('a pointer that rests over it keeps nothing open, though the page moves below it', () => {
  over.value = true;
  pass(1);
  does('pointermove');
  expect(pass(1)).toBe(1);
});

test('a pointer that moves keeps it open until it is taken away', () => {
  over.value = true;
  pass(1);
  does('pointermove', 3);
  expect(pass(60)).toBe(0);
  does('pointerleave');
  expect(pass(2)).toBe(1);
});

test.each(['keydown', 'pointerdown', 'wheel'])('%s after the end keeps it open, whatever the pointer does', (name) => {
  over.value = true;
  does(name);
  does('pointerleave');
  expect(pass(60)).toBe(0);
});

test('where there is something to decide again it stays, and closes after the next end', () => {
  over.value = true;
  does('keydown');
  over.value = false;
  expect(pass(60)).toBe(0);
  over.value = true;
  expect(pass(2)).toBe(1);
});
