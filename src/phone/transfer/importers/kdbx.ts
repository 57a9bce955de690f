// KeePass files (KDBX 3 and 4), read and written through kdbxweb; its Argon2 is ours. Runs in a worker: there the library takes
// its own XML parser, which knows no external entities, and not the page's, which Trusted Types forbid.
import { argon2d, argon2id } from 'hash-wasm';
import {
  Consts,
  Credentials,
  CryptoEngine,
  HashedBlockTransform,
  Int64,
  Kdbx,
  KdbxEntry,
  KdbxError,
  KdbxFormat,
  ProtectedValue,
  VarDictionary,
} from 'kdbxweb';
import { equal, sha256, utf8 } from '../../../protocol/encoding.ts';
import { ScankeyError } from '../../../protocol/errors.ts';
import { type Account, HISTORY_KEPT } from '../../vault/document.ts';
import { affordable, isKeePass, type Read, UNPACKED_MAX } from './entry.ts';
import { entriesOf } from './keepass.ts';

/**
 * A file may ask for any cost; beyond this it would exhaust the phone (memory, in KiB) or keep it busy for minutes (memory × passes: 16 GiB
 * to be gone over, a quarter of a minute on a computer).
 */
const MOST = { memory: 512 * 1024, work: 16 * 1024 * 1024, parallelism: 255 };

CryptoEngine.setArgon2Impl(async (password, salt, memory, iterations, length, parallelism, type) => {
  const within = memory <= MOST.memory && memory * iterations <= MOST.work && parallelism <= MOST.parallelism;
  const hash = await affordable(within, () =>
    (type === CryptoEngine.Argon2TypeArgon2d ? argon2d : argon2id)({
      password: new Uint8Array(password),
      salt: new Uint8Array(salt),
      memorySize: memory,
      iterations,
      parallelism,
      hashLength: length,
      outputType: 'binary',
    }),
  );
  return new Uint8Array(hash).buffer;
});

/**
 * The library takes every tab out of a file's text before it parses that, also those within a password or a note; as references they stay.
 * A CDATA section knows none (XML 1.0, section 2.7), so it is interrupted for each.
 */
export const keepTabs = (xml: string): string =>
  xml.replace(/<!--.*?(?:--(?=>)|$)|<!\[CDATA\[.*?(?:\]\](?=>)|$)|>[^<]*(?=<)/gs, (text) => {
    if (text.startsWith('<!--')) return text;
    if (text.startsWith('<')) return text.replaceAll('\t', ']]>&#9;<![CDATA[');
    return /[^\s>]/.test(text) ? text.replaceAll('\t', '&#9;') : text;
  });

/** Beginnings and ends of elements: those of thousands of accounts with their histories, and no more than a phone can hold as a tree. */
const TAGS_MAX = 4_000_000;
const TAG = '<'.charCodeAt(0);

