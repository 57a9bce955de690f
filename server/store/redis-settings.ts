// What Redis has to be told by its operator: that it keeps all it is given, also when it dies.
import type { createClient } from '@redis/client';

type Client = Pick<ReturnType<typeof createClient>, 'info' | 'configGet'>;

/** What `INFO` says, by name. */
export const fieldsOf = (info: string): Record<string, string> =>
  Object.fromEntries(info.split(/\r?\n/).map((line) => line.split(':', 2) as [string, string]));

/** @param policy `maxmemory_policy` of `INFO` @returns what is wrong with it, in words for an operator */
export const evictionOf = (policy: string | undefined): string | undefined =>
  policy === undefined || policy === 'noeviction'
    ? undefined
    : `Redis forgets records when its memory is full (maxmemory-policy ${policy}): backups and pairings would be lost. Set "maxmemory-policy noeviction".`;

/**
 * @param say what may be lost, or could not be looked at
 * @throws Error in words for an operator, where backups and people would be
 */
export async function checkSettings(client: Client, say: (sentence: string) => void): Promise<void> {
  const { maxmemory_policy: policy, aof_enabled: log, used_memory_dataset: taken } = fieldsOf(await client.info());
  if (!/^\d+$/.test(taken ?? ''))
    throw new Error(
      'Redis does not tell how much its records take (used_memory_dataset in INFO): without that nothing is taken in, and nobody could sign in.',
    );
  if (policy === undefined || log === undefined)
    say('Redis does not tell how it is set: see that it has "appendonly yes" and "maxmemory-policy noeviction".');
  const wrong = evictionOf(policy);
  if (wrong !== undefined) throw new Error(wrong);
  if (log !== '0') return;
  const save = await client.configGet('save').then(
    (found) => found.save ?? '',
    () => undefined,
  );
  if (save === '')
    throw new Error(
      'Redis keeps nothing on disk: backups and pairings would be lost when it ends. Set "appendonly yes".',
    );
  say(
    save === undefined
      ? 'Whether Redis keeps anything on disk could not be looked at (CONFIG is forbidden to this user), only that it has no log of its writes: set "appendonly yes".'
      : 'Redis writes to disk from time to time only: when it dies, what was stored since is lost. Set "appendonly yes".',
  );
}
