// When a button that releases something counts a tap, and what it says of that meanwhile.
import { expect, test } from 'vitest';
import { DeadTime, INERT_MS } from '../../src/phone/sign-in/dead-time.ts';
import { letPass } from './background-in-memory.ts';
import { PlayedClock } from './played-relay.ts';

/** A button whose attributes are watched as a document's are: each one that is set or taken away is told of. */
function screen() {
  const clock = new PlayedClock(1_000_000);
  const attributes = new Map<string, string>();
  let restarts = 0;
  const tell = (attributeName: string, target: object = button) =>
    dead.changed([{ attributeName, target: target as Node }]);
  const filling = { currentTime: 1 };
  const button = {
    getAnimations: () => [filling],
    setAttribute(name: string, value: string) {
      restarts += 1;
      attributes.set(name, value);
      tell(name);
    },
    removeAttribute(name: string) {
      attributes.delete(name);
      tell(name);
    },
  };
  const dead = new DeadTime(() => button as unknown as Element, clock);
  dead.restart();
  return {
    ...{ clock, dead, button, filling, tell },
    isDead: () => ({ counts: dead.isOver, says: attributes.get('aria-disabled') }),
    restarts: () => restarts,
  };
}
const DEAD = { counts: false, says: 'true' };
const ALIVE = { counts: true, says: undefined };

test('it is dead for half a second and looks like that, then both end, and its own look begins nothing anew', () => {
  const { clock, isDead, restarts } = screen();
  expect(isDead()).toEqual(DEAD);
  letPass(clock, INERT_MS);
  expect(isDead()).toEqual(DEAD);
  letPass(clock, 1);
  expect(isDead()).toEqual(ALIVE);
  letPass(clock, 10 * INERT_MS);
  expect([isDead(), restarts()]).toEqual([ALIVE, 1]);
});

test('whatever begins it anew lets the button fill from the start again', () => {
  const { dead, filling } = screen();
  filling.currentTime = 400;
  dead.restart();
  expect(filling.currentTime).toBe(0);
});

test.each<[string, (of: ReturnType<typeof screen>) => void]>([
  ['something is typed', ({ dead }) => dead.restart()],
  ['another attribute of it changes', ({ tell }) => tell('disabled')],
  ['something else says that it is dead', ({ tell }) => tell('aria-disabled', {})],
  [
    'its look changes beside something else',
    ({ dead, button }) =>
      dead.changed([
        { attributeName: 'aria-disabled', target: button as unknown as Node },
        { attributeName: null, target: button as unknown as Node },
      ]),
  ],
])('it is dead again, for all of the time, when %s', (_what, change) => {
  const of = screen();
  letPass(of.clock, INERT_MS - 1);
  change(of);
  letPass(of.clock, INERT_MS);
  expect(of.isDead()).toEqual(DEAD);
  letPass(of.clock, 1);
  expect(of.isDead()).toEqual(ALIVE);
  change(of);
  expect(of.isDead()).toEqual(DEAD);
});

test('a screen that has gone says nothing of a button any more', () => {
  const { clock, dead, isDead } = screen();
  dead.stop();
  letPass(clock, 2 * INERT_MS);
  expect(isDead().says).toBe('true');
});
