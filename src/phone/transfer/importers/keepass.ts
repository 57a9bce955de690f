// The entries of an opened KeePass file, whether it was sealed (KDBX) or plain XML.
import { type Kdbx, type KdbxEntry, ProtectedValue } from 'kdbxweb';
import { type Found, take } from './entry.ts';
import { CODE_FIELD, seedOf } from './keepass-codes.ts';
import { followReferences, type Referable } from './keepass-references.ts';

const textOf = (value: string | ProtectedValue | undefined): string =>
  value instanceof ProtectedValue ? value.getText() : (value ?? '');
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const STANDARD = ['Title', 'UserName', 'Password', 'URL', 'Notes'];
/** Further addresses, as KeePassXC, Keepass2Android and KeePassDX write them. */
const ADDRESS = /^(KP2A_URL|AndroidApp|iOSApp)([_ ]?\d+)?$/;
const PASSKEY = /^KPEX_PASSKEY_/;
/** What plug-ins keep for themselves. */
const PLUGIN = /^(KPRPC JSON|KeePassHttp Settings|KeePassXC-Browser Settings|_etm_.*)$/;
const OWN = 'Tenant';

/** When the password in force was set: an entry is modified for other reasons, too, and its history tells since when it is the same. */
function passwordTime(item: KdbxEntry): number {
  const password = textOf(item.fields.get('Password'));
  let at = item.times.lastModTime?.getTime() ?? 0;
  for (const before of item.history.toReversed()) {
    if (textOf(before.fields.get('Password')) !== password) break;
    at = before.times.lastModTime?.getTime() ?? at;
  }
  return at;
}

/** What an opened file holds; what lies in its bin is named. */
export function entriesOf(db: Kdbx): Found {
  const found: Found = { source: 'KeePass', entries: [], unread: [] };
  const bin = db.meta.recycleBinUuid;
  const isBinned = (item: KdbxEntry): boolean => {
    for (let group = item.parentGroup; group; group = group.parentGroup)
      if (bin !== undefined && group.uuid.equals(bin)) return true;
    return false;
  };
  const items = db.groups.flatMap((root) =>
    [...root.allGroupsAndEntries()].filter((item): item is KdbxEntry => 'fields' in item),
  );
  const follow = followReferences(items.map(referable));
  for (const [index, item] of items.entries()) {
    let isLost = false;
    /** Its references followed; as it stands where that cannot be done, but never as a secret. */
    const field = (name: string): string => {
      const text = textOf(item.fields.get(name));
      const whole = follow(text);
      isLost ||= whole === undefined;
      return whole ?? (name === 'Password' || name === 'UserName' || CODE_FIELD.test(name) ? '' : text);
    };
    const names = [...item.fields.keys()];
    const password = field('Password');
    const seed = seedOf(field);
    const others = names.filter(
      (name) =>
        ![...STANDARD, OWN].includes(name) && ![CODE_FIELD, ADDRESS, PASSKEY, PLUGIN].some((of) => of.test(name)),
    );
    const known = {
      title: field('Title'),
      urls: ['URL', ...names.filter((name) => ADDRESS.test(name))].map(field).filter(Boolean),
      username: field('UserName'),
      notes: field('Notes'),
      tenant: field(OWN),
      fields: others.map((name): [string, string] => [name, field(name)]),
    };
    take(found, index + 1, {
      ...{ ...known, password, totp: seed && 'address' in seed ? seed.address : '' },
      not: isBinned(item) && 'binned',
      favourite: item.tags.some((tag) => /^favou?rite$/i.test(tag)),
      history: item.history
        .map((before) => ({
          password: follow(textOf(before.fields.get('Password'))) ?? '',
          until: before.times.lastModTime?.getTime() ?? 0,
        }))
        .filter((before) => before.password !== '' && before.password !== password)
        .toReversed(),
      at: passwordTime(item),
      without: [
        ...(seed && 'why' in seed ? [seed.why] : []),
        ...(isLost ? (['reference'] as const) : []),
        ...(names.some((name) => PASSKEY.test(name)) ? (['passkey'] as const) : []),
        ...(item.binaries.size > 0 ? (['attachment'] as const) : []),
      ],
    });
  }
  return found;
}

const referable = (item: KdbxEntry): Referable => ({
  id: hex(new Uint8Array(item.uuid.bytes)).toUpperCase(),
  field: (name) => textOf(item.fields.get(name)),
  others: () => [...item.fields].filter(([name]) => !STANDARD.includes(name)).map(([, value]) => textOf(value)),
});
