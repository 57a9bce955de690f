// Does the worker's tasks on the spot, where there is no worker: `beforeAll(employCheaply)`, or `employHere` where the cost counts.
import { answer, employ, type Workbench } from '../../src/phone/shell/workshop.ts';
import type { argon2id } from '../../src/phone/vault/argon2id.ts';
import { TASKS } from '../../src/phone/workshop.worker.ts';
import { sha256, utf8 } from '../../src/protocol/encoding.ts';

const workshopOf = (tasks: typeof TASKS) => (): void =>
  employ(() => {
    const bench: Workbench = {
      onmessage: null,
      onerror: null,
      terminate() {},
      postMessage(errand: Parameters<typeof answer>[1]) {
        void answer(tasks, errand).then((data) => bench.onmessage?.call(bench as Worker, { data } as MessageEvent));
      },
    };
    return bench;
  });

export const employHere = workshopOf(TASKS);

/** 32 bytes that follow from all that Argon2id's would follow from, at once. */
const hashed: typeof argon2id = (...given) => sha256(utf8(JSON.stringify(given)));

const writeCheaply: typeof TASKS.writeKdbx = (accounts, password) =>
  TASKS.writeKdbx(accounts, password, { memory: 8 * 1024, passes: 1 });

/** As `employHere`, but a passphrase is hashed at no cost, and that of a KDBX file at next to none. */
export const employCheaply = workshopOf({ ...TASKS, argon2id: hashed, writeKdbx: writeCheaply });
