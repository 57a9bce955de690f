// How a sign-in went, judged from looks at its page, one after the other: what each says by itself, and whether it stays so.
import type { Look } from '../extension/page-api.ts';
import type { Code } from '../protocol/errors.ts';
import type { Result } from '../protocol/outcomes.ts';
import type { BrowserEvent } from '../protocol/session/browser.ts';
import { hear } from './phrases.ts';

/** The page as it stood when it was sent; what is not known of it counts as absent. */
export interface Before extends Pick<Look, 'mark' | 'alert'> {
  lines?: readonly string[] | undefined;
  title?: string | undefined;
  sets?: Look['sets'] | undefined;
  otp?: boolean | undefined;
  asksCode?: boolean | undefined;
  sentCode?: boolean | undefined;
  obstacle?: Look['obstacle'] | undefined;
  unfilled?: string | undefined;
  fields?: string | undefined;
  /** A code was given to it, or before it. */
  otpGiven?: boolean | undefined;
  /** The name that was given to it. */
  account?: string | undefined;
  /** What its scripts ask its site for would be known. */
  isHeard?: boolean | undefined;
}

/** How it went; `otp`: a one-time code is asked for. */
export interface Told {
  result: Result | 'otp';
  /** The site's own words. */
  text: string;
  /** Why it cannot be told, or was not sent. */
  code?: Code;
  /** The page says itself that somebody is in: it greets, or offers a way out. */
  welcomes?: boolean;
  /** The rule that told so, for whoever asks why (`npm run outcome`). */
  by?: string;
}

/** What that means to the conversation with the phone. */
export const eventOf = ({ result, text, code }: Told): BrowserEvent =>
  result === 'otp' ? { t: 'otp-wanted' } : { t: 'outcome', result, text, ...(code ? { code } : {}) };

/** What one look says; `none`: nothing yet. */
export interface Reading {
  /** When it was looked, ms since the page was sent. */
  at: number;
  says: Told['result'] | 'none';
  text: string;
  /** For how long it has to stay so to be believed, in ms. */
  holds: number;
  /** The rule that says so. */
  by: string;
  /** There was no form. */
  gone: boolean;
  /** It greeted, or offered a way out, as the page before it did not. */
  welcomes: boolean;
  /** Lines that have stood there all the time. */
  old: ReadonlySet<string>;
}

/** Two looks in a row. */
const AT_ONCE = 0;
/** What asks for nothing more, or says something in no words that are known. */
const CALM = 1_000;
/** A field that was emptied, a form that cannot be sent: the page may still be about to say more. */
const SILENT = 2_500;
/** What came is hardly anything: it may be about to jump on, or back. */
const THIN = 4_500;
/** Nothing was asked for, and nothing moves. */
const DEAD = 6_000;
/** The form has gone, and nothing came. */
const EMPTY = 7_000;
/** So many letters that are new, and say neither that it went wrong nor that it goes on, are a page. */
const SUBSTANCE = 80;
/** A page that has more to say than these letters does not stand there to refuse, to refuse although it greets, or to say that something failed. */
const REFUSAL = 800;
const FAILURE = 400;
/** Among so many lines a word that fails may be about any of them. */
const FEW = 3;
/** A line of so many letters with a name in it shows who is in; a longer one says something of somebody. */
const NAME = 40;
/** So many lines that refuse are a list of what happened to others. */
const LIST = 6;

/** Whether a status says that the site did not come to judge: it is broken, asked too often, or has nothing there. */
const judgesNothing = (status: number): boolean => status >= 500 || [404, 405, 408, 410, 419, 429].includes(status);

