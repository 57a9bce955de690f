// Work that a tap sets off: whether it is under way, and why it did not work.
import { useSignal } from '@preact/signals';
import { type Code, codeOf } from '../../protocol/errors.ts';

/**
 * @param otherwise the code of a failure that names none
 * @returns `attempt` never throws and gives whether the work was done; `failure` is forgotten as the next one begins
 */
export function useAttempt(otherwise: Code) {
  const busy = useSignal(false);
  const failure = useSignal<Code | undefined>(undefined);
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    failure.value = undefined;
    busy.value = true;
    try {
      await work();
      return true;
    } catch (error) {
      failure.value = codeOf(error, otherwise);
      return false;
    } finally {
      busy.value = false;
    }
  };
  return { busy, failure, attempt };
}
