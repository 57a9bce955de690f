// KeePass files (KDBX 3 and 4), read and written through kdbxweb; its Argon2 is ours. Runs in a worker: there the library takes
// its own XML parser, which knows no external entities, and not the page's, which Trusted Types forbid.
import { argon2d, argon2id } from 'hash-wasm';
import {
  Consts,
  Credentials,
  CryptoEngine,
  HashedBlockTransform,
  Kdbx,
  KdbxError,
  KdbxFormat,
  ProtectedValue,
} from 'kdbxweb';
import { ScankeyError } from '../../../protocol/errors.ts';
import type { Account } from '../../vault/document.ts';
import { type Entry, entry, type Found, type Read, take, UNPACKED_MAX } from './entry.ts';

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

/** Beginnings and ends of elements: those of thousands of accounts with their histories, and no more than a phone can hold as a tree. */
const TAGS_MAX = 4_000_000;
const TAG = '<'.charCodeAt(0);

/** Looks at everything that is packed, keeps nothing of it, and stops where no honest file goes. @throws ScankeyError `import-too-large` */
async function refuseBomb(packed: Uint8Array<ArrayBuffer>, zipped: boolean): Promise<void> {
  // The library takes as much memory as the file says of itself (RFC 1952, ISIZE).
  const said = zipped ? new DataView(packed.buffer, packed.byteOffset).getUint32(packed.length - 4, true) : undefined;
  if (said !== undefined && said > UNPACKED_MAX) throw new ScankeyError('import-too-large');
  const whole = new Blob([packed]).stream();
  const reader = (zipped ? whole.pipeThrough(new DecompressionStream('gzip')) : whole).getReader();
  let size = 0;
  let tags = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.length;
    for (let at = read.value.indexOf(TAG); at !== -1; at = read.value.indexOf(TAG, at + 1)) tags++;
    if (size <= UNPACKED_MAX && tags <= TAGS_MAX) continue;
    void reader.cancel();
    throw new ScankeyError('import-too-large');
  }
  if (said !== undefined && said !== size) throw new ScankeyError('import-failed');
}

/** What the library does between taking the key and unpacking, without a bound of its own. */
interface Steps {
  decryptData(data: ArrayBuffer, key: ArrayBuffer): Promise<ArrayBuffer>;
}

/** Opens a file, looking at what was decrypted before it is unpacked. @throws ScankeyError `import-too-large` */
function open(bytes: Uint8Array, credentials: Credentials): Promise<Kdbx> {
  const db = new Kdbx();
  db.credentials = credentials;
  const format = new KdbxFormat(db);
  const steps = format as unknown as Steps;
  const decrypt = steps.decryptData.bind(format);
  steps.decryptData = async (data, key) => {
    const plain = await decrypt(data, key);
    // KDBX 3 has 32 known bytes and a hash for each block around what is packed.
    const packed = db.versionMajor === 3 ? await HashedBlockTransform.decrypt(plain.slice(32)) : plain;
    await refuseBomb(new Uint8Array(packed), db.header.compression === Consts.CompressionAlgorithm.GZip);
    return plain;
  };
  const load = db.loadFromXml.bind(db);
  db.loadFromXml = (context) => {
    // Attachments of KDBX 3 are packed once more; they are not imported.
    for (const attachment of Array.from(db.xml?.getElementsByTagName('Binary') ?? []))
      attachment.removeAttribute('Compressed');
    return load(context);
  };
  return format.load(new Uint8Array(bytes).buffer);
}

const textOf = (value: string | ProtectedValue | undefined): string =>
  value instanceof ProtectedValue ? value.getText() : (value ?? '');

const isKdbx = (bytes: Uint8Array): boolean => [0x03, 0xd9, 0xa2, 0x9a].every((byte, at) => bytes[at] === byte);

/**
 * @throws ScankeyError `import-password` when it is missing or wrong, `import-failed` for a damaged file, `import-too-large` for one that
 * unpacks to more than a phone can hold, `params-refused`
 */
export const readKdbx: Read = async ({ bytes, password }) => {
  if (!isKdbx(bytes)) return undefined;
  if (!password) throw new ScankeyError('import-password');
  let db: Kdbx;
  try {
    db = await open(bytes, new Credentials(ProtectedValue.fromString(password)));
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
      take(found, line, one);
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
