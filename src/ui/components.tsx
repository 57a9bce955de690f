// Small parts that popup and phone share.

import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import type { Result } from '../protocol/outcomes.ts';
import { Icon } from './icon.tsx';
import type { Tone as EndTone } from './tones.ts';

/** The mark: a key whose bow is the finder square of a QR code. */
export const Mark = ({ size = 24 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="M2 5h14v14H2z M5 8v8h8V8z M7 10h4v4H7z" fill="currentColor" fill-rule="evenodd" />
    <path d="M16 10.5h7v6h-3v-3h-4z" fill="currentColor" />
  </svg>
);

type Tone = 'plain' | 'good' | 'bad' | 'warn';

/** A sentence that stands out; colour never carries the meaning alone. */
export const Notice = ({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) => (
  <p class={`notice ${tone} appear`}>{children}</p>
);

/** Six digits in two groups, read out one by one. */
export const Digits = ({ value }: { value: string }) => (
  <span class="digits">
    <span aria-hidden="true">{`${value.slice(0, 3)} ${value.slice(3)}`}</span>
    <span class="hidden-text">{[...value].join(' ')}</span>
  </span>
);

/** The scanned square itself: dark on light in every colour scheme, so that every camera reads it. */
export const QrCode = ({ path, size, label }: { path: string; size: number; label: string }) => (
  <svg class="code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
    <rect width={size} height={size} fill="#fff" />
    <path d={path} fill="#000" />
  </svg>
);

const GLYPHS = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6L6 18',
  phone: 'M8 3h8v18H8zM11 18h2',
  turn: 'M5 12h14M13 6l6 6-6 6',
} as const;

/** The round sign over a sentence that says how things stand. */
export const Seal = ({ glyph, tone = 'plain' }: { glyph: keyof typeof GLYPHS; tone?: Tone }) => (
  <div class={`seal ${tone} appear`}>
    <svg width="48" height="48" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d={GLYPHS[glyph]}
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  </div>
);

/** The large round sign of a screen that shows no code. */
export const Sign = ({ of, tone }: { of: IconNode; tone: EndTone }) => (
  <div class={`sign ${tone}`}>
    <Icon of={of} size={64} />
  </div>
);

/** The sign over how a sign-in ended: it went well, it is the person's turn, or it came to nothing. */
export const EndSeal = ({ result }: { result: Result | undefined }) => {
  if (result === 'signed-in' || result === 'saved') return <Seal glyph="check" tone="good" />;
  const isOver = result === undefined || result === 'refused' || result === 'not-filled';
  return isOver ? <Seal glyph="cross" tone="bad" /> : <Seal glyph="turn" />;
};
