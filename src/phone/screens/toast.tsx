// A word about what was just done, with a way to undo it where there is one.
import { say } from '../parts/language.ts';
import { Spoken } from '../parts/voice.tsx';
import { toast } from '../shell/state.ts';

/** Its place is always there, so that a reader of the screen hears of it. @param silent nothing may lie over what is shown now */
export const Toast = ({ silent }: { silent: boolean }) => (
  <Spoken class="toast-place">
    {toast.value && !silent && (
      <aside class="toast appear">
        <span>{toast.value.text}</span>
        {toast.value.undo && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              toast.value?.undo?.();
              toast.value = undefined;
            }}
          >
            {say('undo')}
          </button>
        )}
      </aside>
    )}
  </Spoken>
);