/** Looks at everything that is packed, keeps nothing of it, and stops where no honest file goes. @throws ScankeyError `import-too-large` */
export async function refuseBomb(packed: Uint8Array<ArrayBuffer>, zipped: boolean): Promise<void> {
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

/** Attachments of KDBX 3 and of XML are packed once more, without a bound; they are not imported. */
export function skipAttachments(db: Kdbx): void {
  const load = db.loadFromXml.bind(db);
  db.loadFromXml = (context) => {
    for (const attachment of Array.from(db.xml?.getElementsByTagName('Binary') ?? []))
      attachment.removeAttribute('Compressed');
    return load(context);
  };
}

/** What the library does between taking the key and unpacking, without a bound of its own. */
interface Steps {
  decryptData(data: ArrayBuffer, key: ArrayBuffer): Promise<ArrayBuffer>;
  decryptXmlV3(stream: unknown): Promise<string>;
}

/** In KDBX 4 the text is what the library reads after the inner header. */
function keepTabsAfter(header: Kdbx['header']): void {
  const read = header.readInnerHeader.bind(header);
  header.readInnerHeader = (stream, context) => {
    read(stream, context);
    const rest = stream.readBytesToEnd.bind(stream);
    stream.readBytesToEnd = () => utf8(keepTabs(new TextDecoder().decode(rest()))).buffer;
  };
}

/** Opens a file, looking at what was decrypted before it is unpacked. @throws ScankeyError `import-too-large` */
function open(bytes: Uint8Array, credentials: Credentials): Promise<Kdbx> {
  const db = new Kdbx();
  db.credentials = credentials;
  const format = new KdbxFormat(db);
  const steps = format as unknown as Steps;
  const [decrypt, decryptXml] = [steps.decryptData.bind(format), steps.decryptXmlV3.bind(format)];
  steps.decryptXmlV3 = async (stream) => keepTabs(await decryptXml(stream));
  steps.decryptData = async (data, key) => {
    const plain = await decrypt(data, key);
    // In one of 256 cases another key opens KDBX 3 to something: its known bytes tell, to the library, too.
    const known = db.header.streamStartBytes;
    if (db.versionMajor === 3 && known && !equal(new Uint8Array(plain.slice(0, 32)), new Uint8Array(known)))
      return plain;
    // KDBX 3 has 32 known bytes and a hash for each block around what is packed.
    const packed = db.versionMajor === 3 ? await HashedBlockTransform.decrypt(plain.slice(32)) : plain;
    if (db.versionMajor === 4) keepTabsAfter(db.header);
    await refuseBomb(new Uint8Array(packed), db.header.compression === Consts.CompressionAlgorithm.GZip);
    return plain;
  };
  skipAttachments(db);
  return format.load(new Uint8Array(bytes).buffer);
}

/** The second half of the signature of KeePass 1. */
const isKdb = (bytes: Uint8Array): boolean => [0x65, 0xfb, 0x4b, 0xb5].every((byte, at) => bytes[4 + at] === byte);
/** The cipher's id in the header of a file; no library for the web has it. */
const TWOFISH = 'ad68f29f576f4bb9a36ad47af965346c';
const isTwofish = (bytes: Uint8Array): boolean =>
  Array.from(bytes.subarray(0, 1024), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .includes(TWOFISH);

/**
 * The 32 bytes that a key file stands for (KeePass help, "Key Files"): an XML file names them, as base64 or hexadecimal; a file of 32
 * bytes is they, one of 64 hexadecimal digits writes them; of any other file it is the SHA-256.
 */
async function keyOf(file: Uint8Array): Promise<Uint8Array> {
  if (file.length === 32) return file;
  const text = new TextDecoder().decode(file);
  const [, version] = /<KeyFile>.*?<Version>\s*(\d)[\d.]*\s*<\/Version>/s.exec(text) ?? [];
  const [, data = ''] = /<Data(?:\s[^>]*)?>([^<]*)<\/Data>/.exec(text) ?? [];
  const written = data.replace(/\s/g, '');
  const hex = version === '2' ? written : text;
  if (version === '1' && written) return Uint8Array.from(atob(written), (c) => c.charCodeAt(0));
  if (/^[0-9a-f]{64}$/i.test(hex)) return Uint8Array.from(hex.match(/../g) ?? [], (two) => Number.parseInt(two, 16));
  return sha256(file.slice());
}

/** A file that has a key file may have no password at all, which is another thing than an empty one. */
async function* allCredentials(password: string, keyFile: Uint8Array | undefined): AsyncGenerator<Credentials> {
  const key = keyFile && ProtectedValue.fromBinary(new Uint8Array(await keyOf(keyFile)).buffer);
  for (const typed of key && password === '' ? [null, ''] : [password]) {
    const credentials = new Credentials(typed === null ? null : ProtectedValue.fromString(typed));
    await credentials.ready;
    credentials.keyFileHash = key;
    yield credentials;
  }
}

/**
 * @throws ScankeyError `import-password` when none was given, or another one than the file's; `import-key-file` when it may want its key
 * file, too; `import-kdb` and `import-twofish` for what cannot be opened here; `import-failed` for a damaged file, `import-too-large` for one
 * that unpacks to more than a phone can hold, `import-costly`
 */
export const readKdbx: Read = async ({ bytes, password, keyFile }) => {
  if (!isKeePass(bytes)) return undefined;
  if (isKdb(bytes)) throw new ScankeyError('import-kdb');
  if (isTwofish(bytes)) throw new ScankeyError('import-twofish');
  if (password === undefined) throw new ScankeyError('import-password');
  for await (const credentials of allCredentials(password, keyFile))
    try {
      return entriesOf(await open(bytes, credentials));
    } catch (cause) {
      if (cause instanceof ScankeyError) throw cause;
      const wrong = cause instanceof KdbxError && cause.code === Consts.ErrorCodes.InvalidKey;
      if (!wrong) throw new ScankeyError('import-failed', { cause });
    }
  throw new ScankeyError(keyFile ? 'import-password' : 'import-key-file');
};

/** Characters that XML 1.0 cannot hold (section 2.2), in whatever form. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** Text for people: what cannot be written becomes a blank. */
const shown = (text: string): string => text.toWellFormed().replace(FORBIDDEN, ' ');
/** Text for programs keeps every character: one that is protected is sealed before it is written. */
const exact = (text: string): string | ProtectedValue =>
  shown(text) === text ? text : ProtectedValue.fromString(text);

/** One state of an account: as it is, or as its history has it. */
function fill(one: KdbxEntry, account: Account, password: string, at: number): void {
  const [first = '', ...more] = account.sites;
  const fields: [string, string | ProtectedValue][] = [
    ['Title', shown(account.title || (first && new URL(first).host) || account.username)],
    ['UserName', exact(account.username)],
    ['Password', ProtectedValue.fromString(password)],
    ['URL', first],
    ['Notes', shown(account.notes)],
    ...more.map((site, index): [string, string] => [`KP2A_URL_${index + 1}`, site]),
  ];
  if (account.totp) fields.push(['otp', ProtectedValue.fromString(account.totp)]);
  if (account.tenant) fields.push(['Tenant', exact(account.tenant)]);
  one.fields = new Map(fields);
  one.tags = account.favourite ? ['Favorite'] : [];
  const time = new Date(at);
  one.times.lastModTime = time;
  one.times.lastAccessTime = time;
  one.times.locationChanged = time;
}

/** What guessing the password of a file costs: memory in bytes, passes. The library's own default is far less. */
const COST = { memory: 64 * 1024 * 1024, passes: 3 };

/**
 * The accounts as a KDBX 4 file under `password`, Argon2id, with the passwords that they had and the times of all.
 * @param cost of opening it
 */
export async function writeKdbx(
  accounts: readonly Account[],
  password: string,
  cost = COST,
): Promise<Uint8Array<ArrayBuffer>> {
  const db = Kdbx.create(new Credentials(ProtectedValue.fromString(password)), 'Scankey');
  db.setKdf(Consts.KdfId.Argon2id);
  db.header.kdfParameters?.set('M', VarDictionary.ValueType.UInt64, Int64.from(cost.memory));
  db.header.kdfParameters?.set('I', VarDictionary.ValueType.UInt64, Int64.from(cost.passes));
  db.meta.historyMaxItems = HISTORY_KEPT;
  const group = db.getDefaultGroup();
  for (const account of accounts) {
    const one = db.createEntry(group);
    const at = account.passwordAt || account.changedAt;
    fill(one, account, account.password, at);
    // KeePass has the oldest first, each with the time when it was set: when the one before it was replaced.
    for (const [index, before] of [...account.history.entries()].toReversed()) {
      const old = new KdbxEntry();
      old.copyFrom(one);
      fill(old, account, before.password, account.history[index + 1]?.until ?? before.until);
      one.history.push(old);
    }
    const made = new Date(Math.min(at, ...account.history.map(({ until }) => until)));
    for (const state of [one, ...one.history]) state.times.creationTime = made;
  }
  return new Uint8Array(await db.save());
}
