// The store of one node or of many: Redis or Valkey. What is written at once lies under one key, and the script that writes it wakes every
// node that watches it.
import { createHmac } from 'node:crypto';
import { createClient, defineScript } from '@redis/client';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { NewLimiter } from '../http/limits.ts';
import { newToken } from './hashes.ts';
import { checkSettings, fieldsOf } from './redis-settings.ts';
import { newWatch } from './redis-watch.ts';
import { type Entry, FOR_EVER, type Store } from './store.ts';
import { once } from './values.ts';

const PREFIX = 'scankey:';
/** An answer that takes longer is none: whoever asked says it again. */
const ANSWER_MS = 5_000;
/** How long the figure of what is taken holds. */
const TAKEN_HOLDS_MS = 1_000;
const DAY_MS = 86_400_000;

/** A record has its value, its revision and its end by the clock of the nodes; Redis forgets it by its own. */
const PUT = `
local rev, ends = unpack(redis.call('HMGET', KEYS[1], 'rev', 'ends'))
if not rev or tonumber(ends) <= tonumber(ARGV[4]) then rev = '0' end
if rev ~= ARGV[3] then return 0 end
if tonumber(ARGV[2]) <= tonumber(ARGV[4]) then redis.call('DEL', KEYS[1])
else
  redis.call('HSET', KEYS[1], 'value', ARGV[1], 'rev', rev + 1, 'ends', ARGV[2])
  if ARGV[5] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[5]) end
end
redis.call(ARGV[6], KEYS[1], '')
return 1`;
const DELETE = `
redis.call('DEL', KEYS[1])
redis.call(ARGV[1], KEYS[1], '')
return 1`;

const script = (text: string) =>
  defineScript({
    SCRIPT: text,
    NUMBER_OF_KEYS: 1,
    parseCommand(parser, key: string, ...given: string[]) {
      parser.pushKey(key);
      parser.push(...given);
    },
    transformReply: (reply: unknown): boolean => reply === 1,
  });

const toStderr = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
};

