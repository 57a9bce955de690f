// Field references of KeePass (help page "Field References"): `{REF:P@I:46C9B1FFBD4ABC4BBB260C6190BAD20C}` stands for the password of
// another entry.

/** An entry as references see it. */
export interface Referable {
  /** 32 hexadecimal digits, in capitals. */
  id: string;
  field(name: string): string;
  /** Fields that are not among the five of every entry. */
  others(): readonly string[];
}

const REFERENCE = /\{REF:([TUPANI])@([TUPANIO]):([^}]*)\}/gi;
const FIELDS: Readonly<Record<string, string>> = { T: 'Title', U: 'UserName', P: 'Password', A: 'URL', N: 'Notes' };
/** References to references double what they stand for. */
const LONGEST = 20_000;

/**
 * @param entries of the whole file
 * @returns what a text of one of them says, its references followed; undefined when one of these leads nowhere, or in a circle
 */
export function followReferences(entries: readonly Referable[]): (text: string) => string | undefined {
  const byId = new Map(entries.map((one) => [one.id, one]));
  const searched = new Map<string, Referable | undefined>();
  const followed = new Map<string, string | undefined>();

  const search = (where: string, text: string): Referable | undefined => {
    const wanted = text.toLowerCase();
    const held = (one: Referable) =>
      (where === 'O' ? one.others() : [one.field(FIELDS[where] ?? '')]).map((value) => value.toLowerCase());
    return (
      entries.find((one) => held(one).includes(wanted)) ??
      entries.find((one) => held(one).some((value) => value.includes(wanted)))
    );
  };
  const find = (where: string, text: string): Referable | undefined => {
    if (where === 'I') return byId.get(text.replace(/[\s-]/g, '').toUpperCase());
    const key = `${where}:${text}`;
    if (!searched.has(key)) searched.set(key, text === '' ? undefined : search(where, text));
    return searched.get(key);
  };
  const fieldOf = (one: Referable, wanted: string): string | undefined => {
    if (wanted === 'I') return one.id;
    const key = `${one.id}:${wanted}`;
    if (followed.has(key)) return followed.get(key);
    // While it is followed, it leads nowhere: whoever comes by again has gone in a circle.
    followed.set(key, undefined);
    const value = follow(one.field(FIELDS[wanted] ?? ''));
    followed.set(key, value);
    return value;
  };
  const follow = (text: string): string | undefined => {
    if (!/\{REF:/i.test(text)) return text;
    let isWhole = true;
    const whole = text.replace(REFERENCE, (_all, wanted: string, where: string, sought: string) => {
      const one = find(where.toUpperCase(), sought);
      const value = one && fieldOf(one, wanted.toUpperCase());
      isWhole &&= value !== undefined;
      return value ?? '';
    });
    return isWhole && whole.length <= LONGEST ? whole : undefined;
  };
  return follow;
}
