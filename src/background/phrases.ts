// Reads a line of a page after a sign-in: whether it went wrong, still goes on, or worked.
import { compile, normalise } from '../extension/spelling.ts';
import { type Meaning, VOCABULARY } from './words.ts';

const PATTERNS = Object.fromEntries(
  Object.entries(VOCABULARY).map(([meaning, lines]) => [meaning, compile(Object.values(lines))]),
) as Record<Meaning, RegExp>;

/** A line that is the way in and nothing else. */
const WAY_IN = new RegExp(`^(${PATTERNS.wayIn.source})$`);

/** What one line of a page says of a sign-in. */
export interface Said {
  /** That name, password or code are wrong, or that this person may not sign in. */
  refuses: boolean;
  /** That something is wrong, whatever it may be. */
  fails: boolean;
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

/** Where a sentence ends, and a part of one. */
const SENTENCES = /(?<=[.!?؟…])\s+|(?<=[。！？])/;
const QUESTION = /[?？؟]\s*$/;
const CLAUSES = /[,，;；]|[:：](?!\s*\d)/;

/** What a line says of now, in spelling that was normalised: "Unable to sign in?" offers help, "Failed logins: 3" counts, "Last failed login" is over. */
function claims(line: string): string {
  const kept = line.split(SENTENCES).map((sentence) => {
    const clauses = sentence.split(CLAUSES);
    const claimed = QUESTION.test(sentence) ? clauses.slice(0, -1) : clauses;
    const text = claimed.filter((clause) => !counts(clause)).join(' ');
    const spelled = normalise(text);
    return PATTERNS.past.test(spelled) && !PATTERNS.tooMany.test(spelled) ? '' : spelled;
  });
  return kept.join(' ');
}

function counts(clause: string): boolean {
  const text = normalise(clause);
  if (PATTERNS.tooMany.test(text)) return false;
  const tellsWhatIsLeft = /\d/.test(text) && PATTERNS.left.test(text) && !PATTERNS.wrong.test(text);
  return tellsWhatIsLeft || /[:：]\s*\d+\W*$|^\s*\d+\s/.test(clause);
}

/** Reads one line of a page, in any of the languages. */
export function hear(line: string): Said {
  if (line.length > LONGEST) return NOTHING;
  const text = normalise(line);
  const claimed = claims(line);
  const says = (meaning: Meaning) => PATTERNS[meaning].test(text);
  const claim = (meaning: Meaning) => PATTERNS[meaning].test(claimed);
  const isWrong = claim('wrong');
  const isOut = says('out');
  const isBroken = claim('broken');
  const refuses = isWrong && !isBroken && claim('subject');
  const fails = !isBroken && (isWrong || isOut || claim('failure'));
  const goesOn = !fails && (says('progress') || /(\.\.\.|…)\s*$/.test(line));
  // Who is asked whether to leave is told how, which is no way out.
  const stated = line.split(SENTENCES).filter((sentence) => !QUESTION.test(sentence));
  const leaves = !refuses && !isOut && PATTERNS.leave.test(normalise(stated.join(' ')));
  return {
    refuses,
    fails,
    isBroken,
    asks: !refuses && (says('asks') || (!fails && says('confirms') && says('elsewhere'))),
    goesOn,
    isIn: leaves || (!refuses && !isOut && says('own')),
    leaves,
    greets: !fails && !goesOn && says('welcome'),
    letsIn: WAY_IN.test(text.trim()) || (line.length < 40 && says('wayIn') && says('joins')),
    setsUp: says('setUp'),
    riddle: says('riddle'),
    code: says('code'),
  };
}
