// A sheet that rises from the lower edge: what it says scrolls where it must, and its buttons are always in sight.
import type { ComponentChildren } from 'preact';

/** @param foot the buttons, that never scroll away */
export const BottomSheet = (props: { foot: ComponentChildren; children: ComponentChildren }) => (
  <main class="bottom-sheet">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys, too */}
    <div class="body" tabIndex={0}>
      {props.children}
    </div>
    <div class="actions">{props.foot}</div>
  </main>
);
