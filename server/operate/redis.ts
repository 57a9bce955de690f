// Looks at the Redis that many companions share: whether its memory is enough for the room that it is to hold.
import { createClient } from '@redis/client';
import { fieldsOf } from '../store/redis-settings.ts';
import { clockOff, type Report } from './address.ts';

/** As much as the records, their keys and what Redis needs besides. */
const FACTOR = 1.25;
const CLOCK_MS = 2_000;

export async function lookAtRedis(url: string, roomBytes: number, { line }: Report): Promise<void> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  try {
    await client.connect();
    const { maxmemory } = fieldsOf(await client.info('memory'));
    const [most, needed] = [Number(maxmemory), Math.ceil((roomBytes * FACTOR) / 2 ** 20)];
    const isEnough = most === 0 || most >= needed * 2 ** 20;
    line(
      isEnough,
      isEnough
        ? 'Redis: has memory for --room'
        : `Redis: maxmemory is ${Math.floor(most / 2 ** 20)} MiB, too little for --room ${roomBytes / 2 ** 20}. Set "maxmemory ${needed}mb"`,
    );
    const [seconds] = (await client.sendCommand(['TIME'])) as unknown as [string];
    const off = Number(seconds) * 1000 - Date.now();
    if (Math.abs(off) > CLOCK_MS) line(false, clockOff('that of Redis', off));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const remedy = why.startsWith('NOPERM') ? '. Let its user have INFO and TIME' : ': is it there?';
    line(false, `Redis: cannot be looked at (${why})${remedy}`);
  } finally {
    if (client.isOpen) client.destroy();
  }
}
