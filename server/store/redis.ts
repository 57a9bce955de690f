// The store of one node or of many: Redis or Valkey. What is written at once lies under one key, and the script that writes it wakes every
// node that watches it.
import { createHmac } from 'node:crypto';
import { createClient, defineScript } from '@redis/client';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { NewLimiter } from '../http/limits.ts';
import { newToken } from './hashes.ts';
import { type Ask, newAsk } from './redis-ask.ts';
import { checkSettings, evictionOf, fieldsOf } from './redis-settings.ts';
import { newWatch, type Subscriptions } from './redis-watch.ts';
import { type Entry, FOR_EVER, type Store } from './store.ts';
import { once } from './values.ts';

const PREFIX = 'scankey:';
const ANSWER_MS = 5_000;
/** Silence is noticed after so many times what an answer may take: each connection is asked for a word more often. */
const SILENCE = 3;
/** More commands than a companion has under way when all is well: what comes on top is refused. */
const COMMANDS = 10_000;
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
redis.call(ARGV[6], KEYS[1], tonumber(ARGV[2]) <= tonumber(ARGV[4]) and '0' or tostring(rev + 1))
return 1`;
const DELETE = `
redis.call('DEL', KEYS[1])
redis.call(ARGV[1], KEYS[1], '0')
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

/** @throws Error in words for an operator, without what is wrong: there may be a password in it */
function hostOf(url: string): string {
  const wrong = new Error(
    'REDIS_URL must be as redis://host:6379 or redis://user:password@host:6379/0, with rediss: in place of redis: for TLS.',
  );
  if (!URL.canParse(url)) throw wrong;
  const { protocol, host, username, password, pathname } = new URL(url);
  try {
    for (const part of [username, password]) decodeURIComponent(part);
  } catch {
    throw wrong;
  }
  if (!/^rediss?:$/.test(protocol) || host === '' || !/^\/?\d*$/.test(pathname)) throw wrong;
  return host;
}

/**
 * @param url `redis[s]://[[user][:password]@]host[:port][/number]`
 * @param options `say`: for the operator's log, where everything is, what is wrong with how Redis is set, and when it is lost and back
 * @throws Error in words for an operator, where it cannot be reached, or would not keep what it is given
 */
