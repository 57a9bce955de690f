// What was typed by hand can be saved on a phone: the offer, and the phone that is asked.
import { CircleSlash, Save, Smartphone } from 'lucide';
import type { Offer, View } from '../extension/view.ts';
import { hasEnded } from '../protocol/session/common.ts';
import type { About, Button, Frame, Words } from './frame.ts';
import { whyNoAnswer } from './waiting.ts';
import { reachable } from './ways.ts';

export function offerFrame(about: About, { say }: Words, { tabId, origin, username, saves }: Offer): Frame {
  const phones = reachable(about).map(
    ({ id, name }): Button => ({
      label: say('saveTo', { phone: name }),
      deed: { do: 'call', pairing: id, save: true },
    }),
  );
  const no: Button = { label: say('dontSave'), deed: { do: 'drop-offer', tabId } };
  const [only, another] = phones;
  return {
    tone: 'turn',
    visual: { of: 'icon', icon: Save },
    headline: say(saves === 'changed' ? 'saveChanged' : 'saveLogin'),
    detail: [[new URL(origin).host, username].filter((one) => one !== '').join(' · ')],
    rows: another ? [{ buttons: phones }] : [],
    // All buttons at once: a phone that came in later would push "Don't save" from under the finger and take its place.
    actions: !about.known ? [] : only && !another ? [only, no] : [no],
    main: only !== undefined && !another,
  };
}

/** A phone is asked to save: there is no code to scan for that. */
export function savingFrame(about: About, words: Words, current: View): Frame {
  const { say } = words;
  const { offer } = about.stored;
  if (!hasEnded(current.session))
    return {
      tone: 'turn',
      visual: { of: 'icon', icon: Smartphone },
      headline: say('asking', { phone: current.called?.name ?? '' }),
      detail: [say('askingToSave')],
      rows: [],
      actions: [{ label: say('cancel'), deed: { do: 'cancel', sid: current.sid } }],
    };
  const why = whyNoAnswer(current, words);
  const failed: Frame = {
    tone: 'stopped',
    visual: { of: 'icon', icon: CircleSlash },
    headline: say('saveFailed'),
    detail: [why],
    rows: [],
    actions: [{ label: say('close'), deed: { do: 'close' } }],
  };
  if (!offer) return failed;
  const again = offerFrame(about, words, offer);
  return { ...again, ...failed, detail: [why, ...again.detail], rows: again.rows, actions: again.actions };
}