/** @throws Error where `answer` takes too long */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    // What has come while this process was busy counts.
    timer = setTimeout(() => setImmediate(reject, new Error('Redis does not answer')), ANSWER_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/**
 * @param url `redis[s]://[[user][:password]@]host[:port][/number]`
 * @param options `say`: for the operator's log, what is wrong with how Redis is set, and when it is lost and back
 * @throws Error in words for an operator, where it cannot be reached, or would not keep what it is given
 */
export async function openRedis(
  url: string,
  { now = Date.now, say = toStderr }: { now?: () => number; say?: (sentence: string) => void } = {},
): Promise<Store> {
  let [isThere, isLost] = [false, false];
  const options = {
    url,
    // Whoever asks while it is lost is told so at once.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: ANSWER_MS,
      reconnectStrategy: (tries: number) =>
        isThere && Math.min(50 * 2 ** Math.min(tries, 6), 2_000) * (0.5 + Math.random() / 2),
    },
  };
  const client = createClient({ ...options, scripts: { write: script(PUT), remove: script(DELETE) } });
  const ears = createClient(options);
  let again = () => {};
  for (const one of [client, ears]) {
    one.on('error', () => {
      if (isThere && !isLost) say('Redis is lost: nobody can sign in until it is back.');
      isLost = true;
    });
    one.on('ready', () => {
      if (!client.isReady || !ears.isReady) return;
      if (isThere && isLost) say('Redis is back.');
      isLost = false;
      again();
    });
  }
  try {
    await Promise.all([client.connect(), ears.connect()]);
    isThere = true;
    await checkSettings(client, say);
  } catch (error) {
    for (const one of [client, ears]) if (one.isOpen) one.destroy();
    if (isThere) throw error;
    // The address may have a password in it.
    throw new Error(
      `Redis at ${new URL(url).host} cannot be reached (${error instanceof Error ? error.message : ''}).`,
    );
  }
  // Sharded where there is such a thing (7 and later): in a cluster, only the nodes of a key's own shard hear of it.
  const [known] = (await client.sendCommand(['COMMAND', 'INFO', 'SPUBLISH'])) as unknown as unknown[];
  const isSharded = Boolean(known);
  const publish = isSharded ? 'SPUBLISH' : 'PUBLISH';
  const watching = newWatch({
    open: (name, told) => (isSharded ? ears.sSubscribe(name, told) : ears.subscribe(name, told)),
    shut: (name, told) => (isSharded ? ears.sUnsubscribe(name, told) : ears.unsubscribe(name, told)),
    names: () => ears.getPubSubListeners(isSharded ? 'SHARDED' : 'CHANNELS').keys(),
  });
  again = watching.again;

  const named = (key: string): string => PREFIX + key;
  const read = async (name: string) => {
    const [value, rev, ends] = await inTime(client.hmGet(name, ['value', 'rev', 'ends']));
    const expires = Number(ends);
    return typeof value === 'string' && expires > now() ? { value, rev: Number(rev), expires } : undefined;
  };
  /** Every record whose key begins with `prefix`. It looks at all there are: not for a request. */
  async function* scan(prefix: string) {
    const MATCH = `${named(prefix).replace(/[\\*?[\]]/g, '\\$&')}*`;
    // One that Redis moves about meanwhile may come twice.
    const seen = new Set<string>();
    for await (const names of client.scanIterator({ MATCH, COUNT: 1000, TYPE: 'hash' }))
      for (const name of names) {
        const found = seen.has(name) ? undefined : await read(name);
        seen.add(name);
        if (found) yield { key: name.slice(PREFIX.length), value: found.value, expires: found.expires };
      }
  }
  let taken = { at: Number.NEGATIVE_INFINITY, bytes: Promise.resolve(0) };
  const store: Store = {
    async get(key) {
      const found = await read(named(key));
      return found && { value: found.value, rev: found.rev };
    },
    put(key, value, expires, ifRev) {
      const lasts = expires === FOR_EVER ? '' : String(Math.max(expires - now(), 0));
      return inTime(client.write(named(key), value, String(expires), String(ifRev), String(now()), lasts, publish));
    },
    async delete(key) {
      await inTime(client.remove(named(key), publish));
    },
    async list(prefix) {
      const found: Entry[] = [];
      for await (const one of scan(prefix)) found.push(one);
      return found.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ value }) => value);
    },
    entries: () => scan(''),
    watch: (keys, changed) => inTime(watching.watch(keys.map(named), changed)),
    async isWatched(key) {
      const name = named(key);
      const counts = isSharded ? client.pubSubShardNumSub([name]) : client.pubSubNumSub([name]);
      return ((await inTime(counts))[name] ?? 0) > 0;
    },
    bytes() {
      if (Math.abs(now() - taken.at) >= TAKEN_HOLDS_MS) {
        const bytes = inTime(client.info('memory')).then((info) => Number(fieldsOf(info).used_memory_dataset));
        taken = { at: now(), bytes };
      }
      return taken.bytes;
    },
    newLimiter: (name, bound) => limiterOf(client, store, now, name, bound),
    async sweep() {},
    close() {
      for (const one of [client, ears]) one.destroy();
    },
  };
  return store;
}

/** Counts for all nodes together, under keys that tell nobody whom: hashed under a salt of the day (as networks are, R31). */
function limiterOf(
  client: object,
  store: Store,
  now: () => number,
  ...[name, bound]: Parameters<NewLimiter>
): ReturnType<NewLimiter> {
  const options = { storeClient: client, useRedisPackage: true, keyPrefix: `${PREFIX}limit:${name}` };
  const limiter = new RateLimiterRedis({ ...options, ...bound });
  const hashed = async (key: string) => {
    const day = Math.floor(now() / DAY_MS);
    const salt = await once(store, `limit-salt:${day}`, newToken(), (day + 2) * DAY_MS);
    return createHmac('sha256', salt).update(key).digest('base64url');
  };
  return {
    ...bound,
    consume: async (key, points) => inTime(limiter.consume(await hashed(key), points)),
    reward: async (key, points) => inTime(limiter.reward(await hashed(key), points)),
    get: async (key) => inTime(limiter.get(await hashed(key))),
  };
}
