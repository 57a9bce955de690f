// Reads a line of a page after a sign-in: whether it went wrong, still goes on, or worked.
import { compile, normalise } from '../extension/spelling.ts';
import { type Meaning, VOCABULARY } from './words.ts';

const PATTERNS = Object.fromEntries(
  Object.entries(VOCABULARY).map(([meaning, lines]) => [meaning, compile(Object.values(lines))]),
) as Record<Meaning, RegExp>;

/** A line that is one of a meaning's words and nothing else. */
const alone = (meaning: Meaning): RegExp => new RegExp(`^(${PATTERNS[meaning].source})$`);
const WAY_IN = alone('wayIn');
const KEPT = alone('kept');
const LEADS_BACK = new RegExp(`^(${PATTERNS.back.source})|(${PATTERNS.back.source})$`);

/** What one line of a page says of a sign-in. */
export interface Said {
  /** That name, password or code are wrong, or that this person may not sign in. */
  refuses: boolean;
  /** That something is wrong, whatever it may be. */
  fails: boolean;
  /** That, or that something goes on, in a word or two, as a list says of each of its things. */
  isMark: boolean;
  /** That the site or the line is broken. */
  isBroken: boolean;
  /** For what only the person has. */
  asks: boolean;
  goesOn: boolean;
  /** That somebody is in. */
  isIn: boolean;
  /** The same by a way out: only who is in can leave. */
  leaves: boolean;
  greets: boolean;
  /** The way in for whoever is out, and no more than that. */
  letsIn: boolean;
  /** That a second factor is being set up. */
  setsUp: boolean;
  /** Something to be solved or copied by a person. */
  riddle: boolean;
  /** Of a one-time code. */
  code: boolean;
}

const NOTHING: Said = {
  refuses: false,
  fails: false,
  isMark: false,
  isBroken: false,
  asks: false,
  goesOn: false,
  isIn: false,
  leaves: false,
  greets: false,
  letsIn: false,
  setsUp: false,
  riddle: false,
  code: false,
};
/** No sentence about a sign-in is longer. */
const LONGEST = 160;

/** A word or two, of so many letters at most; and what is said of somebody in as few. */
const MARK = 16;
const PHRASE = 28;

/** Where a sentence ends, and a part of one. */
const SENTENCES = /(?<=[.!?؟…])\s+|(?<=[。！？])/;
const QUESTION = /[?？؟]\s*$/;
const CLAUSES = /[,，;；]|[:：](?!\s*\d)/;

/** What each sentence of a line says of now, in spelling that was normalised: "Unable to sign in?" offers help, "Failed logins: 3" counts, "Last failed login" is over. */
function claims(line: string): string[] {
  return line.split(SENTENCES).map((sentence) => {
    const clauses = sentence.split(CLAUSES);
    const claimed = QUESTION.test(sentence) ? clauses.slice(0, -1) : clauses;
    const spelled = normalise(claimed.filter((clause) => !counts(clause)).join(' '));
    return PATTERNS.past.test(spelled) && !PATTERNS.tooMany.test(spelled) ? '' : spelled;
  });
}

function counts(clause: string): boolean {
  const text = normalise(clause);
  if (PATTERNS.tooMany.test(text)) return false;
  const tellsWhatIsLeft = /\d/.test(text) && PATTERNS.left.test(text) && !isWrong(text);
  // Three digits are the number of an error.
  return tellsWhatIsLeft || /(?:[:：]\s*\d+|\s\d{1,2})[^\p{L}\p{N}]*$|^\s*\d+\s/u.test(clause);
}

const isWrong = (text: string): boolean => PATTERNS.mistaken.test(text) || PATTERNS.wrong.test(text);
const isSubject = (text: string): boolean => PATTERNS.credential.test(text) || PATTERNS.subject.test(text);

/** What a line says that went wrong. */
function complaints(line: string): Pick<Said, 'refuses' | 'fails' | 'isBroken'> {
  const sentences = claims(line);
  // A hint at what else may be the matter takes back nothing of what is said beside it.
  const rest = sentences.filter((sentence) => !PATTERNS.hint.test(sentence));
  const claimed = rest.join(' ');
  const isDown = PATTERNS.broken.test(claimed);
  const mistakes = rest.some((one) => {
    return PATTERNS.mistaken.test(one) && PATTERNS.credential.test(one) && !PATTERNS.broken.test(one);
  });
  const refuses = mistakes || (!isDown && isWrong(claimed) && isSubject(claimed));
  const isBroken = !refuses && (isDown || rest.length < sentences.length);
  return { refuses, isBroken, fails: !isBroken && (isWrong(claimed) || PATTERNS.failure.test(claimed)) };
}

/** Whether a line names the state of a thing, or the thing itself, by a word that elsewhere tells that it goes on: "Processing", "Checking ••4521". */
function isState(line: string): boolean {
  const letters = normalise(line.replace(/[^\p{L}\s]/gu, ' ')).trim();
  return letters.length < MARK && letters.split(/\s+/).length < 3 && PATTERNS.state.test(letters);
}

/** Whether a complaint may be about one thing of many: in few words, of none that judge what was typed, and in no sentence. */
const isBrief = (line: string, text: string, refuses: boolean): boolean =>
  line.length < (refuses ? PHRASE : MARK) &&
  !PATTERNS.failure.test(text) &&
  !(refuses && (PATTERNS.mistaken.test(text) || /[.!。！,，]/.test(line)));

/** Reads one line of a page, in any of the languages. */
export function hear(line: string): Said {
  if (line.length > LONGEST) return NOTHING;
  const text = normalise(line);
  const says = (meaning: Meaning) => PATTERNS[meaning].test(text);
  const { refuses, isBroken, ...complaint } = complaints(line);
  const isOut = says('out');
  const fails = complaint.fails || (!isBroken && isOut);
  const wantsRecovery = says('recovery') && !says('keeps') && !KEPT.test(text.trim()) && !counts(line);
  const isUnfinished = /(\.\.\.|…)\s*$/.test(line);
  const goesOn = !fails && (says('progress') || isUnfinished);
  // Who is asked whether to leave is told how, which is no way out.
  const stated = line.split(SENTENCES).filter((sentence) => !QUESTION.test(sentence));
  const leaves = !refuses && !isOut && PATTERNS.leave.test(normalise(stated.join(' ')));
  return {
    refuses,
    fails,
    isMark: (fails && isBrief(line, text, refuses)) || (goesOn && !isUnfinished && isState(line)),
    isBroken,
    asks: !refuses && (says('asks') || wantsRecovery || (!fails && says('confirms') && says('elsewhere'))),
    goesOn,
    isIn: leaves || (!refuses && !isOut && says('own')),
    leaves,
    greets: !fails && !goesOn && says('welcome') && !LEADS_BACK.test(text.trim()),
    letsIn: WAY_IN.test(text.trim()) || (line.length < 40 && says('wayIn') && says('joins')),
    setsUp: says('setUp'),
    riddle: says('riddle'),
    code: says('code'),
  };
}
