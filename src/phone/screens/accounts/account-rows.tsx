// Rows of one height, of which only those in sight exist. A screen reader is told how many there are.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Account } from '../../vault/document.ts';

/** Below this, drawing all is faster than thinking. */
const ALL_BELOW = 60;
const ROW_REM = 4.5;
const MARGIN_ROWS = 12;
const ID = 'account-rows';

/** In CSS pixels. */
const rowHeight = (): number => ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Brings the row at `index` to where the eye begins, below what stands over the list. */
export function scrollToRow(index: number): void {
  const list = document.getElementById(ID);
  if (list) scrollBy(0, list.getBoundingClientRect().top + index * rowHeight() - innerHeight / 3);
}

export function AccountRows({
  items,
  row,
}: {
  items: readonly Account[];
  row: (account: Account) => ComponentChildren;
}) {
  const list = useRef<HTMLUListElement>(null);
  const range = useSignal({ from: 0, to: ALL_BELOW });
  const windowed = items.length > ALL_BELOW;
  useEffect(() => {
    if (!windowed) return;
    const look = () => {
      const height = rowHeight();
      const top = -(list.current?.getBoundingClientRect().top ?? 0);
      const from = Math.max(0, Math.floor(top / height) - MARGIN_ROWS);
      const to = Math.ceil((top + innerHeight) / height) + MARGIN_ROWS;
      // A new range only when the old one runs out, so that most frames of a scroll draw nothing.
      const { from: a, to: b } = range.value;
      if (Math.abs(from - a) > MARGIN_ROWS / 2 || Math.abs(to - b) > MARGIN_ROWS / 2) range.value = { from, to };
    };
    look();
    const stop = new AbortController();
    for (const event of ['scroll', 'resize']) addEventListener(event, look, { passive: true, signal: stop.signal });
    return () => stop.abort();
  }, [windowed, items.length]);
  const { from, to } = windowed ? range.value : { from: 0, to: items.length };
  return (
    <ul
      ref={list}
      id={ID}
      class="list rows"
      style={windowed ? { blockSize: `${items.length * ROW_REM}rem`, position: 'relative' } : {}}
    >
      {items.slice(from, to).map((account, offset) => (
        <li
          key={account.id}
          aria-setsize={items.length}
          aria-posinset={from + offset + 1}
          style={
            windowed
              ? { position: 'absolute', insetBlockStart: `${(from + offset) * ROW_REM}rem`, insetInline: '0' }
              : {}
          }
        >
          {row(account)}
        </li>
      ))}
    </ul>
  );
}
