// How many entries of an export come in right, field by field: for the tests and for `npm run bench -- imports`.
import type { Entry } from '../../src/phone/transfer/importers/entry.ts';
import { readExport } from '../../src/phone/transfer/read.ts';
import { codeAt } from '../../src/phone/vault/totp.ts';
import { AT, codeNow, type ExportFile, type Login } from '../fakes/exports.ts';

/** What came in of an entry, by the names that the file's maker has for it. */
async function said({ title, urls, username, password, notes, totp }: Entry): Promise<Record<string, unknown>> {
  return { title, url: urls[0] ?? '', username, password, notes, code: totp ? await codeAt(totp, AT) : undefined };
}

/** @returns of each entry that the file holds, in its order, the fields that are not as they were */
export async function wrongIn(file: ExportFile): Promise<string[][]> {
  const { entries, unread } = await readExport(file.name, await file.make(), file.password);
  if (unread.length > 0) throw new Error(`${file.format}: ${unread.map(({ title, why }) => `${title} ${why}`).join()}`);
  return Promise.all(
    file.holds.map(async (held: Partial<Login>, at) => {
      const entry = entries[at];
      if (!entry) return Object.keys(held);
      const came = await said(entry);
      return Object.entries({ ...held, ...('code' in held ? { code: held.code && codeNow(held.code) } : {}) })
        .filter(([field, value]) => came[field] !== value)
        .map(([field]) => field);
    }),
  );
}
