// What a reader of the screen hears of a change, besides the title that a step begins at: one live region, which is there from the first
// moment on and never replaced, since a region that comes with its text is heard by few.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const saying = signal('');

/** The page's one live region, for its frame. */
export const Voice = () => (
  <div class="hidden-text" role="status">
    {saying.value}
  </div>
);

/** Has what `read` gives after each drawing heard as it comes and changes, as long as that is shown; nothing where it is empty. */
function useVoice(read: () => string): void {
  const said = useRef('');
  const say = (text: string) => {
    if (text === said.current) return;
    // What another has said since then stays.
    if (text || saying.peek() === said.current) saying.value = text;
    said.current = text;
  };
  useLayoutEffect(() => say(read()));
  useLayoutEffect(() => () => say(''), []);
}

/** What it shows is heard, too. */
export function Spoken(props: { class?: string; children?: ComponentChildren }) {
  const shown = useRef<HTMLDivElement>(null);
  useVoice(() => shown.current?.innerText ?? '');
  return (
    <div ref={shown} class={props.class}>
      {props.children}
    </div>
  );
}

/** Heard, and nowhere to be seen. */
export function Heard({ text }: { text: string }) {
  useVoice(() => text);
  return null;
}
