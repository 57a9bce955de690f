// Who can find this vault's backup for its owner, without the sheet.
import { useEffect } from 'preact/hooks';
import { Notice } from '../../../ui/components.tsx';
import { providerName, reason, say } from '../../parts/language.ts';
import { Spoken } from '../../parts/voice.tsx';
import { finders, readFinders, visit, visited } from '../../vault/find-vault.ts';

/** `link` puts the way to the backup by with a provider, `find` asks one for it. */
export function Finders({ does }: { does: 'link' | 'find' }) {
  useEffect(() => void readFinders(), []);
  const state = visited.value;
  if (finders.value.length === 0 && !state) return null;
  return (
    <section class="stack finders">
      <p class="soft">{say(does === 'link' ? 'linkText' : 'findText')}</p>
      <Spoken>
        {state && 'done' in state && <Notice tone="good">{say('linkDone')}</Notice>}
        {state && 'code' in state && <Notice tone="bad">{reason(state.code)}</Notice>}
      </Spoken>
      {finders.value.map((provider) => (
        <button type="button" key={provider} onClick={() => void visit(provider, does)}>
          {say(does === 'link' ? 'linkWith' : 'findWith', { provider: providerName(provider) })}
        </button>
      ))}
    </section>
  );
}
