// Work that would keep the page from answering: hashing a passphrase, reading a file of passwords, judging many of them.
// A worker does it; where there is none (Node), it is done on the spot.
import type { Bytes } from '../../protocol/encoding.ts';
import { type Code, ScankeyError } from '../../protocol/errors.ts';
import { workerAddress } from '../shell/own-scripts.ts';
import type { Tasks } from './workshop.worker.ts';

type Answer = { done: unknown } | { failed: Code };

/** Longer than the slowest honest task takes on a slow phone. */
const TASK_MS = 60_000;

/**
 * Has `task` done by a worker of its own, which is ended with it: nothing that it saw stays in memory.
 * @throws ScankeyError as the task does; `import-failed` when the worker breaks down or takes more than a minute
 */
export async function labour<T extends keyof Tasks>(
  task: T,
  ...args: Parameters<Tasks[T]>
): Promise<Awaited<ReturnType<Tasks[T]>>> {
  type Result = Awaited<ReturnType<Tasks[T]>>;
  if (IN_NODE) {
    const { TASKS } = await import('./workshop.worker.ts');
    return (await (TASKS[task] as (...given: typeof args) => unknown)(...args)) as Result;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const worker = new Worker(workerAddress(), { type: 'module' });
  try {
    return await new Promise<Result>((resolve, reject) => {
      const fail = (cause: unknown) => reject(new ScankeyError('import-failed', { cause }));
      timer = setTimeout(fail, TASK_MS);
      worker.onerror = fail;
      worker.onmessage = ({ data }: MessageEvent<Answer>) =>
        'done' in data ? resolve(data.done as Result) : reject(new ScankeyError(data.failed));
      worker.postMessage({ task, args });
    });
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}

/** Argon2id (RFC 9106), 32 bytes. `m` in KiB, `t` passes, `p` lanes: about half a second on a phone. */
export const argon2id = (password: string, salt: Bytes, cost: { m: number; t: number; p: number }): Promise<Bytes> =>
  labour('argon2id', password, salt, cost);
