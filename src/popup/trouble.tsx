// What is wrong with a companion, in words, with what mends it.
import { useSignal } from '@preact/signals';
import browser from 'webextension-polyfill';
import type { Code } from '../protocol/errors.ts';
import { Notice } from '../ui/components.tsx';
import { reason, say } from './state.ts';

/** How whoever runs the companion starts it. */
const ADMIT = `npm start -- --extension-id ${browser.runtime.id}`;

/** A companion that does not know this extension: what to start it with, to be copied. */
export function Admit() {
  const copied = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(ADMIT);
    copied.value = true;
  };
  return (
    <div class="notice admit">
      <p>{say('admitHow')}</p>
      <code>{ADMIT}</code>
      <button type="button" class="chip" onClick={() => void copy()}>
        {say(copied.value ? 'copied' : 'copy')}
      </button>
    </div>
  );
}

/** @param at the address that was asked */
export const ServerTrouble = ({ code, at }: { code: Code; at: string }) => (
  <>
    <Notice tone="warn">{code === 'unreachable' ? say('unreachable', { relay: at }) : reason(code)}</Notice>
    {code === 'origin-required' && <Admit />}
  </>
);

/** What is wrong with the companion, which is looked for all the while. */
export const LookingFor = (props: { code: Code; at: string }) => (
  <>
    <ServerTrouble {...props} />
    <p class="soft">{say('looksAgain')}</p>
  </>
);
