// What the popup shows, decided from what storage holds of its tab: nothing is asked for here, nothing drawn.
import * as v from 'valibot';
import { Drawing, NEXT_KEY, Offer, SAVE_OFFER_PREFIX, SIGN_IN_PREFIX, View } from '../extension/view.ts';
import { hasEnded } from '../protocol/session/common.ts';
import { type BrowserSession, TIMES } from '../protocol/session/types.ts';

/** What storage holds for one tab. */
export interface Stored {
  /** The sign-in by code. */
  signIn?: View;
  /** The request to a remembered phone. */
  request?: View;
  /** A login that was typed by hand and can be saved. */
  offer?: Offer;
  /** The code that lies ready for any tab. */
  drawing?: Drawing;
}

const SignIn = v.object({ view: View });
const Next = v.object({ drawing: Drawing });

/** @param stored everything in `storage.session`; what does not pass its schema counts as absent */
export function readStored(stored: Record<string, unknown>, tabId: number | undefined, now: number): Stored {
  const views = Object.entries(stored)
    .filter(([key]) => key.startsWith(SIGN_IN_PREFIX))
    .flatMap(([, value]) => {
      const parsed = v.safeParse(SignIn, value);
      return parsed.success && parsed.output.view.tabId === tabId ? [parsed.output.view] : [];
    })
    .sort((a, b) => b.session.startedAt - a.session.startedAt);
  // Of several the newest that has moved on counts.
  const foremost = (of: View[]) => of.find(({ session }) => session.state !== 'created' && !hasEnded(session)) ?? of[0];
  const signIn = foremost(views.filter(({ called }) => !called));
  const request = foremost(views.filter(({ called }) => called));
  const offer = v.safeParse(Offer, stored[`${SAVE_OFFER_PREFIX}${tabId}`]);
  const next = v.safeParse(Next, stored[NEXT_KEY]);
  return {
    ...(signIn ? { signIn } : {}),
    ...(request ? { request } : {}),
    ...(offer.success && offer.output.until > now ? { offer: offer.output } : {}),
    ...(next.success ? { drawing: next.output.drawing } : {}),
  };
}

const ENDED_BADLY: readonly string[] = ['denied', 'expired', 'cancelled', 'failed'];
export const isFailed = ({ session: { state, result } }: View): boolean =>
  ENDED_BADLY.includes(state) || result === 'not-filled';

/** Whether the code is of use only once the person has allowed something: until then there is no form. */
export const isHeldUp = ({ need }: View): boolean => need?.why === 'frame' || need?.why === 'basic';

/** Seconds for which a code is still shown. */
export const secondsLeft = ({ startedAt }: BrowserSession, now: number): number =>
  Math.max(0, Math.ceil((startedAt + TIMES.shownMs - Math.max(now, startedAt)) / 1000));

/** A phone that has not been taken up for this long is given up by the popup, which offers to ask again. */
export const RINGS_MS = 60_000;

/** Longer than this nobody waits without a word. */
const SLOW_MS = 5_000;

/** Whether a page that was filled in, or is being filled in, keeps one waiting for its answer. */
export function isSlow({ state, deadline, otp }: BrowserSession, now: number): boolean {
  if (otp === 'asked' || (state !== 'filled' && state !== 'delivering')) return false;
  return now - deadline + (state === 'filled' ? TIMES.outcomeMs : TIMES.deliverMs) >= SLOW_MS;
}

export type Shown = { purpose: View['purpose'] } & (
  | { screen: 'waiting'; drawing: Drawing | undefined; current?: View }
  | { screen: 'asking' | 'going-on' | 'outcome' | 'saving'; current: View }
  | { screen: 'offer'; offer: Offer }
);

/** Which screen the popup is at. */
export function shownOf({ signIn, request, offer, drawing }: Stored, now: number): Shown {
  // A request that was taken up, or went well, stands before the code.
  const moved = request && request.session.state !== 'created' && !isFailed(request) ? request : undefined;
  const current = moved ?? signIn;
  const purpose = current?.purpose ?? 'sign-in';
  const saving = request?.purpose === 'save' && request.session.state !== 'done' ? request : undefined;
  if (saving && (!moved || hasEnded(moved.session))) return { screen: 'saving', purpose: 'save', current: saving };
  if (offer && !moved) return { screen: 'offer', purpose, offer };
  if (!current) return { screen: 'waiting', purpose, drawing };
  const { state } = current.session;
  // One that is over its time gives its place to the next code at once.
  if (state === 'created' && secondsLeft(current.session, now) === 0) return { screen: 'waiting', purpose, drawing };
  if (state === 'created') return { screen: 'waiting', purpose, drawing: current.drawing, current };
  if (state === 'joined' || state === 'requested' || state === 'setting-up' || state === 'holding')
    return { screen: 'asking', purpose, current };
  return { screen: hasEnded(current.session) ? 'outcome' : 'going-on', purpose, current };
}
