// What an operator does at the command line: looks whether everything is set up, and says who gets in.
import { doctor } from './doctor.ts';
import type { Store } from './store/store.ts';
import { codeOfPerson, People, type Person } from './team/people.ts';
import type { Team } from './team/team-file.ts';

export interface Command {
  command: string;
  /** The code of the person whom it is about. */
  code: string | undefined;
  /** …and of another, to be joined with. */
  other: string | undefined;
  team: Team | undefined;
  store: Store;
  /** The companion's own origin. */
  origin: string;
  name: string | undefined;
  email: string | undefined;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** @returns whether it went well; undefined for a command that there is not */
export async function runCommand(asked: Command): Promise<boolean | undefined> {
  const people = new People(asked.store, 'admitted');
  const { code = '', other = '', name, email } = asked;
  switch (asked.command) {
    case 'doctor':
      return doctor(asked.team, asked.origin, print);
    case 'people':
      for (const person of await people.list()) print(lineOf(person));
      return true;
    case 'admit': {
      const details = { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
      return say(await people.admit(code, details), 'admitted');
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

function lineOf({ id, admitted, name, email, knownBy }: Person): string {
  const by = knownBy.map((subject) => subject.split(':')[0]).join(', ');
  return `${codeOfPerson(id)}  ${admitted ? 'admitted' : 'waiting '}  ${name || '—'}  ${email}  (${by})`;
}

function say(person: Person | undefined, done: string): boolean {
  print(person ? `${person.name || codeOfPerson(person.id)}: ${done}.` : 'Nobody has that code. See "people".');
  return person !== undefined;
}