/** What the page has said since it was sent. */
interface Heard {
  /** That name, password or code are wrong. */
  refusal: string | undefined;
  /** That something went wrong, whatever it may be. */
  failure: string | undefined;
  /** What fails is only marked so among other lines, as a row of a list is: it says nothing of whoever has signed in. */
  isMarked: boolean;
  /** The same in an alert. */
  alarm: string | undefined;
  /** Any other alert that is not about going on or having worked. */
  complaint: string | undefined;
  /** That not the person but the site has failed. */
  broken: string | undefined;
  asks: boolean;
  setsUp: boolean;
  goesOn: boolean;
  isIn: boolean;
  /** The same by a way out: nothing else outweighs a refusal. */
  leaves: boolean;
  greets: boolean;
  /** The same by the name that was given. */
  greetsByName: boolean;
  /** Letters of what says nothing of all this. */
  substance: number;
  /** Letters in all. */
  length: number;
  /** The refusal that the document before this one spoke, and that nobody may have had the time to read. */
  earlier: string | undefined;
}

const lettersOf = (said: readonly { line: string }[]): number => said.reduce((sum, { line }) => sum + line.length, 0);

/** Whether a line has that name in it, or what an address begins with. */
function names(line: string, account = ''): boolean {
  const [name = ''] = account.toLowerCase().split('@');
  return name.length > 2 && line.toLowerCase().includes(name);
}

function listen(
  { lines, alert, title }: Look,
  before: Before,
  old: ReadonlySet<string>,
  moved: boolean,
): Omit<Heard, 'earlier'> {
  // A document that complains as the one before it did has been asked once more.
  const known = new Set(before.alert.split('\n').filter((line) => !moved || !hear(line).fails));
  const alerts = alert.split('\n').filter((line) => line !== '' && !known.has(line));
  const fresh = new Set([...alerts, ...lines.filter((line) => !old.has(line))]);
  const all = [...fresh].map((line) => ({ line, isAlert: alerts.includes(line), ...hear(line) }));
  // What the sign-in page showed itself tells of nobody who is in, not even where it was away in between; a complaint is made anew.
  const said = all.filter(({ line, isAlert, fails, isBroken }) => {
    return isAlert || fails || isBroken || !before.lines?.includes(line);
  });
  const plain = said.filter(({ fails, goesOn }) => !fails && !goesOn);
  const isPorch = plain.some(({ letsIn }) => letsIn);
  // What a page has to say to whoever came stands at its top; a row stands below what the list is of.
  const isRow = ({ line, isAlert, isMark, refuses }: (typeof said)[number], at: number) => {
    const above = plain.filter((one) => said.indexOf(one) < at);
    return isMark && !isAlert && (!refuses || (above.length > FEW && line !== title && !isPorch));
  };
  const fails = said.some((one) => one.fails);
  const isMarked = fails && said.length > FEW && said.every((one, at) => !one.fails || isRow(one, at));
  const refusals = isMarked ? [] : said.filter(({ refuses }) => refuses);
  const isNamed = plain.some(({ line }) => names(line, before.account) && line.length < NAME);
  return {
    refusal: refusals.length < LIST ? refusals[0]?.line : undefined,
    failure: said.find(({ fails }) => fails)?.line,
    isMarked,
    alarm: said.find(({ fails, isAlert }) => fails && isAlert)?.line,
    complaint: said.find(({ isAlert, goesOn, greets, isIn }) => isAlert && !goesOn && !greets && !isIn)?.line,
    broken: said.find(({ isBroken }) => isBroken)?.line,
    asks: said.some(({ asks }) => asks),
    setsUp: said.some(({ setsUp }) => setsUp),
    goesOn: said.some(({ goesOn, isMark }) => goesOn && !(isMark && plain.length > FEW)),
    isIn: said.some(({ isIn }) => isIn) || (isMarked && isNamed),
    leaves: said.some(({ leaves }) => leaves),
    greets: said.some(({ greets }) => greets),
    greetsByName: said.some(({ greets, line }) => greets && names(line, before.account)),
    substance: lettersOf(plain),
    length: lettersOf(said),
  };
}

type Said = Pick<Reading, 'says' | 'holds' | 'by'> & { text?: string | undefined };
const nothing = (by: string): Said => ({ says: 'none', holds: AT_ONCE, by });

