// Line icons of 24 px from Lucide's set: whoever draws one imports it from there, and no other is shipped.
import type { IconNode } from 'lucide';
import { h } from 'preact';

/** An icon beside words that say the same, or inside a button that has a name of its own. */
export const Icon = ({ of, size = 24 }: { of: IconNode; size?: number }) => (
  <svg
    class="icon"
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    {of.map(([tag, attributes]) => h(tag, attributes))}
  </svg>
);
