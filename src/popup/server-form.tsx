// Where a person names the server.
import { useSignal } from '@preact/signals';
import { relay, say } from './state.ts';

/**
 * Begins with the server in force, and changes nothing until it is sent.
 * @param look of its button @param onUse is given the address as it was typed @param onTyped hears that there is another than before
 */
export function ServerForm(props: {
  look: 'primary' | '';
  busy?: boolean;
  onUse: (address: string) => void;
  onTyped?: () => void;
}) {
  const typed = useSignal<string | undefined>(undefined);
  const address = typed.value ?? relay.value;
  const use = (event: Event) => {
    event.preventDefault();
    props.onUse(address.trim());
  };
  return (
    <form onSubmit={use}>
      <div>
        <label for="relay">{say('companion')}</label>
        <input
          id="relay"
          type="url"
          required
          value={address}
          aria-describedby="relay-hint"
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            props.onTyped?.();
          }}
        />
      </div>
      <p id="relay-hint" class="soft">
        {say('companionHint')}
      </p>
      <button type="submit" class={props.look} disabled={props.busy}>
        {say('save')}
      </button>
    </form>
  );
}
