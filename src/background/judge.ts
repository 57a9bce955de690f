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
/** The form has gone, and nothing came. */
const EMPTY = 7_000;
/** So many letters that are new, and say neither that it went wrong nor that it goes on, are a page. */
const SUBSTANCE = 80;
/** A page that has more to say than these letters does not stand there to refuse, to refuse although it greets, or to say that something failed. */
const REFUSAL = 800;
const FAILURE = 400;
/** So many lines that refuse are a list of what happened to others. */
const LIST = 6;

/** What the page has said since it was sent. */
interface Heard {
  /** That name, password or code are wrong. */
  refusal: string | undefined;
  /** That something went wrong, whatever it may be. */
  failure: string | undefined;
  /** The same in an alert. */
  alarm: string | undefined;
  /** Any other alert that is not about going on or having worked. */
  complaint: string | undefined;
  /** That not the person but the site has failed. */
  broken: string | undefined;
  asks: boolean;
  goesOn: boolean;
  isIn: boolean;
  /** The same by a way out: nothing else outweighs a refusal. */
  leaves: boolean;
  greets: boolean;
  /** Letters of what says nothing of all this. */
  substance: number;
  /** Letters in all. */
  length: number;
  /** The refusal that the document before this one spoke, and that nobody may have had the time to read. */
  earlier: string | undefined;
}

const lettersOf = (said: readonly { line: string }[]): number => said.reduce((sum, { line }) => sum + line.length, 0);

function listen(
  { lines, alert }: Look,
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
  const refusals = said.filter(({ refuses }) => refuses);
  return {
    refusal: refusals.length < LIST ? refusals[0]?.line : undefined,
    failure: said.find(({ fails }) => fails)?.line,
    alarm: said.find(({ fails, isAlert }) => fails && isAlert)?.line,
    complaint: said.find(({ isAlert, goesOn, greets, isIn }) => isAlert && !goesOn && !greets && !isIn)?.line,
    broken: said.find(({ isBroken }) => isBroken)?.line,
    asks: said.some(({ asks }) => asks),
    goesOn: said.some(({ goesOn }) => goesOn),
    isIn: said.some(({ isIn }) => isIn),
    leaves: said.some(({ leaves }) => leaves),
    greets: said.some(({ greets }) => greets),
    substance: lettersOf(said.filter(({ fails, goesOn }) => !fails && !goesOn)),
    length: lettersOf(said),
  };
}

type Said = Pick<Reading, 'says' | 'holds'> & { text?: string | undefined };
const NOTHING: Said = { says: 'none', holds: AT_ONCE };

/** A page that asks for nothing: somebody is in, or it refuses without asking again. */
function withoutForm(look: Look, before: Before, heard: Heard, moved: boolean): Said {
  const { status, answer, obstacle, sets, title, lines } = look;
  const { refusal, failure, alarm, broken, isIn, leaves, greets, substance, length } = heard;
  const isQuiet = !isIn && !greets;
  const asks = heard.asks && isQuiet && length < REFUSAL;
  const isPlain = refusal === alarm || length < (isQuiet ? REFUSAL : FAILURE);
  const refused = (isPlain ? refusal : undefined) ?? (length < FAILURE && isQuiet && !asks ? failure : undefined);
  // A password that has run out has been the right one.
  if (sets && refusal) return { says: 'more', text: refusal, holds: AT_ONCE };
  if (sets && !before.sets && isQuiet) return { says: 'more', holds: CALM };
  // A server that is broken has refused nothing.
  if (!refusal && isQuiet && ((moved && status >= 500) || broken))
    return { says: 'cannot-tell', text: broken, holds: CALM };
  if (refused && !leaves) return { says: 'refused', text: refused, holds: isQuiet ? AT_ONCE : CALM };
  if (moved && (status === 401 || status === 403)) return { says: 'refused', holds: AT_ONCE };
  if (asks) return { says: 'more', holds: CALM };
  // A way home or to one's account stands on the pages of those who are out, too.
  if (refusal && !leaves) return { says: 'cannot-tell', text: refusal, holds: CALM };
  // Some go home without a word, where everybody is offered the way in; what a script draws there may still take it away.
  if (moved && !leaves && lines.some((line) => line !== title && hear(line).letsIn))
    return { says: 'cannot-tell', holds: THIN };
  // Under the title of the sign-in it may be the same page once more, whose form is still to come.
  const mayBeSame = heard.earlier !== undefined || (moved && title === before.title);
  if (isIn && !heard.earlier) return { says: 'signed-in', holds: moved ? AT_ONCE : CALM };
  if (isIn || greets) return { says: 'signed-in', holds: mayBeSame ? THIN : moved ? AT_ONCE : CALM };
  if (obstacle === 'captcha') return { says: 'more', holds: CALM };
  if (substance >= SUBSTANCE) return { says: 'signed-in', holds: mayBeSame ? THIN : CALM };
  if (heard.goesOn) return NOTHING;
  // Nothing came, and what the page's script asked was denied.
  if (length === 0 && (answer === 401 || answer === 403)) return { says: 'refused', holds: THIN };
  return { says: 'signed-in', holds: length > 0 ? THIN : EMPTY };
}

