// A node is lost with all who waited at it: they come to the other one by themselves, each with the client's own back-off. How many come in
// the busiest second, until when all are back, and what that means for who signs in there meanwhile.
import { Connection, type Socket } from '../src/protocol/connection.ts';
import { tokenHash } from '../src/protocol/mailbox.ts';
import { LIMITS } from '../src/protocol/relay.ts';
import { until } from '../tests/e2e/companion.ts';
import { redisServer } from '../tests/redis/server.ts';
import { again, connect, newAddress, openFrame, random, signIn, startCompanion } from './relay-load.ts';

type Note = (name: string, value: number, unit: string, aim?: string, baseline?: number) => void;

const WAIT_MS = 60_000;
/** So many browsers that wait, each of which knows the port of the node that stands. */
class Crowd {
  port: number;
  /** When each came to a node that stands, ms. */
  readonly came: number[] = [];
  /** When each was taken by one. */
  readonly taken: number[] = [];
  /** Who waited with a code that had run out meanwhile, … */
  late = 0;
  /** …and who was told that a code was over which had not. */
  gone = 0;
  readonly #connections: Connection[] = [];

  constructor(port: number) {
    this.port = port;
  }

  async add(): Promise<void> {
    const [sid, token, address] = [random(16), random(32), newAddress()];
    const open = { ...openFrame(sid), tokenHash: await tokenHash(token) };
    const opened = Promise.withResolvers<void>();
    const began = performance.now();
    let isKnown = false;
    this.#connections.push(
      new Connection({
        connect: () => {
          this.came.push(performance.now());
          // The events of `ws` are those of a browser in all that is looked at.
          return connect(this.port, 'b', address, () => {}) as unknown as Socket;
        },
        introduction: () => (isKnown ? { t: 'resume', sid, role: 'b', token, lastSeen: -1 } : open),
        onFrame: async () => {
          isKnown = true;
          this.taken.push(performance.now());
          opened.resolve();
        },
        onGone: async () => {
          if (performance.now() - began < LIMITS.joinableMs) this.gone++;
          else this.late++;
        },
      }),
    );
    return opened.promise;
  }

  leave(): void {
    for (const one of this.#connections) one.stop();
  }
}

/** The most of `times` in any one second. */
function busiestSecond(times: readonly number[]): number {
  let [most, from] = [0, 0];
  times.forEach((time, to) => {
    while (time - (times[from] ?? 0) >= 1_000) from++;
    most = Math.max(most, to - from + 1);
  });
  return most;
}

/** @param count how many wait at the node that is lost */
export async function measureLostNode(note: Note, count = 10_000): Promise<void> {
  const redis = await redisServer();
  const other = await startCompanion(redis.url);
  const lost = await startCompanion(redis.url, other.folder);
  const crowd = new Crowd(lost.port);
  try {
    for (const { port } of [lost, other]) await again(() => signIn(port), 8, 1_500);
    for (let i = 0; i < count; i += 100) await Promise.all(Array.from({ length: 100 }, () => crowd.add()));
    crowd.came.length = crowd.taken.length = 0;
    crowd.port = other.port;
    const [began, cpu] = [performance.now(), other.cpu()];
    await lost.close();
    await until(
      'all are back',
      async () => crowd.taken.length + crowd.gone + crowd.late >= count || undefined,
      WAIT_MS,
    );
    const [back, used] = [performance.now() - began, other.cpu() - cpu];
    const of = `${count} lose their node`;
    note(`${of}: come in the busiest second`, busiestSecond(crowd.came), '');
    note(`${of}: tries of each`, crowd.came.length / count, '');
    note(`${of}: taken in the busiest second`, busiestSecond(crowd.taken), '');
    note(`${of}: until the last is back`, back / 1000, 's');
    note(`${of}: whose code had run out`, crowd.late, '');
    note(`${of}: told so of a code that had not`, crowd.gone, '', '0');
    note(`${of}: processor of the other node`, (100 * used) / back, '%');
  } finally {
    crowd.leave();
    await lost.close();
    await other.close();
    await redis.close();
  }
}
