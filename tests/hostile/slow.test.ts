// Clients that say and read drop by drop, hundreds at a time (`slowhttptest`, of Debian): those that mean well sign in meanwhile.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { startHouse } from './house.ts';

const CONNECTIONS = 400;
/** Far longer than any of them may take for a request, also on a busy computer. */
const SECONDS = 60;

/** How many connections to that port stand, by the system's own account. */
function standing(port: number): number {
  const to = `:${port.toString(16).toUpperCase().padStart(4, '0')} 01 `;
  return readFileSync('/proc/net/tcp', 'latin1').split(to).length - 1;
}

/** @returns why it ended, and how many of its connections were open at most when it looked, by its own word; it has none where it was `stopped` */
async function slowly(path: string, port: number, how: string[], stopped?: AbortSignal) {
  const url = `http://127.0.0.1:${port}${path}`;
  const rate = ['-c', String(CONNECTIONS), '-r', String(CONNECTIONS), '-l', String(SECONDS), '-u', url];
  const child = spawn('slowhttptest', [...how, ...rate], { stdio: ['ignore', 'pipe', 'ignore'] });
  const stop = () => child.kill();
  stopped?.addEventListener('abort', stop);
  let said = '';
  child.stdout.on('data', (text) => (said += String(text)));
  await once(child, 'close');
  stopped?.removeEventListener('abort', stop);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it colours what it says
  const colours = /\x1b\[[\d;]*m/g;
  said = said.replace(colours, '');
  const open = [...said.matchAll(/connected: +(\d+)/g)].map(([, count]) => Number(count));
  return { ended: /Exit status: +(.+)/.exec(said)?.[1]?.trim(), open: Math.max(0, ...open) };
}

test(`${3 * CONNECTIONS} connections that say their headers, say a body or read an answer drop by drop: those that mean well are served, and each that takes too long is closed`, async () => {
  const house = await startHouse();
  onTestFinished(() => house.end());
  const over = new AbortController();
  const honest = (async () => {
    let served = 0;
    const areThere = () => !over.signal.aborted && standing(house.port) >= CONNECTIONS;
    while (!over.signal.aborted) {
      const before = areThere();
      await house.honest();
      if (before && areThere()) served++;
    }
    return served;
  })();
  const reads = slowly(
    '/assets/large.js',
    house.port,
    ['-X', '-n', '3', '-w', '10', '-y', '20', '-z', '5'],
    over.signal,
  );
  const says = Promise.all([
    slowly('/practice', house.port, ['-H', '-i', '2']),
    slowly('/practice', house.port, ['-B', '-i', '2', '-s', '8192']),
  ]).finally(() => over.abort());
  const allClosed = { ended: 'No open connections left', open: expect.toSatisfy((open: number) => open > 0) };
  expect(await says).toEqual([allClosed, allClosed]);
  await reads;
  expect(await honest).toBeGreaterThan(0);
  expect([house.code(), house.failures()]).toEqual([null, []]);
});
