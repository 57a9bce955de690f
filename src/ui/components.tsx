// Small parts that popup and phone share.

import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
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

/** The large round sign of a screen that shows no code. */
export const Sign = ({ of, tone }: { of: IconNode; tone: EndTone }) => (
  <div class={`sign ${tone}`}>
    <Icon of={of} size={64} />
  </div>
);
