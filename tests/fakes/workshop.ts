// Does the worker's tasks on the spot, where there is no worker: `beforeAll(employHere)`.
import { answer, employ, type Workbench } from '../../src/phone/shell/workshop.ts';
import { TASKS } from '../../src/phone/workshop.worker.ts';

export const employHere = (): void =>
  employ(() => {
    const bench: Workbench = {
      onmessage: null,
      onerror: null,
      terminate() {},
      postMessage(errand: Parameters<typeof answer>[1]) {
        void answer(TASKS, errand).then((data) => bench.onmessage?.call(bench as Worker, { data } as MessageEvent));
      },
    };
    return bench;
  });
