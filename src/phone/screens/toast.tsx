// A word about what was just done, with a way to undo it where there is one.
import { say } from '../parts/language.ts';
import { toast } from '../shell/state.ts';

export const Toast = () => (
  <div role="status" class="toast-place">
    {toast.value && (
      <p class="toast appear">
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
        <span>{toast.value.text}</span>
      </p>
    )}
  </div>
);
