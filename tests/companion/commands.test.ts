// What the operator's commands say where there is nothing to be said of, and that none of them makes a database there.
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { readArguments } from '../../server/operate/arguments.ts';
import { runCommand } from '../../server/operate/commands.ts';
import { DATABASE } from '../../server/operate/copies.ts';
import { openSqlite } from '../../server/store/sqlite.ts';

/** @returns whether it went well, and what was said */
async function ran(data: string, words: readonly string[]): Promise<[boolean, string]> {
  const given = readArguments([...words, '--data', data]);
  if ('shows' in given || given.verb === undefined) throw new Error('no command');
  const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const open = async () => openSqlite(join(data, DATABASE));
    const isDone = await runCommand(given.verb, { given, team: undefined, open });
    return [isDone, said.mock.calls.join('')];
  } finally {
    said.mockRestore();
  }
}

test.each([
  ['people'],
  ['admit', 'ABCD-2345'],
  ['remove', 'ABCD-2345'],
  ['join', 'ABCD-2345', 'EFGH-6723'],
  ['doctor'],
  ['backup', '/nonexistent/file'],
])('%s asks whether --data is right where there is no database, and makes none', async (...words) => {
  const data = mkdtempSync(join(tmpdir(), 'scankey-unit-'));
  expect(await ran(data, words)).toEqual([false, `There is no database in ${data}: is --data right?\n`]);
  expect(readdirSync(data)).toEqual([]);
});

test('people says that there is nobody yet', async () => {
  const data = mkdtempSync(join(tmpdir(), 'scankey-unit-'));
  openSqlite(join(data, DATABASE)).close();
  expect(await ran(data, ['people'])).toEqual([true, 'Nobody yet.\n']);
});
