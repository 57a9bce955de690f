// Screens that few open, and nobody in the first minute: they are loaded when they are opened.
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Failure } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { Spoken } from '../parts/voice.tsx';

/** A screen that is loaded as it is shown. Where that fails it says so, and is tried anew when it is opened again. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  return function Later(props: Props) {
    const screen = useSignal<{ Loaded: ComponentType<Props> } | 'failed' | undefined>(undefined);
    useEffect(() => {
      load().then(
        (Loaded) => {
          screen.value = { Loaded };
        },
        () => {
          screen.value = 'failed';
        },
      );
    }, []);
    if (screen.value === 'failed') {
      return (
        <main>
          <Failure code="unreachable" />
        </main>
      );
    }
    if (!screen.value) {
      return (
        <main>
          <Spoken>{say('looking')}</Spoken>
        </main>
      );
    }
    const { Loaded } = screen.value;
    return <Loaded {...props} />;
  };
}
