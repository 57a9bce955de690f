// Every format, with the same awkward logins in it: all of each comes in as it was.
import { expect, test } from 'vitest';
import { EXPORTS } from '../fakes/exports.ts';
import { wrongIn } from './import-table.ts';

test.each(EXPORTS)('every entry of $format comes in as it was', async (file) => {
  expect(await wrongIn(file)).toEqual(file.holds.map(() => []));
});
