// A phone has taken the sign-in up: what its person has to do there; and the page that is filled in with its answer.
import { Hourglass, KeyRound, ShieldAlert, Smartphone } from 'lucide';
import type { View } from '../extension/view.ts';
import type { About, Frame, Words } from './frame.ts';
import { isSlow } from './shown.ts';
import { providerRows, troubleWords } from './ways.ts';

/** The person has confirmed, far away, and the phone waits: there is nothing left to do but to stop it. */
function holdingFrame(about: About, words: Words, { phone = '', sid, up, called }: View): Frame {
  const { say } = words;
  const cutOff = up === false ? troubleWords(about, words) : undefined;
  return {
    tone: 'turn',
    step: 2,
    visual: { of: 'icon', icon: Hourglass },
    headline: say('holding', { phone: phone || (called?.name ?? '') }),
    detail: [say('holdingHint'), ...(cutOff ? [cutOff.headline] : [])],
    rows: [],
    actions: [{ label: say('cancel'), deed: { do: 'cancel', sid } }],
  };
}

export function askingFrame(about: About, words: Words, current: View): Frame {
  const { say } = words;
  if (current.session.state === 'holding') return holdingFrame(about, words, current);
  const { drawing, phone, near, called, second, sid } = current;
  const settingUp = current.session.state === 'setting-up';
  // There is nothing yet to type them into.
  const digits = settingUp ? undefined : current.digits;
  // Without nearness the phone must see the code with its own camera, so it stays.
  const far = near === false;
  const numbered = digits !== undefined && (far || about.opened.number);
  const number =
    digits === undefined || far
      ? []
      : [{ buttons: [{ label: say('asksNumber'), deed: { do: 'show-number' }, open: about.opened.number } as const] }];
  const cancel = { label: say(phone && !called ? 'notMe' : 'cancel'), deed: { do: 'cancel', sid } } as const;
  const cutOff = current.up === false ? troubleWords(about, words) : undefined;
  return {
    tone: second ? 'danger' : 'turn',
    step: 1,
    visual:
      far && !called && drawing ? { of: 'code', drawing } : { of: 'icon', icon: second ? ShieldAlert : Smartphone },
    headline: settingUp
      ? say('settingUp')
      : phone || called
        ? say('confirm', { phone: phone ?? called?.name ?? '' })
        : say('scanned'),
    detail: [
      ...(second ? [say('second')] : []),
      ...(numbered ? [say(!far ? 'number' : called ? 'farCalled' : 'far')] : []),
      ...(cutOff ? [cutOff.headline, ...(numbered ? [] : cutOff.detail)] : []),
    ],
    // The code and the number have their room first.
    admit: cutOff?.admit === true && !numbered && !far,
    ...(numbered ? { digits } : {}),
    rows: [...number, ...(called ? providerRows(about, words, current) : [])],
    actions: cutOff ? [cancel, { label: say('otherCompanion'), deed: { do: 'choose-server' } }] : [cancel],
  };
}

export const goingOnFrame = ({ now }: About, { say }: Words, { session, account }: View): Frame => ({
  tone: 'turn',
  step: 2,
  visual: { of: 'icon', icon: session.otp === 'asked' ? Smartphone : KeyRound },
  headline:
    session.otp === 'asked' ? say('askingCode') : account ? say('signingIn', { account }) : say('signingInPlain'),
  detail: isSlow(session, now) ? [say('slow')] : [],
  rows: [],
  actions: [],
});
