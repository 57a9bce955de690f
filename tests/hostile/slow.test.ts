// Clients that say and read drop by drop, hundreds at a time (`slowhttptest`, of Debian): those that mean well sign in meanwhile.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { startHouse } from './house.ts';

const CONNECTIONS = 400;
/** Longer than any of them may take for a request. */
const SECONDS = 15;

/** @returns why it ended, and how many of its connections were open when it looked last, by its own word */
async function slowly(path: string, port: number, ...how: string[]): Promise<{ ended: string; open: number }> {
  const url = `http://127.0.0.1:${port}${path}`;
  const rate = ['-c', String(CONNECTIONS), '-r', String(CONNECTIONS), '-l', String(SECONDS), '-u', url];
  const child = spawn('slowhttptest', [...how, ...rate], { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.on('data', (text) => (said += String(text)));
  await once(child, 'close');
  const last = (word: RegExp) => [...said.matchAll(word)].at(-1)?.[1] ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it colours what it says
  const colours = /\x1b\[[\d;]*m/g;
  said = said.replace(colours, '');
  return { ended: last(/Exit status: +(.+)/g).trim(), open: Number(last(/connected: +(\d+)/g)) };
}

test(`${3 * CONNECTIONS} connections that say their headers, say a body or read an answer drop by drop: those that mean well are served, and each that takes too long is closed`, async () => {
  const house = await startHouse();
  onTestFinished(() => house.end());
  let isOver = false;
  const honest = (async () => {
    const times: number[] = [];
    while (!isOver) times.push(await house.honest());
    return times;
  })();
  const slow = Promise.all([
    slowly('/practice', house.port, '-H', '-i', '2'),
    slowly('/practice', house.port, '-B', '-i', '2', '-s', '8192'),
    slowly('/assets/large.js', house.port, '-X', '-n', '3', '-w', '10', '-y', '20', '-z', '5'),
  ]).finally(() => (isOver = true));
  const allClosed = { ended: 'No open connections left', open: expect.toSatisfy((open: number) => open > 0) };
  expect((await slow).slice(0, 2)).toEqual([allClosed, allClosed]);
  const times = await honest;
  expect(times.length).toBeGreaterThan(SECONDS);
  expect([house.code(), house.failures()]).toEqual([null, []]);
});
