// KeePass files (KDBX 3 and 4), read and written through kdbxweb; its Argon2 is ours. Runs in a worker: there the library takes
// its own XML parser, which knows no external entities, and not the page's, which Trusted Types forbid.
import { argon2d, argon2id } from 'hash-wasm';
import { Consts, Credentials, CryptoEngine, Kdbx, KdbxError, ProtectedValue } from 'kdbxweb';
import { ScankeyError } from '../../../protocol/errors.ts';
import type { Account } from '../../vault/document.ts';
import { type Entry, entry, type Found, type Read } from './entry.ts';

/** A file may ask for any cost; beyond this it would freeze or exhaust the phone. */
const MOST = { memory: 256 * 1024, iterations: 100, parallelism: 16 };

CryptoEngine.setArgon2Impl(async (password, salt, memory, iterations, length, parallelism, type) => {
  if (memory > MOST.memory || iterations > MOST.iterations || parallelism > MOST.parallelism)
    throw new ScankeyError('params-refused');
  const hash = await (type === CryptoEngine.Argon2TypeArgon2d ? argon2d : argon2id)({
    password: new Uint8Array(password),
    salt: new Uint8Array(salt),
    memorySize: memory,
    iterations,
    parallelism,
    hashLength: length,
    outputType: 'binary',
  });
  return new Uint8Array(hash).buffer;
});

const textOf = (value: string | ProtectedValue | undefined): string =>
  value instanceof ProtectedValue ? value.getText() : (value ?? '');

const isKdbx = (bytes: Uint8Array): boolean => [0x03, 0xd9, 0xa2, 0x9a].every((byte, at) => bytes[at] === byte);

/** @throws ScankeyError `import-password` when it is missing or wrong, `import-failed` for a damaged file, `params-refused` */
export const readKdbx: Read = async ({ bytes, password }) => {
  if (!isKdbx(bytes)) return undefined;
  if (!password) throw new ScankeyError('import-password');
  let db: Kdbx;
  try {
    db = await Kdbx.load(new Uint8Array(bytes).buffer, new Credentials(ProtectedValue.fromString(password)));
  } catch (cause) {
    if (cause instanceof ScankeyError) throw cause;
    const wrong = cause instanceof KdbxError && cause.code === Consts.ErrorCodes.InvalidKey;
    throw new ScankeyError(wrong ? 'import-password' : 'import-failed', { cause });
  }
  const found: Found = { source: 'KeePass', entries: [], unread: [] };
  const bin = db.meta.recycleBinUuid;
  let line = 0;
  for (const root of db.groups)
    for (const item of root.allGroupsAndEntries()) {
      if (!('fields' in item)) continue;
      let group = item.parentGroup;
      let deleted = false;
      while (group) {
        deleted ||= bin !== undefined && group.uuid.equals(bin);
        group = group.parentGroup;
      }
      if (deleted) continue;
      line++;
      const field = (name: string) => textOf(item.fields.get(name));
      const one: Entry = entry({
        title: field('Title'),
        urls: [field('URL'), ...[...item.fields.keys()].filter((key) => key.startsWith('KP2A_URL')).map(field)].filter(
          Boolean,
        ),
        username: field('UserName'),
        password: field('Password'),
        notes: field('Notes'),
        tenant: field('Tenant'),
        totp: field('otp') || field('TimeOtp-Secret-Base32') || field('TOTP Seed'),
        favourite: item.tags.some((tag) => /^favou?rite$/i.test(tag)),
        history: item.history
          .map((before) => ({
            password: textOf(before.fields.get('Password')),
            until: before.times.lastModTime?.getTime() ?? 0,
          }))
          .filter((before) => before.password !== '' && before.password !== field('Password'))
          .reverse(),
        at: item.times.lastModTime?.getTime() ?? 0,
      });
      if (one.password || one.totp) found.entries.push(one);
      else found.unread.push({ line, why: 'no-secret' });
    }
  return found;
};

/** The accounts as a KDBX 4 file under `password`, Argon2id. */
export async function writeKdbx(accounts: readonly Account[], password: string): Promise<Uint8Array<ArrayBuffer>> {
  const db = Kdbx.create(new Credentials(ProtectedValue.fromString(password)), 'Scankey');
  db.setKdf(Consts.KdfId.Argon2id);
  const group = db.getDefaultGroup();
  for (const account of accounts) {
    const one = db.createEntry(group);
    const [first = '', ...more] = account.sites;
    const fields: [string, string | ProtectedValue][] = [
      ['Title', account.title],
      ['UserName', account.username],
      ['Password', ProtectedValue.fromString(account.password)],
      ['URL', first],
      ['Notes', account.notes],
      ...more.map((site, index): [string, string] => [`KP2A_URL_${index + 1}`, site]),
    ];
    if (account.totp) fields.push(['otp', ProtectedValue.fromString(account.totp)]);
    if (account.tenant) fields.push(['Tenant', account.tenant]);
    for (const [name, value] of fields) one.fields.set(name, value);
    if (account.favourite) one.tags.push('Favorite');
    one.times.update();
  }
  return new Uint8Array(await db.save());
}
