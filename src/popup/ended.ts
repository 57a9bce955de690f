// How a sign-in ended, and what can be agreed on after one that went well; or why none could be begun.
import { Ban, ServerOff } from 'lucide';
import type { View } from '../extension/view.ts';
import type { Code } from '../protocol/errors.ts';
import { ICONS, iconOf, toneOf } from '../ui/tones.ts';
import type { About, Button, Frame, Row, Words } from './frame.ts';
import { isTrouble } from './troubles.ts';
import { automaticOffer, automaticRow, troubleWords } from './ways.ts';

/** Why a sign-in led to nothing. */
function whyNot({ session: { state, code } }: View, { reason }: Words): string {
  const ending = state === 'denied' || state === 'cancelled' || state === 'expired' ? state : undefined;
  return reason(code ?? ending ?? 'not-opened');
}

/** After a sign-in by code: next time one click is enough, if both sides want it. */
function trust(current: View, { say }: Words): { detail: string[]; actions?: [Button, Button] } {
  const { sid, pairing, phone = '' } = current;
  if (pairing === 'remembered') return { detail: [say('rememberKept', { phone })] };
  if (pairing === 'said') return { detail: [say('rememberSaid', { phone })] };
  if (pairing !== 'offered' && pairing !== 'asked') return { detail: [] };
  return {
    detail: [say(pairing === 'asked' ? 'rememberAsked' : 'rememberOffer', { phone }), say('rememberHint')],
    actions: [
      { label: say('remember'), deed: { do: 'pair', sid, yes: true } },
      { label: say('notHere'), deed: { do: 'pair', sid, yes: false } },
    ],
  };
}

export function endedFrame(about: About, words: Words, current: View): Frame {
  const { say } = words;
  const { state, result, code, text } = current.session;
  const tone = toneOf(current.session);
  const told = state === 'done' && result !== 'not-filled' ? result : undefined;
  const sentence = told && !code ? say(told) : whyNot(current, words);
  const said = text ? [say('siteSaid', { text })] : [];
  const anew: Button = { label: say('newCode'), deed: { do: 'begin', anew: true } };
  const close: Button = { label: say('close'), deed: { do: 'close' } };
  const isSignIn = current.purpose === 'sign-in' || current.purpose === 'identity';
  if (tone === 'danger')
    return {
      tone,
      visual: { of: 'icon', icon: iconOf(current.session) },
      headline: say('stoppedForSafety'),
      detail: [sentence, ...said],
      rows: automaticRow(about, words, current),
      actions: [close, anew],
    };
  if (tone === 'stopped') {
    const { drawing } = current;
    const expired = state === 'expired' && !code && drawing !== undefined;
    return {
      tone,
      visual: expired
        ? { of: 'code', drawing, over: { ...anew, label: say('refresh') } }
        : { of: 'icon', icon: iconOf(current.session) },
      headline: say('notSignedIn'),
      detail: [expired ? say('codeExpired') : sentence, ...said],
      rows: automaticRow(about, words, current),
      actions: expired ? [] : [anew],
      main: true,
    };
  }
  const { detail, actions } = trust(current, words);
  const who = [current.account, current.phone].filter((one) => one !== undefined).join(' · ');
  const offers: Row[] = automaticOffer(about, words, current);
  const open = actions !== undefined || current.pairing === 'said' || offers.length > 0;
  // Until the browser has said whether the permission is there, it is not known whether something is offered.
  const known = !current.called || about.given?.origin === current.origin;
  return {
    tone,
    ...(isSignIn ? { step: tone === 'done' ? (3 as const) : (2 as const) } : {}),
    visual: { of: 'icon', icon: iconOf(current.session) },
    headline: tone === 'done' ? sentence : say('yourTurn'),
    detail: [...(tone === 'done' ? [] : [sentence]), ...(who ? [who] : []), ...said, ...detail],
    rows: [...automaticRow(about, words, current), ...offers],
    actions: actions ?? [close],
    main: actions !== undefined,
    ...(tone === 'done' && !open && known && said.length === 0 ? { closes: true } : {}),
  };
}

/** Nothing could be begun. */
export function refusedFrame(about: About, words: Words, code: Code): Frame {
  const { say, reason } = words;
  const plain = { tone: 'stopped', rows: [], main: true } as const;
  if (code === 'page-forbidden' || code === 'site-not-allowed' || code === 'policy-wrong')
    return {
      ...plain,
      visual: { of: 'icon', icon: Ban },
      headline: say('cannotHere'),
      detail: [reason(code)],
      actions: [{ label: say('close'), deed: { do: 'close' } }],
      main: false,
    };
  // A code could be begun here if a server had ever been reached.
  if (isTrouble(code))
    return {
      ...plain,
      visual: { of: 'icon', icon: ServerOff },
      ...troubleWords(about, words, code),
      actions: [{ label: say('finishSetup'), deed: { do: 'finish-setup' } }],
    };
  return {
    ...plain,
    visual: { of: 'icon', icon: ICONS.stopped },
    headline: say('notSignedIn'),
    detail: [reason(code)],
    actions: [{ label: say('tryAgain'), deed: { do: 'begin', anew: false } }],
  };
}