export async function openRedis(
  url: string,
  {
    now = Date.now,
    say = toStderr,
    answerMs = ANSWER_MS,
  }: { now?: () => number; say?: (sentence: string) => void; answerMs?: number } = {},
): Promise<Store> {
  const host = hostOf(url);
  let [isThere, isLost] = [false, false];
  const options = {
    url,
    // Whoever asks while it is lost is told so at once.
    disableOfflineQueue: true,
    commandsQueueMaxLength: COMMANDS,
    pingInterval: answerMs,
    socket: {
      connectTimeout: ANSWER_MS,
      socketTimeout: SILENCE * answerMs,
      reconnectStrategy: (tries: number) =>
        isThere && Math.min(50 * 2 ** Math.min(tries, 6), 2_000) * (0.5 + Math.random() / 2),
    },
  };
  const client = createClient({ ...options, scripts: { write: script(PUT), remove: script(DELETE) } });
  const ears = createClient(options);
  // Where one cannot hear, no sign-in goes on either.
  const ask = newAsk(answerMs, () => client.isReady && ears.isReady);
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
  let isSharded = false;
  try {
    await Promise.all([client.connect(), ears.connect()]);
    isThere = true;
    await checkSettings(client, say);
    // Sharded where there is such a thing (7 and later): in a cluster, only the nodes of a key's own shard hear of it.
    const [known] = (await client.sendCommand(['COMMAND', 'INFO', 'SPUBLISH'])) as unknown as unknown[];
    isSharded = Boolean(known);
  } catch (error) {
    for (const one of [client, ears]) if (one.isOpen) one.destroy();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Redis at ${host} (REDIS_URL) cannot be ${isThere ? 'used' : 'reached'}: ${why}`);
  }
  say(`The store is the Redis at ${host} (REDIS_URL), not the database in --data.`);
  const publish = isSharded ? 'SPUBLISH' : 'PUBLISH';
  const subscriptions: Subscriptions = {
    open: (name, told) => (isSharded ? ears.sSubscribe(name, told) : ears.subscribe(name, told)),
    shut: (name, told) => (isSharded ? ears.sUnsubscribe(name, told) : ears.unsubscribe(name, told)),
    names: () => ears.getPubSubListeners(isSharded ? 'SHARDED' : 'CHANNELS').keys(),
  };
  const watching = newWatch(subscriptions, (name) => name.slice(PREFIX.length));
  again = watching.again;

  const named = (key: string): string => PREFIX + key;
  const read = async (name: string) => {
    const [value, rev, ends] = await ask(() => client.hmGet(name, ['value', 'rev', 'ends']));
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
  let evicts = false;
  let taken = { at: Number.NEGATIVE_INFINITY, bytes: Promise.resolve(0) };
  const store: Store = {
    async get(key) {
      const found = await read(named(key));
      return found && { value: found.value, rev: found.rev };
    },
    put(key, value, expires, ifRev) {
      const lasts = expires === FOR_EVER ? '' : String(Math.max(expires - now(), 0));
      return ask(() => client.write(named(key), value, String(expires), String(ifRev), String(now()), lasts, publish));
    },
    async delete(key) {
      await ask(() => client.remove(named(key), publish));
    },
    async list(prefix) {
      const found: Entry[] = [];
      for await (const one of scan(prefix)) found.push(one);
      return found.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ value }) => value);
    },
    entries: () => scan(''),
    watch: (keys, changed) =>
      ask(
        () => watching.watch(keys.map(named), changed),
        (stop) => stop(),
      ),
    async isWatched(key) {
      const name = named(key);
      const counts = await ask(() => (isSharded ? client.pubSubShardNumSub([name]) : client.pubSubNumSub([name])));
      return (counts[name] ?? 0) > 0;
    },
    bytes() {
      if (Math.abs(now() - taken.at) >= TAKEN_HOLDS_MS) {
        const bytes = ask(() => client.info('memory')).then((info) => {
          const { used_memory_dataset: dataset, maxmemory_policy: policy } = fieldsOf(info);
          // It can be set anew while it runs, and whatever takes its place may be set otherwise.
          const wrong = evictionOf(policy);
          if (wrong !== undefined && !evicts) say(wrong);
          evicts = wrong !== undefined;
          return Number(dataset);
        });
        taken = { at: now(), bytes };
      }
      return taken.bytes;
    },
    newLimiter: (name, bound) => limiterOf(client, store, { ask, now }, name, bound),
    async sweep() {},
    close() {
      for (const one of [client, ears]) one.destroy();
    },
  };
  return store;
}

/**
 * Counts for all nodes together, under keys that tell nobody whom: hashed under the salt of the day on which a count was begun (as networks
 * are, R31), by which it is gone on with until its bound's time has passed.
 */
function limiterOf(
  client: object,
  store: Store,
  { ask, now }: { ask: Ask; now: () => number },
  ...[name, bound]: Parameters<NewLimiter>
): ReturnType<NewLimiter> {
  const options = { storeClient: client, useRedisPackage: true, keyPrefix: `${PREFIX}limit:${name}` };
  const limiter = new RateLimiterRedis({ ...options, ...bound });
  const dayOf = (time: number): number => Math.floor(time / DAY_MS);
  const hashed = async (key: string, day: number) => {
    const salt = await once(store, `limit-salt:${day}`, newToken(), (day + 2) * DAY_MS);
    return createHmac('sha256', salt).update(key).digest('base64url');
  };
  const counted = async (key: string): Promise<string> => {
    const [today, before] = [dayOf(now()), dayOf(now() - bound.duration * 1000)];
    if (before !== today) {
      const begun = await hashed(key, before);
      if (await ask(() => limiter.get(begun))) return begun;
    }
    return hashed(key, today);
  };
  const at = async <T>(key: string, question: (name: string) => Promise<T>): Promise<T> => {
    const found = await counted(key);
    return ask(() => question(found));
  };
  return {
    ...bound,
    consume: (key, points) => at(key, (name) => limiter.consume(name, points)),
    reward: (key, points) => at(key, (name) => limiter.reward(name, points)),
    get: (key) => at(key, (name) => limiter.get(name)),
  };
}
