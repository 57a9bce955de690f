// Whatever is said to a companion, it answers with no failure of its own, takes no more memory for it, and goes on.
// `FUZZ=1000000 npx vitest run --project hostile tests/hostile/fuzz.test.ts`; `SEED=…` says something else.
import { expect, test } from 'vitest';
import { PROBLEM_CODES, STATUS } from '../../src/protocol/errors.ts';
import { type House, read, say, startHouse } from './house.ts';
import { type Case, malformed } from './malformed.ts';

const COUNT = Number(process.env.FUZZ ?? 2_000);
const SEED = Number(process.env.SEED ?? 20_261_126);
const BATCH = 500;
const AT_ONCE = 48;
/** Batches at the same time, where there are many: each waits for those in it that wait for nothing. */
const ABREAST = COUNT >= 100_000 ? 8 : 1;
/** A phone may wait for its browser longer than we do. */
const LEFT_AFTER_MS = 2_000;

const isClosing = (came: Buffer): boolean => read(came).frames.some(({ opcode }) => opcode === 8);

/** What is wrong about the answer; undefined for nothing. */
function fault(came: Buffer): string | undefined {
  const { status, head, frames } = read(came);
  if (status >= 500) return head;
  for (const { opcode, data } of frames) {
    const code = opcode === 8 && data.length >= 2 ? data.readUInt16BE(0) : 1000;
    // One of a client's own is given back to it (RFC 6455 sections 5.5.1 and 7.4.2).
    if (![1000, 1002, 1003, 1007, 1008, 1009].includes(code) && code < 3000) return `closed with ${code}`;
    if (opcode !== 1) continue;
    const { t, problem } = JSON.parse(String(data)) as {
      t: string;
      problem?: { code: (typeof PROBLEM_CODES)[number] };
    };
    if (t === 'gone' && (!problem || !PROBLEM_CODES.includes(problem.code) || STATUS[problem.code] >= 500))
      return String(data);
  }
  return undefined;
}

async function sayAll(house: House, seed: number, counts: Record<string, number>): Promise<void> {
  const waiting: [number, Case][] = [...malformed(seed, BATCH).entries()];
  const speak = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [at, { kind, bytes }] = next;
      const { came } = await say(house.port, bytes, {
        isEnough: isClosing,
        isAll: kind === 'noise',
        ms: LEFT_AFTER_MS,
      });
      const { status } = read(came);
      counts[`${kind} ${status || 'no answer'}`] = (counts[`${kind} ${status || 'no answer'}`] ?? 0) + 1;
      const wrong = fault(came);
      if (wrong !== undefined)
        throw new Error(
          `SEED=${seed}, its ${at}th: ${wrong}\n${JSON.stringify(bytes.toString('latin1').slice(0, 2_000))}`,
        );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, speak));
}

test(`${COUNT} malformed bodies and frames: no crash, no failure of the companion’s own, no more memory`, async () => {
  const house = await startHouse();
  const batches = Math.ceil(COUNT / BATCH);
  const counts: Record<string, number> = {};
  // Once each of its addresses has been counted, and each path been compiled.
  const warm = Math.max(2, Math.floor(batches / 10));
  let before = 0;
  const from = performance.now();
  for (let batch = 0; batch < batches; batch += ABREAST) {
    if (before === 0 && batch >= warm) before = await house.heap();
    const seeds = Array.from({ length: Math.min(ABREAST, batches - batch) }, (_, at) => SEED + batch + at);
    await Promise.all(seeds.map((seed) => sayAll(house, seed, counts)));
    expect([house.code(), house.failures()[0]]).toEqual([null, undefined]);
  }
  await house.honest();
  const after = await house.heap();
  const seconds = (performance.now() - from) / 1000;
  if (process.env.FUZZ)
    process.stdout.write(
      `${JSON.stringify({ SEED, batches, BATCH, seconds, before, after, ratio: after / before, counts }, undefined, 1)}\n`,
    );
  // Of a short run the heap tells little: code is compiled, and addresses are counted for the first time.
  expect(after / before).toBeLessThan(COUNT >= 100_000 ? 1.1 : 1.5);
  await house.end();
}, 3_600_000);
