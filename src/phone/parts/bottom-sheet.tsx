// A sheet that rises from the lower edge: what it says scrolls where it must, and its buttons are always in sight.
import type { ComponentChildren } from 'preact';
import { useHeadline } from './headline.ts';

/**
 * @param step a name that changes with what the sheet is about
 * @param foot the buttons, that never scroll away
 */
export function BottomSheet(props: { step: string; foot: ComponentChildren; children: ComponentChildren }) {
  useHeadline(props.step);
  return (
    <main class="bottom-sheet">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys, too */}
      <div class="body" tabIndex={0}>
        {props.children}
      </div>
      <div class="actions">{props.foot}</div>
    </main>
  );
}