/** A page that asks for nothing: somebody is in, or it refuses without asking again. */
function withoutForm(look: Look, before: Before, heard: Heard, moved: boolean): Said {
  const { status, answer, obstacle, sets, title, lines } = look;
  const { refusal, failure, alarm, broken, isIn, leaves, greets, substance, length } = heard;
  const isQuiet = !isIn && !greets;
  const asks = heard.asks && isQuiet && length < REFUSAL;
  const isPlain = refusal === alarm || length < (isQuiet ? REFUSAL : FAILURE);
  const fails = length < FAILURE && isQuiet && !asks ? failure : undefined;
  const refused = (isPlain ? refusal : undefined) ?? (heard.isMarked ? undefined : fails);
  // A password that has run out has been the right one.
  if (sets && refusal)
    return { says: 'more', text: refusal, holds: AT_ONCE, by: 'a password is set where one was refused' };
  if (sets && !before.sets && isQuiet) return { says: 'more', holds: CALM, by: 'a password is to be set' };
  // A server that is broken has refused nothing.
  if (!refusal && isQuiet && ((moved && judgesNothing(status)) || broken))
    return {
      says: 'cannot-tell',
      text: broken ?? failure,
      holds: CALM,
      by: 'the site is broken, in words or by its status',
    };
  if (refused && !leaves)
    return {
      says: 'refused',
      text: refused,
      holds: isQuiet ? AT_ONCE : CALM,
      by: 'words refuse, and nobody could leave',
    };
  if (asks) return { says: 'more', holds: CALM, by: 'words ask for what only the person has' };
  if (fails && !leaves) return { says: 'cannot-tell', holds: CALM, by: 'something fails, among other things' };
  // A wall against robots forbids at first, and goes on or asks something.
  if (moved && (status === 401 || status === 403) && !heard.goesOn && obstacle !== 'captcha')
    return { says: 'refused', holds: AT_ONCE, by: 'the document has the status 401 or 403' };
  // A way home or to one's account stands on the pages of those who are out, too.
  if (refusal && !leaves)
    return { says: 'cannot-tell', text: refusal, holds: CALM, by: 'words refuse, on a page that says much or greets' };
  // Some go home without a word, where everybody is offered the way in; what a script draws there may still take it away.
  if (moved && !leaves && !heard.greetsByName && lines.some((line) => line !== title && hear(line).letsIn))
    return { says: 'cannot-tell', holds: THIN, by: 'everybody is offered the way in there' };
  // Some show a way out as soon as they ask whether somebody may come in.
  const calm = moved ? AT_ONCE : heard.goesOn ? THIN : CALM;
  // Under the title of the sign-in it may be the same page once more, whose form is still to come.
  const mayBeSame = heard.earlier !== undefined || (moved && title === before.title);
  if (isIn && !heard.earlier)
    return {
      says: 'signed-in',
      holds: calm,
      by: 'the form has gone, and one can leave or has a place of one’s own',
    };
  if (isIn || greets)
    return {
      says: 'signed-in',
      holds: mayBeSame ? THIN : calm,
      by: 'the form has gone, and the page greets',
    };
  if (obstacle === 'captcha') return { says: 'more', holds: CALM, by: 'a riddle in place of the form' };
  if (substance >= SUBSTANCE)
    return {
      says: 'signed-in',
      holds: mayBeSame ? THIN : CALM,
      by: 'the form has gone, and the page says much that is new',
    };
  if (heard.goesOn) return nothing('the page says that it goes on');
  // Nothing came, and what the page's script asked was denied.
  if (length === 0 && (answer === 401 || answer === 403))
    return { says: 'refused', holds: THIN, by: 'nothing came, and the page’s script was denied' };
  return { says: 'signed-in', holds: length > 0 ? THIN : EMPTY, by: 'the form has gone, and little or nothing came' };
}

/** A step that asks for a code. */
function atCode(look: Look, before: Before, heard: Heard, moved: boolean): Said {
  const { refusal, failure, complaint, setsUp } = heard;
  if (!before.otpGiven && setsUp) return { says: 'more', holds: AT_ONCE, by: 'a second factor is to be set up' };
  if (!before.otpGiven) return { says: 'otp', holds: AT_ONCE, by: 'a step asks for a code, and none was given' };
  const known = refusal ?? failure;
  if (known) return { says: 'refused', text: known, holds: AT_ONCE, by: 'words refuse the code' };
  if (complaint || moved) return { says: 'refused', text: complaint, holds: CALM, by: 'a code is asked for once more' };
  if (look.typed) return nothing('the code stands there');
  // Not every browser tells of a request whose answer nobody reads.
  return { says: 'refused', holds: look.sent ? SILENT : THIN, by: 'the field of the code was emptied' };
}

