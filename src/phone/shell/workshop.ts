// Work that would keep the page from answering: hashing a passphrase, reading a file of passwords, judging many of them. A worker
// does it. Each room names its tasks beside what they do; the page's entry says how a worker is started, and the worker's own
// entry, workshop.worker.ts, holds them all.
import { type Code, ScankeyError } from '../../protocol/errors.ts';

/** `failed` is null for a failure that names no code. */
type Answer = { done: unknown } | { failed: Code | null };
interface Errand {
  task: string;
  args: unknown[];
}

/** The part of a `Worker` that is used. */
export type Workbench = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;

const workshop: { start?: () => Workbench; ready?: Workbench } = {};

/** Says how a worker is started; once, by the page's entry, before anything is asked for. */
export function employ(start: () => Workbench): void {
  workshop.start = start;
  delete workshop.ready;
}

/**
 * Starts the worker of the next task before that is asked for: loading and starting one takes a slow phone a second. It has seen
 * nothing by then, and is ended with its task as every other.
 */
export function stayReady(): void {
  const ready = workshop.start?.();
  if (!ready) return;
  workshop.ready?.terminate();
  workshop.ready = ready;
  // One that could not be loaded is of no use: the task starts its own.
  ready.onerror = () => {
    if (workshop.ready === ready) delete workshop.ready;
  };
}

/** Longer than the slowest honest task takes on a slow phone: a KeePass file whose key is as costly as one may be. */
const TASK_MS = 180_000;

async function labour(errand: Errand, otherwise: Code): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const { ready } = workshop;
  delete workshop.ready;
  const worker = ready ?? workshop.start?.();
  if (!worker) throw new Error('nobody is employed');
  try {
    return await new Promise((resolve, reject) => {
      const fail = (code: Code) => reject(new ScankeyError(code));
      timer = setTimeout(() => fail(otherwise), TASK_MS);
      // Whatever goes wrong in a task is an answer: only a worker that could not be loaded has none.
      worker.onerror = () => fail('unreachable');
      worker.onmessage = ({ data }: MessageEvent<Answer>) =>
        'done' in data ? resolve(data.done) : fail(data.failed ?? otherwise);
      worker.postMessage(errand);
    });
  } finally {
    clearTimeout(timer);
    worker.terminate();
    if (ready) stayReady();
  }
}

/**
 * The task `name` of the worker, as a function. Each call has a worker of its own, which is ended with it: nothing that it saw
 * stays in memory. It throws ScankeyError as the task does, `unreachable` when the worker cannot be loaded, and `otherwise` when the
 * task fails without a code of ours or takes more than three minutes.
 */
export const task =
  <T extends (...args: never[]) => unknown>(name: string, otherwise: Code) =>
  async (...args: Parameters<T>): Promise<Awaited<ReturnType<T>>> =>
    (await labour({ task: name, args }, otherwise)) as Awaited<ReturnType<T>>;

/** The worker's side: does what is asked. */
export async function answer(
  tasks: Readonly<Record<string, (...args: never[]) => unknown>>,
  { task, args }: Errand,
): Promise<Answer> {
  try {
    return { done: await tasks[task]?.(...(args as never[])) };
  } catch (error) {
    return { failed: error instanceof ScankeyError ? error.code : null };
  }
}
