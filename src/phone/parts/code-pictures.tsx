// Codes from pictures that lie on the phone: a photo of a code, a screenshot of another app's. They are read here and go nowhere.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { codeOf } from '../../protocol/errors.ts';
import { openDecoder } from './decoder.ts';
import { reason, say } from './language.ts';
import { Spoken } from './voice.tsx';

/** @param onCodes is given the texts of all codes in the pictures that a person chose, one a line */
export function CodePictures({ onCodes }: { onCodes: (texts: string) => void }) {
  const told = useSignal('');
  const chooser = useRef<HTMLInputElement>(null);
  const look = async (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    // The same picture may be chosen again.
    input.value = '';
    if (files.length === 0) return;
    told.value = say('pictureReading');
    const decoder = openDecoder();
    const texts = new Set<string>();
    let without = 0;
    let cutOff = false;
    for (const file of files) {
      const found = await decoder.inPicture(file).catch((error: unknown) => {
        cutOff ||= codeOf(error, 'not-a-code') === 'unreachable';
        return [];
      });
      for (const text of found) texts.add(text);
      if (found.length === 0) without++;
    }
    decoder.end();
    if (cutOff) told.value = reason('unreachable');
    else told.value = without > 0 ? say('pictureNone', { count: without, all: files.length }) : '';
    if (texts.size > 0) onCodes([...texts].join('\n'));
  };
  return (
    <>
      <button type="button" onClick={() => chooser.current?.click()}>
        {say('choosePicture')}
      </button>
      <input
        ref={chooser}
        type="file"
        accept="image/*"
        multiple
        hidden
        onChange={({ currentTarget }) => void look(currentTarget)}
      />
      <Spoken class="told">{told.value && <p>{told.value}</p>}</Spoken>
    </>
  );
}