/** Whether the form asks for a one-time code that it did not ask for, or that it was not given, and refuses nothing else. */
function asksCode(look: Look, before: Before, { refusal, complaint }: Heard, moved: boolean): boolean {
  if (before.otpGiven || (refusal && !hear(refusal).code)) return false;
  if (look.asksCode && !before.asksCode) return true;
  return look.otp && look.step === 'sign-in' && (!before.otp || moved || complaint !== undefined);
}

/** The form is there, or there again. @param again it stands in another document, or was gone in between */
function atForm(look: Look, before: Before, heard: Heard, moved: boolean, again: boolean): Said {
  const { refusal, alarm, failure, isMarked } = heard;
  const known = alarm ?? refusal;
  const complaint = known ?? heard.complaint;
  if (asksCode(look, before, heard, moved))
    return look.typed
      ? { says: 'otp', holds: AT_ONCE, by: 'the form has a place for a code, beside what it holds' }
      : { says: 'more', text: complaint, holds: AT_ONCE, by: 'a code is asked for together with the password' };
  // The settings of an account have passwords, too.
  const isOther = moved && look.fields !== (before.fields ?? '') && !heard.earlier && (!failure || isMarked);
  // Whoever is asked for a name may be greeted all the same, and a server may write into its form what it was sent.
  const isLikeIn = look.step !== 'name' && (heard.isIn || heard.greets);
  const isFilled = look.step !== 'name' && look.typed;
  if (isOther && (heard.leaves || (isLikeIn && isFilled)))
    return { says: 'signed-in', holds: CALM, by: 'a form of other fields, as one who is in may see' };
  const unsolved = look.obstacle === 'captcha' || hear(look.unfilled).riddle;
  const isAsked = again || (complaint !== undefined && look.sent);
  // One that has just come up may be solved at once.
  const cameUp = look.sent && before.obstacle !== 'captcha' && !hear(before.unfilled ?? '').riddle;
  if (unsolved && (isAsked || cameUp) && (!refusal || hear(refusal).riddle))
    return { says: 'more', text: complaint, holds: isAsked ? AT_ONCE : EMPTY, by: 'a riddle is not solved' };
  if (refusal || (known && look.answer < 500))
    return { says: 'refused', text: known, holds: AT_ONCE, by: 'words beside the form refuse' };
  if (isOther && (isLikeIn || isFilled))
    return {
      says: 'cannot-tell',
      text: complaint,
      holds: SILENT,
      by: 'a form of other fields, filled in or below a greeting',
    };
  // A server that is broken, or whose form was too old, has refused nothing, though it shows the form again.
  if (heard.broken || look.answer >= 500 || (moved && judgesNothing(look.status)))
    return {
      says: 'cannot-tell',
      text: heard.broken ?? complaint,
      holds: SILENT,
      by: 'the site is broken, in words or by its answer',
    };
  if (again)
    return {
      says: 'refused',
      text: heard.earlier ?? complaint,
      holds: CALM,
      by: 'the form once more, in another document or after it was gone',
    };
  if (complaint && look.sent)
    return { says: 'refused', text: complaint, holds: CALM, by: 'an alert in other words, after something was sent' };
  if (failure && look.sent)
    return { says: 'refused', text: failure, holds: THIN, by: 'new words beside the form fail' };
  if (complaint) return { says: 'not-sent', text: complaint, holds: THIN, by: 'an alert, and nothing was sent' };
  if (look.sent && look.answer >= 400 && !judgesNothing(look.answer))
    return { says: 'refused', holds: SILENT, by: 'the page’s script was answered with 4xx' };
  if (!look.typed && look.step !== 'name')
    return { says: 'refused', holds: heard.goesOn ? THIN : SILENT, by: 'the field was emptied' };
  if (heard.asks && !heard.goesOn)
    return { says: 'more', holds: SILENT, by: 'words beside the form ask for what only the person has' };
  if (look.unfinished && !look.sent)
    return { says: 'not-sent', holds: SILENT, by: 'the browser finds the form unfinished' };
  // One that thinks has said so, or has at least been asked.
  const isStill = heard.length === 0 && (before.lines ?? []).every((line) => look.lines.includes(line));
  if (before.isHeard && !look.sent && isStill)
    return { says: 'not-sent', holds: DEAD, by: 'nothing was asked for, and nothing on the page has moved' };
  return nothing('the form stands as it was sent');
}

