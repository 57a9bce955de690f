// The recovery sheet, on screen and on paper. Another phone scans the same code.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { fromBase64 } from '../../../protocol/encoding.ts';
import type { QrPath } from '../../../protocol/qr-code.ts';
import { sheetLink, sheetWords } from '../../../protocol/recovery.ts';
import { Mark, QrCode } from '../../../ui/components.tsx';
import { say } from '../../parts/language.ts';
import { away, recovery } from '../../vault/vault.ts';

export function Sheet({ onDone }: { onDone: () => void }) {
  const drawn = useSignal<QrPath | undefined>(undefined);
  const key = recovery.value;
  useEffect(() => {
    if (key)
      void Promise.all([sheetLink(location.origin, fromBase64(key)), import('../../../protocol/qr-code.ts')]).then(
        ([link, { qrPath }]) => {
          drawn.value = qrPath(link);
        },
      );
  }, [key]);
  if (!key) return null;
  return (
    <main>
      <section class="sheet stack">
        <h1>
          <Mark size={28} /> {say('sheetTitle')}
        </h1>
        <p>{say('sheetText')}</p>
        {drawn.value && <QrCode path={drawn.value.path} size={drawn.value.size} label={say('sheetTitle')} />}
        <p class="words">
          {sheetWords(fromBase64(key)).map((word, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups never move, and two may be alike
            <span key={index}>{word}</span>
          ))}
        </p>
        <p class="soft">{location.origin}</p>
        <p class="print-only">{say('sheetPassphrase')}</p>
      </section>
      <div class="actions">
        <button
          type="button"
          class="primary"
          onClick={() => {
            away();
            print();
          }}
        >
          {say('printSheet')}
        </button>
        <button type="button" onClick={onDone}>
          {say('sheetKept')}
        </button>
        <p class="hint">{say('sheetOtherPhone')}</p>
      </div>
    </main>
  );
}
