// Draws the frame: its parts are always the same elements, so that nothing jumps and every change of the one status is heard.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { TIMES } from '../protocol/session/types.ts';
import { Digits, QrCode, Sign } from '../ui/components.tsx';
import { perform } from './deeds.ts';
import type { Button, Frame, Visual } from './frame.ts';
import { ManagedBy } from './managed.tsx';
import { say } from './state.ts';
import { frame, inSettings, tab } from './tab.ts';
import { Admit } from './trouble.tsx';

const Press = ({ of: { label, name, deed, open }, look }: { of: Button; look: string }) => (
  <button type="button" class={look} aria-label={name} aria-expanded={open} onClick={() => perform(deed)}>
    {label}
  </button>
);
/** Another button is another element: focus and a press that is under way are not handed on to it. */
const keyOf = ({ label, deed }: Button): string => `${deed.do} ${label}`;

/** The time that the code has left, as a ring round it. */
const Ring = ({ seconds }: { seconds: number }) => (
  <>
    <svg class="ring" viewBox="0 0 100 100" aria-hidden="true" focusable="false">
      <rect
        x="1"
        y="1"
        width="98"
        height="98"
        rx="7"
        pathLength="1"
        stroke-dasharray="1"
        stroke-dashoffset={1 - (seconds * 1000) / TIMES.shownMs}
      />
    </svg>
    <p class="hidden-text">{say('newCodeIn', { seconds })}</p>
  </>
);

function Picture({ visual, tone }: { visual: Visual; tone: Frame['tone'] }) {
  if (visual.of === 'icon') return <Sign of={visual.icon} tone={tone} />;
  const { drawing, seconds, over } = visual;
  return (
    <div class={over ? 'ringed dim' : 'ringed'}>
      {drawing ? (
        <QrCode path={drawing.path} size={drawing.size} label={say('codeLabel', { site: tab.value?.site ?? '' })} />
      ) : (
        <div class="empty" />
      )}
      {seconds !== undefined && <Ring seconds={seconds} />}
      {over && <Press of={over} look="primary" key={keyOf(over)} />}
    </div>
  );
}

const STEPS = ['stepScan', 'stepConfirm', 'stepSignIn'] as const;

export function Steps() {
  const step = inSettings.value ? undefined : frame.value.step;
  return (
    <footer>
      {!inSettings.value && <ManagedBy />}
      <ol class="steps" aria-label={say('steps')} hidden={step === undefined}>
        {STEPS.map((name, at) => (
          <li
            key={name}
            class={step !== undefined && at < step ? 'behind' : ''}
            aria-current={at === step ? 'step' : undefined}
          >
            {say(name)}
          </li>
        ))}
      </ol>
    </footer>
  );
}

/** Focus goes to the headline where the element that had it is gone. */
function useKeptFocus() {
  const headline = useRef<HTMLHeadingElement>(null);
  const last = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (last.current && !last.current.isConnected && document.activeElement === document.body)
      headline.current?.focus();
    last.current = document.activeElement;
  });
  return {
    headline,
    onFocusIn: () => {
      last.current = document.activeElement;
    },
  };
}

export function Stage() {
  const { tone, visual, headline: words, detail, digits, admit, rows, actions, main } = frame.value;
  const { headline, onFocusIn } = useKeptFocus();
  return (
    <main class={`stage ${tone}`} hidden={inSettings.value} onFocusIn={onFocusIn}>
      <div class="visual">
        <Picture visual={visual} tone={tone} />
      </div>
      <div class="told" role="status">
        <h1 ref={headline} tabIndex={-1}>
          {words}
        </h1>
        <div class="detail">
          {detail.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      </div>
      {digits && <Digits value={digits} />}
      {admit && <Admit />}
      {rows.map(({ text, buttons }) => (
        <div class="row" key={buttons.map(keyOf).join()}>
          {text && <p>{text}</p>}
          {buttons.map((one) => (
            <Press of={one} look="chip" key={keyOf(one)} />
          ))}
        </div>
      ))}
      <div class="actions">
        {actions.map((one, at) => (
          <Press of={one} look={main && at === 0 ? 'primary' : ''} key={keyOf(one)} />
        ))}
      </div>
    </main>
  );
}