/** A step that asks for a code. */
function atCode(look: Look, before: Before, { refusal, failure, complaint }: Heard, moved: boolean): Said {
  if (!before.otpGiven) return { says: 'otp', holds: AT_ONCE };
  const known = refusal ?? failure;
  if (known) return { says: 'refused', text: known, holds: AT_ONCE };
  if (complaint || moved) return { says: 'refused', text: complaint, holds: CALM };
  // Not every browser tells of a request whose answer nobody reads.
  return look.typed ? NOTHING : { says: 'refused', holds: look.sent ? SILENT : THIN };
}

/** Whether the form asks for a one-time code that it did not ask for, or that it was not given, and refuses nothing else. */
function asksCode(look: Look, before: Before, { refusal, complaint }: Heard, moved: boolean): boolean {
  if (before.otpGiven || (refusal && !hear(refusal).code)) return false;
  if (look.asksCode && !before.asksCode) return true;
  return look.otp && look.step === 'sign-in' && (!before.otp || moved || complaint !== undefined);
}

/** The form is there, or there again. @param again it stands in another document, or was gone in between */
function atForm(look: Look, before: Before, heard: Heard, moved: boolean, again: boolean): Said {
  const { refusal, alarm, failure } = heard;
  const known = alarm ?? refusal;
  const complaint = known ?? heard.complaint;
  if (asksCode(look, before, heard, moved))
    return look.typed ? { says: 'otp', holds: AT_ONCE } : { says: 'more', text: complaint, holds: AT_ONCE };
  // The settings of an account have passwords, too.
  const isOther = moved && look.fields !== (before.fields ?? '') && !heard.earlier;
  // Whoever is asked for a name may be greeted all the same, and a server may write into its form what it was sent.
  const isLikeIn = look.step !== 'name' && (heard.isIn || heard.greets);
  const isFilled = look.step !== 'name' && look.typed;
  if (isOther && !failure && (heard.leaves || (isLikeIn && isFilled))) return { says: 'signed-in', holds: CALM };
  const unsolved = look.obstacle === 'captcha' || hear(look.unfilled).riddle;
  const isAsked = again || (complaint !== undefined && look.sent);
  // One that has just come up may be solved at once.
  const cameUp = look.sent && before.obstacle !== 'captcha' && !hear(before.unfilled ?? '').riddle;
  if (unsolved && (isAsked || cameUp) && (!refusal || hear(refusal).riddle))
    return { says: 'more', text: complaint, holds: isAsked ? AT_ONCE : EMPTY };
  if (refusal || (known && look.answer < 500)) return { says: 'refused', text: known, holds: AT_ONCE };
  if (isOther && !failure && (isLikeIn || isFilled)) return { says: 'cannot-tell', text: complaint, holds: SILENT };
  if (again) return { says: 'refused', text: heard.earlier ?? complaint, holds: CALM };
  if (heard.broken || look.answer >= 500)
    return { says: 'cannot-tell', text: heard.broken ?? complaint, holds: SILENT };
  if (complaint && look.sent) return { says: 'refused', text: complaint, holds: CALM };
  if (complaint) return { says: 'not-sent', text: complaint, holds: THIN };
  if (look.sent && look.answer >= 400 && look.answer < 500) return { says: 'refused', holds: SILENT };
  if (!look.typed && look.step !== 'name') return { says: 'refused', holds: heard.goesOn ? THIN : SILENT };
  if (heard.asks && !heard.goesOn) return { says: 'more', holds: SILENT };
  return look.unfinished && !look.sent ? { says: 'not-sent', holds: SILENT } : NOTHING;
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
      return { says: 'more', text: heard.complaint, holds: AT_ONCE };
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
  const { says: result, text, welcomes } = last;
  return { result, text, welcomes, ...(result === 'cannot-tell' ? { code: 'unseen' } : {}) };
}

/** How it went, as far as one can tell, when nothing more is waited for. @param look the last one that there was */
export function giveUp(look: Look, before: Before, readings: readonly Reading[]): Told {
  const { says = 'none', text = '' } = readings.at(-1) ?? {};
  const moved = look.mark !== before.mark;
  if (!look.step || moved) return { result: 'cannot-tell', text: '', code: 'unseen' };
  if (says !== 'none') return { result: says, text };
  if (!look.sent) return { result: 'not-sent', text: '' };
  if (look.obstacle === 'captcha') return { result: 'more', text: '' };
  // It complained already when it was sent, and does so still.
  const [refusal] = look.lines.filter((line) => before.lines?.includes(line) && hear(line).refuses);
  if (refusal) return { result: 'refused', text: refusal.slice(0, 120) };
  return { result: 'cannot-tell', text: '', code: 'unseen' };
}
