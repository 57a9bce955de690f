// What the background and our script in a page say to each other: how a page looks, what is to be filled in, and how that went.
import type { TypedLogin } from './messages.ts';

/** What the content script is handed for one step: no more than the step needs. */
export interface FillOrder {
  /** The document that this is meant for. */
  mark: string;
  /** The origin that the phone confirmed. */
  origin: string;
  /** The one other origin that the form may be posted to: the phone was shown it. */
  sendsTo?: string | undefined;
  /** The form is in a frame, and that frame's origin is the one confirmed. */
  frame: boolean;
  username: string;
  password: string;
  /** For a third field: company, team, tenant. */
  extra: string;
  otp: string;
  /** The password is a new one: it goes where one is set, and nothing is sent. */
  newPassword?: boolean;
  /** The password in force, for a form that changes it. */
  current?: string;
}

/** What a page asks for at one moment. */
export type Step = 'sign-in' | 'name' | 'password' | 'code';

/**
 * How a fill ended. `filled`: values were set and sent. `entered`: they were set and stand there, and nothing was sent, because the
 * person is to look at a new password first (`new`), because the page asks somebody who is in for the password once more (`again`), or
 * because it has no button that can be pressed now. `covered`: there is a form,
 * which no person can see.
 */
export type FillReport =
  | { done: 'filled'; step: Step }
  | { done: 'entered'; step: Step | 'new' | 'again' }
  | { done: 'not-filled'; code: 'page-left' | 'no-form' | 'covered' | 'does-not-fit' | Fault };

/** Why a page was kept from sending what was filled in. */
export type Fault = 'origin-mismatch' | 'password-in-address';

/** What a page looks like to somebody who wants to sign in. */
export interface Look {
  mark: string;
  origin: string;
  title: string;
  /** The step of a sign-in that the page shows; empty for none. */
  step: Step | '';
  /** That step has a place for a one-time code, for a company or team. */
  otp: boolean;
  extra: boolean;
  /** The one origin besides its own that its first form would be posted to; undefined for none. */
  sendsTo?: string | undefined;
  /** The page sets a password, and no form of it signs in: for a new account, or in the place of an old one. */
  sets: '' | 'new' | 'changed';
  /** What it says of that password: `passwordrules` and lengths. */
  rules: string;
  /** The name that was typed beside it. */
  name: string;
  /** On a companion's own sign-in page: the OpenID sign-in that waits there for a proof of identity. */
  signIn: string;
  /** The field of that form that is sent last (password, code, name) holds something. */
  typed: boolean;
  /** The fields of that form, by name and type: tells the same form in another document from another one. */
  fields: string;
  /** That form can be sent by nobody as it stands: a box that has to be ticked, a field that has to be filled in. */
  unfinished: boolean;
  /** What is said of the fields of that form that nothing was put into: a number or the letters of a picture to be copied, perhaps. */
  unfilled: string;
  /** Another form beside it asks for a one-time code. */
  asksCode: boolean;
  /** Something has left since this document was filled in: a form that the browser sends, a script's request that was answered. */
  sent: boolean;
  /** The HTTP status that its scripts were answered with last since, 0 for none, 1 where it may not be the form’s; what they asked for before the press does not count. */
  answer: number;
  /** The page tried to send what was filled in to where it must not go, and was kept from it. */
  stopped: Fault | '';
  /** A code is asked for that came by message or e-mail. */
  sentCode: boolean;
  /** What only the person can deal with. */
  obstacle: '' | 'captcha' | 'passkey';
  /** The page's visible alerts, one a line, the plainest first; empty for none. */
  alert: string;
  /** What the page says to whoever looks at it, line by line, its title first; of a long page its beginning and its end. */
  lines: string[];
  /** Origins of the frames of other sites on the page. */
  frames: string[];
  /** HTTP status of the document, 0 where the browser does not say. */
  status: number;
  loaded: boolean;
}

/** The same as the page's own script tells it: what the page says as one text. */
export type Glance = Omit<Look, 'lines'> & { text: string };

/** What content.js leaves in the extension's own world of a page. */
export interface ContentApi {
  look(): Glance;
  fill(order: FillOrder): Promise<FillReport>;
  /** Resolves when the page has changed, at the latest after `ms`. @returns whether it has */
  change(ms: number): Promise<boolean>;
  /** From now on tells of forms that the person typed and sent. */
  watch(tell: (typed: TypedLogin) => void): void;
}
