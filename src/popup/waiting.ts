// A code to scan, a phone that rings meanwhile, and everything else by which one can sign in here.
import { ServerOff } from 'lucide';
import type { Need } from '../extension/permissions.ts';
import type { Drawing, View } from '../extension/view.ts';
import { hasEnded } from '../protocol/session/common.ts';
import { toneOf } from '../ui/tones.ts';
import type { About, Button, Frame, Row, Words } from './frame.ts';
import { isHeldUp, RINGS_MS, secondsLeft } from './shown.ts';
import { automaticRow, phonesRow, providerRows, reachable, troubleWords } from './ways.ts';

const NEEDS = { frame: 'needFrame', steps: 'needSteps', outcome: 'needOutcome', basic: 'needBasic' } as const;

/** A permission for one site, which the browser asks for in the person's own click. */
function needOf(
  need: Need,
  current: View,
  { say, list }: Words,
): { text: string; buttons: [Button] | [Button, Button] } {
  const { why, origin, sister } = need;
  // Nothing of a private window lasts, and what is not the page's own is allowed as it comes.
  const canLast = !current.incognito && (why === 'steps' || why === 'outcome') && origin === current.origin && !sister;
  const site = list([origin, ...(sister ? [sister] : [])].map((one) => new URL(one).host));
  const once: Button = { label: say('allowOnce'), deed: { do: 'allow', need, keep: false } };
  const always: Button = { label: say('allowAlways'), deed: { do: 'allow', need, keep: true } };
  return { text: say(NEEDS[why], { site }), buttons: canLast ? [once, always] : [once] };
}

/** Why a phone that was asked led to nothing. */
export const whyNoAnswer = ({ session: { state, code } }: View, { reason }: Words): string => {
  if (state === 'expired') return reason('no-answer');
  return reason(code ?? (state === 'denied' || state === 'cancelled' ? state : 'not-opened'));
};

/** The companion does not answer: the code is of no use until it does. */
function offline(about: About, words: Words, drawing: Drawing | undefined, stop: Button | undefined): Frame {
  const { say } = words;
  const told = troubleWords(about, words);
  const other: Button = { label: say('otherCompanion'), deed: { do: 'choose-server' } };
  return {
    tone: 'stopped',
    step: 0,
    // One that does not admit this extension has to be started anew, and says how.
    visual: told.admit
      ? { of: 'icon', icon: ServerOff }
      : {
          of: 'code',
          ...(drawing ? { drawing } : {}),
          over: { label: say('refresh'), deed: { do: 'begin', anew: true } },
        },
    ...told,
    rows: [],
    actions: stop ? [stop, other] : [other],
  };
}

/** @param current none while the tab's own sign-in is not there yet: the code that lies ready is shown until then */
export function waitingFrame(about: About, words: Words, drawing: Drawing | undefined, current?: View): Frame {
  const { say } = words;
  const { request } = about.stored;
  const ringing = request?.session.state === 'created' ? request : undefined;
  const failed = request && hasEnded(request.session) && request.session.state !== 'cancelled' ? request : undefined;
  const plain: Frame = {
    tone: 'turn',
    step: 0,
    visual: { of: 'code', ...(drawing ? { drawing } : {}) },
    headline: drawing ? say('scan') : say('preparing'),
    detail: [],
    rows: [],
    actions: [],
  };
  // What belongs to the sign-in comes together with the phones: nothing moves away under a finger.
  if (!about.known || !current) return plain;
  const stop: Button | undefined = ringing && { label: say('stopAsking'), deed: { do: 'cancel', sid: ringing.sid } };
  if (current.up === false) return offline(about, words, drawing, stop);
  const need = current.need && needOf(current.need, current, words);
  const rows = (failedPhone?: string, ringingPhone?: string): Row[] => [
    ...phonesRow(about, words, failedPhone, ringingPhone),
    ...automaticRow(about, words, current),
    ...providerRows(about, words, current),
  ];
  const counted: Frame = {
    ...plain,
    visual: {
      of: 'code',
      ...(drawing ? { drawing } : {}),
      ...(isHeldUp(current) ? {} : { seconds: secondsLeft(current.session, about.now) }),
    },
  };
  if (ringing && stop) {
    const { pairing = '', name: phone = '' } = ringing.called ?? {};
    if (about.now >= ringing.session.startedAt + RINGS_MS)
      return {
        ...counted,
        headline: say('askedInVain', { phone }),
        detail: [words.reason('no-answer')],
        rows: rows(undefined, pairing),
        actions: [{ label: say('askAgain', { phone }), deed: { do: 'call', pairing, save: false } }, stop],
      };
    const rings = { ...counted, step: 1, headline: say('asking', { phone }) } as const;
    // There is room for what the sign-in needs, or for other ways to begin one.
    return need
      ? { ...rings, detail: [need.text], rows: [{ buttons: [stop] }], actions: need.buttons }
      : { ...rings, detail: [say('askingHint')], rows: rows(undefined, pairing), actions: [stop] };
  }
  const invitation = current.purpose === 'new' ? say('scanNew') : say(reachable(about).length > 0 ? 'scanAny' : 'scan');
  return {
    ...counted,
    ...(failed ? { tone: toneOf(failed.session) } : {}),
    headline: failed ? say('notSignedIn') : drawing ? invitation : say('preparing'),
    detail: [
      ...(failed ? [whyNoAnswer(failed, words)] : []),
      ...(need ? [need.text] : []),
      ...(current.purpose === 'new' ? [say('newFor', { site: about.site })] : []),
      ...(!current.formSeen && !need && !failed ? [say('noFormYet')] : []),
    ],
    rows: rows(failed?.called?.pairing),
    actions: need?.buttons ?? [],
  };
}
