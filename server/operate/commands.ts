// What an operator does at the command line: looks whether everything is set up, says who gets in, and keeps copies.
import { join } from 'node:path';
import { moveAll } from '../store/move.ts';
import { openSqlite } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import { codeOfPerson, People, type Person } from '../team/people.ts';
import type { Team } from '../team/team-file.ts';
import { waitUntilUp } from './address.ts';
import type { Given } from './arguments.ts';
import { backUp, CopyError, DATABASE, databaseIn, restore } from './copies.ts';
import { doctor } from './doctor.ts';
import type { VerbName } from './verbs.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const details = ({ name, username, email }: Given) =>
  Object.fromEntries(Object.entries({ name, username, email }).filter(([, said]) => said !== undefined));

/**
 * @param open the store that the companion uses
 * @returns whether it went well
 */
export async function runCommand(
  verb: VerbName,
  { given, team, open }: { given: Given; team: Team | undefined; open(): Promise<Store> },
): Promise<boolean> {
  const [code = '', other = ''] = given.words;
  const isRedis = Boolean(process.env.REDIS_URL);
  if (verb === 'restore' || verb === 'backup') return copy(verb, code, given.data, isRedis ? await open() : undefined);
  // Before its database is looked for, which it may not have yet either.
  if (verb === 'doctor' && given.publicOrigin) await waitUntilUp(given.publicOrigin, print);
  // Who asks at the wrong place is told so, and finds no new database there; only `migrate sqlite` goes where there is none yet.
  try {
    if (verb === 'migrate' ? code === 'redis' : !isRedis) databaseIn(given.data);
  } catch (error) {
    if (!(error instanceof CopyError)) throw error;
    print(error.message);
    return false;
  }
  const store = await open();
  const people = new People(store, 'admitted');
  try {
    switch (verb) {
      case 'migrate':
        return await migrate(code, store, isRedis ? join(given.data, DATABASE) : undefined);
      case 'doctor': {
        const { port, publicOrigin, roomBytes, 'extension-id': extensionIds } = given;
        // A trial's own certificate is good for no look.
        const origin = publicOrigin ?? `http://localhost:${port}`;
        return await doctor({ origin, store, port, roomBytes, extensionIds }, team, print);
      }
      case 'people': {
        const all = await people.list();
        for (const line of all.length > 0 ? all.map(lineOf) : ['Nobody yet.']) print(line);
        return true;
      }
      case 'admit': {
        const admitted = await people.admit(code, details(given));
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
    }
  } finally {
    store.close();
  }
}

/** @param redis where the records are there */
async function copy(verb: 'backup' | 'restore', file: string, data: string, redis: Store | undefined) {
  try {
    const records = verb === 'backup' ? await backUp(redis, data, file) : await restore(file, data, redis);
    print(
      verb === 'backup'
        ? `${file}: ${records} records and the keys. Keep it as safe as the keys.`
        : `${records} records and the keys are there. Start the companion.`,
    );
    return true;
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    redis?.close();
  }
}

/** @param path of the SQLite file, where `store` is Redis */
async function migrate(to: string, store: Store, path: string | undefined): Promise<boolean> {
  if (to !== 'redis' && to !== 'sqlite') {
    print(`Say whereto: "migrate redis" or "migrate sqlite", not "migrate ${to}".`);
    return false;
  }
  if (path === undefined) {
    print('Say which Redis: REDIS_URL=redis://… in the environment.');
    return false;
  }
  const embedded = openSqlite(path);
  const [from, into] = to === 'redis' ? [embedded, store] : [store, embedded];
  try {
    print(`Moved: ${await moveAll(from, into)} records were written, and all are there. The other has them still.`);
    return true;
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    embedded.close();
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
