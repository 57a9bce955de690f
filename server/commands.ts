// What an operator does at the command line: looks whether everything is set up, and says who gets in.
import { doctor } from './doctor.ts';
import { moveAll } from './store/move.ts';
import type { Store } from './store/store.ts';
import { codeOfPerson, type Details, People, type Person } from './team/people.ts';
import type { Team } from './team/team-file.ts';

export interface Command {
  command: string;
  /** The code of the person whom it is about. */
  code: string | undefined;
  /** …and of another, to be joined with. */
  other: string | undefined;
  team: Team | undefined;
  store: Store;
  /** The SQLite file's own, where `store` is Redis. */
  embedded: Store | undefined;
  /** The companion's own origin. */
  origin: string;
  /** What the operator says of somebody. */
  details: Details;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** @returns whether it went well; undefined for a command that there is not */
export async function runCommand(asked: Command): Promise<boolean | undefined> {
  const people = new People(asked.store, 'admitted');
  const { code = '', other = '' } = asked;
  switch (asked.command) {
    case 'migrate':
      return migrate(asked);
    case 'doctor':
      return doctor(asked.team, asked.origin, print);
    case 'people':
      for (const person of await people.list()) print(lineOf(person));
      return true;
    case 'admit': {
      const admitted = await people.admit(code, asked.details);
      if (admitted !== 'taken') return say(admitted, 'admitted');
      print('Somebody else has that user name or address: choose another, or join the two.');
      return false;
    }
    case 'remove':
      return say(await people.remove(code), 'removed');
    case 'join': {
      const stays = await people.join(code, other);
      return say(stays, `joined; ${stays && codeOfPerson(stays.id)} stays`);
    }
    default:
      return undefined;
  }
}

async function migrate({ code, store, embedded }: Command): Promise<boolean> {
  if (code !== 'redis' && code !== 'sqlite') {
    print(`Say whereto: "migrate redis" or "migrate sqlite"${code === undefined ? '' : `, not "migrate ${code}"`}.`);
    return false;
  }
  if (!embedded) {
    print('Say which Redis: REDIS_URL=redis://… in the environment.');
    return false;
  }
  const [from, to] = code === 'redis' ? [embedded, store] : [store, embedded];
  try {
    print(`Moved: ${await moveAll(from, to)} records were written, and all are there. The other has them still.`);
    return true;
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return false;
  }
}

function lineOf({ id, admitted, name, username, email, knownBy }: Person): string {
  const by = knownBy.map((subject) => subject.split(':')[0]).join(', ');
  return `${codeOfPerson(id)}  ${admitted ? 'admitted' : 'waiting '}  ${[name || '—', username, email].filter(Boolean).join('  ')}  (${by})`;
}

function say(person: Person | undefined, done: string): boolean {
  print(person ? `${person.name || codeOfPerson(person.id)}: ${done}.` : 'Nobody has that code. See "people".');
  return person !== undefined;
}
