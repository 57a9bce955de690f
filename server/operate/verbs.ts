// All that can be said at the command line, as tables: what it is called, what it does, and the help for it.

interface Verb {
  /** The words that follow it, as the help names them: so many, no more and no less. */
  takes: readonly string[];
  does: string;
  /** What one has to know before. */
  mind?: string;
  options?: readonly Option[];
}

/** Each option with what it takes, '' where nothing, and what it says. */
const OPTIONS = {
  team: ['FILE', 'sites, providers and people of a team (docs/operating.md); makes this an OpenID provider'],
  port: ['N', 'HTTP port (8787); HTTPS on the local network is one above it'],
  host: [
    'ADDRESS',
    'listen on this address alone; 127.0.0.1, this computer only, is what --public-url means without it, unless --trust-proxy names another computer',
  ],
  'public-url': ['URL', 'the https address that a reverse proxy serves this companion under'],
  'trust-proxy': [
    'ADDRESS',
    'from where that proxy reaches this companion: an address, or a network as 10.0.0.0/24; may be repeated',
  ],
  room: ['MIB', 'what the database may take; strangers’ backups find room in half of it (2048)'],
  limit: [
    'NAME=N',
    'a limit of your own, as opens=600 for a hospital behind one address; the names are in docs/operating.md; may be repeated',
  ],
  data: ['FOLDER', 'where the database, the keys and the certificate are kept (data)'],
  page: ['FOLDER', 'the built phone page (dist/phone)'],
  metrics: ['[ADDRESS:]PORT', 'counts for Prometheus, at /metrics there; 127.0.0.1 without an address'],
  'extension-id': ['ID', 'a Chromium extension that may open sessions; may be repeated'],
  'push-host': [
    'HOST',
    'a push service of your own, as host or host:port, beside those of the browsers; may be repeated',
  ],
  log: ['', 'logs each request also where a person reads along (stderr, a line of JSON each)'],
  name: ['NAME', 'what sites are told that somebody is called'],
  username: ['NAME', 'the user name that sites are told'],
  email: ['ADDRESS', 'the e-mail address that sites are told, as verified'],
  help: ['', 'says what there is, also after a command'],
} as const;
export type Option = keyof typeof OPTIONS;

const START = ['team', 'port', 'host', 'public-url', 'trust-proxy', 'room', 'data', 'page'] as const;
const MORE = ['limit', 'extension-id', 'push-host', 'metrics', 'log', 'help'] as const;

export const VERBS = {
  doctor: {
    takes: [],
    does: 'looks whether the companion and a team’s providers can be reached as they are set up, and says what to change',
    mind: 'Say the same options as at the start. It asks the companion that runs by its own address, as phones and browsers do.',
    options: ['public-url', 'trust-proxy', 'team', 'port', 'host', 'room', 'data', 'extension-id'],
  },
  people: { takes: [], does: 'lists who has signed in to the team’s sites, and with which code one is admitted' },
  admit: { takes: ['CODE'], does: 'admits somebody', options: ['name', 'username', 'email', 'data'] },
  remove: { takes: ['CODE'], does: 'takes somebody out again' },
  join: { takes: ['CODE', 'CODE'], does: 'says that two are one person; who came first stays' },
  backup: {
    takes: ['FILE'],
    does: 'writes the database and the keys in --data into one new file, while the companion runs',
    mind: 'Whoever has that file has the keys: keep it as safe as --data. A key file that the team’s file names (keys:) and the team’s file itself are not in it. With REDIS_URL the records come from there.',
  },
  restore: {
    takes: ['FILE'],
    does: 'makes --data of a backup; that folder must be empty, and so must the Redis of REDIS_URL',
    mind: 'No companion may run on either meanwhile.',
  },
  migrate: {
    takes: ['redis|sqlite'],
    does: 'moves all from the database in --data to the Redis of REDIS_URL, or back',
    mind: 'No companion may run on either meanwhile. Begun again after it was interrupted it goes on.',
  },
} as const satisfies Record<string, Verb>;
export type VerbName = keyof typeof VERBS;

export const isVerb = (word: string): word is VerbName => Object.hasOwn(VERBS, word);

const WIDTH = 20;
/** In lines that fit a terminal, each behind so many spaces. */
const lines = (text: string, indent = 0): string =>
  (text.match(/\S.{0,92}(?=\s|$)/g) ?? []).map((line) => `${' '.repeat(indent)}${line}\n`).join('');
/** Two columns; what is too long for the left one has a line of its own. */
function row(left: string, right: string): string {
  const beside = lines(right, WIDTH + 2);
  return left.length < WIDTH ? `  ${left.padEnd(WIDTH)}${beside.trimStart()}` : `  ${left}\n${beside}`;
}
const verbRow = (name: VerbName): string => row([name, ...VERBS[name].takes].join(' '), VERBS[name].does);
const optionRow = (name: Option): string => row(`--${name} ${OPTIONS[name][0]}`.trimEnd(), OPTIONS[name][1]);

/** @returns how the command line is used, or one command of it */
export function helpFor(verb?: VerbName): string {
  if (verb === undefined)
    return `Usage: npm start -- [command] [options]\nWithout a command the companion is started.\n\n${(
      Object.keys(VERBS) as VerbName[]
    )
      .map(verbRow)
      .join('')}${row('help COMMAND', 'says more about one')}\n${[...START, ...MORE].map(optionRow).join('')}`;
  const { takes, does, mind, options = ['data'] }: Verb = VERBS[verb];
  return `Usage: npm start -- ${[verb, ...takes, '[options]'].join(' ')}\n\n${lines(`It ${does}.`)}${mind ? lines(mind) : ''}\n${options
    .map(optionRow)
    .join('')}`;
}

/** How many letters have to be put in, taken out or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const line = [i + 1];
    for (const [j, other] of [...b].entries())
      line.push(Math.min((line[j] ?? 0) + 1, (above[j + 1] ?? 0) + 1, (above[j] ?? 0) + (letter === other ? 0 : 1)));
    above = line;
  }
  return above[b.length] ?? 0;
}

/** @returns that of `known` which was most likely meant, with a question around it; '' where none is near */
function meant(word: string, known: readonly string[]): string {
  const [nearest] = known
    .map((name) => ({ name, far: name.startsWith(word) ? 1 : distance(word, name) }))
    .sort((a, b) => a.far - b.far);
  return nearest && nearest.far <= Math.max(1, Math.floor(nearest.name.length / 2.5))
    ? ` Did you mean "${nearest.name}"?`
    : '';
}
export const meantVerb = (word: string): string => meant(word.toLowerCase(), [...Object.keys(VERBS), 'help']);
export const meantOption = (word: string): string =>
  meant(
    word.toLowerCase(),
    Object.keys(OPTIONS).map((name) => `--${name}`),
  );