/**
 * What one look says of a sign-in.
 * @param readings of the looks before it
 * @param at when it was looked, ms since the page was sent
 */
export function read(look: Look, before: Before, readings: readonly Reading[], at: number): Reading {
  const moved = look.mark !== before.mark;
  // A line that was away in between has been said anew.
  const last = readings.at(-1)?.old ?? new Set(before.lines ?? (moved ? [] : look.lines));
  const old = new Set(look.loaded ? look.lines.filter((line) => last.has(line)) : last);
  const earlier = moved ? readings.findLast(({ says, text }) => says === 'refused' && text)?.text : undefined;
  const heard = { ...listen(look, before, moved ? last : old, moved), earlier };
  const cameBack = readings.filter(({ gone }) => gone).length >= 2;
  const told = ((): Said => {
    if (look.step === 'code') return atCode(look, before, heard, moved);
    const isSent = look.sentCode && (moved || !before.sentCode);
    if (isSent || (look.obstacle === 'passkey' && !look.step))
      return {
        says: 'more',
        text: heard.complaint,
        holds: AT_ONCE,
        by: isSent ? 'a code came by message' : 'a passkey is asked for',
      };
    return look.step ? atForm(look, before, heard, moved, moved || cameBack) : withoutForm(look, before, heard, moved);
  })();
  // What is still on its way may become anything.
  const isBegun = look.loaded || told.says !== 'signed-in' || told.holds < THIN;
  const holds = look.loaded ? told.holds : told.holds + THIN;
  const says = isBegun ? told.says : 'none';
  return {
    at,
    says,
    text: (told.text ?? '').slice(0, 120),
    holds,
    by: told.by,
    gone: look.step === '',
    welcomes: heard.isIn || heard.greets,
    old,
  };
}

/** How it went, once what the last looks said has stayed so; undefined while one has to look on. */
export function decide(readings: readonly Reading[]): Told | undefined {
  const last = readings.at(-1);
  if (!last || last.says === 'none') return undefined;
  const before = readings.findLastIndex(({ says, holds }) => says !== last.says || holds !== last.holds);
  const [first, second] = readings.slice(before + 1);
  if (!first || !second || last.at - first.at < last.holds) return undefined;
  const { says: result, text, welcomes, by } = last;
  return { result, text, welcomes, by, ...(result === 'cannot-tell' ? { code: 'unseen' } : {}) };
}

/** How it went, as far as one can tell, when nothing more is waited for. @param look the last one that there was */
export function giveUp(look: Look, before: Before, readings: readonly Reading[]): Told {
  const { says = 'none', text = '', by = '' } = readings.at(-1) ?? {};
  const moved = look.mark !== before.mark;
  const unseen = { result: 'cannot-tell', text: '', code: 'unseen' } as const;
  if (!look.step || moved) return { ...unseen, by: 'what came never stood still' };
  if (says !== 'none') return { result: says, text, by };
  if (!look.sent) return { result: 'not-sent', text: '', by: 'the form stands, and nothing was sent' };
  if (look.obstacle === 'captcha') return { result: 'more', text: '', by: 'a riddle stands beside the form' };
  // It complained already when it was sent, and does so still.
  const [refusal] = look.lines.filter((line) => before.lines?.includes(line) && hear(line).refuses);
  if (refusal) return { result: 'refused', text: refusal.slice(0, 120), by: 'it refuses as it did before' };
  return { ...unseen, by: 'the form stands as it was sent' };
}
