// Which answer fits which request: a phone releases no other, and a browser takes no other.
import type { Message } from '../messages.ts';

type Request = Message<'request'>;
/** What a tap releases. */
export type Release = Exclude<Message<'answer'>, { t: 'denied' }>;

/** What was asked of the phone: an answer counts for this alone. */
export interface Asked extends Pick<Request, 'kind' | 'frameOrigin'> {
  /** `requestHash` of the request. */
  hash: string;
}

const ANSWERS: Readonly<Record<Request['kind'], Release['t']>> = {
  password: 'credential',
  otp: 'credential',
  basic: 'credential',
  new: 'credential',
  save: 'saved',
  identity: 'identity',
  'set-up': 'saved',
};

/** Whether `answer` is to this very request, of the kind that it asks for, and for its frame. */
export const isAnswerTo = (answer: Release, { hash, kind, frameOrigin }: Asked): boolean =>
  answer.request === hash &&
  answer.t === ANSWERS[kind] &&
  (answer.t !== 'credential' || answer.frameOrigin === frameOrigin);

/**
 * Whether `answer` gives nothing that `request` did not ask for, and so nothing that the screen did not say.
 * @param remembered the browser is one that the phone remembers: no other may have a login saved, or keep a password
 * @param laterCode the site may still ask for a one-time code: one a sign-in, and only after a form, which leads on to a page
 */
export function isWithin(answer: Release, request: Request, remembered: boolean, laterCode: boolean): boolean {
  const { kind, saves, otp, extra, keep } = request;
  if (answer.t !== 'credential') return !laterCode && (answer.t !== 'saved' || kind === 'set-up' || remembered);
  const { username, password, current } = answer;
  return (
    (kind !== 'otp' || (username === '' && password === '')) &&
    (answer.otp === undefined || kind === 'otp' || otp === true) &&
    (!laterCode || (answer.otp === undefined && kind === 'password')) &&
    (answer.extra === undefined || extra === true) &&
    (answer.kept !== true || (keep !== undefined && remembered)) &&
    (current === undefined || (kind === 'new' && saves === 'changed'))
  );
}
