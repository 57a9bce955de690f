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

/** Files without times have the year 1, or none. */
const timeOf = ({ times }: KdbxEntry): number => Math.max(0, times.lastModTime?.getTime() || 0);

interface Passwords {
  /** When the one in force was set. */
  at: number;
  history: { password: string; until: number }[];
}

/** An entry is modified for other reasons, too: its passwords are told apart by going through its versions, the oldest first. */
function passwordsOf(item: KdbxEntry, passwordOf: (version: KdbxEntry) => string): Passwords {
  const history: Passwords['history'] = [];
  let [password, at] = ['', 0];
  for (const version of [...item.history, item]) {
    const next = passwordOf(version);
    if (next === password) continue;
    if (password !== '') history.unshift({ password, until: timeOf(version) });
    [password, at] = [next, timeOf(version)];
  }
  return { at: at || timeOf(item), history };
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
      ...passwordsOf(item, (version) => follow(textOf(version.fields.get('Password'))) ?? ''),
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
