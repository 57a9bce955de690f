// In which order names stand in a language, and at which letter each is looked for.

/** The letters that Chinese is looked up by, each with the first character that is read so (Unicode CLDR's order of that name). */
const READINGS = {
  pinyin: ['ABCDEFGHJKLMNOPQRSTWXYZ', '吖八嚓咑妸发旮哈丌咔垃妈拏喔妑七呥仨他屲夕丫帀'],
  zhuyin: [
    'ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙㄚㄛㄜㄞㄟㄠㄡㄢㄣㄤㄥㄦㄧㄨㄩ',
    '八妑呣发咑他嗯垃旮咔噷丌七夕之吃尸日乲呲厶呵喔妸哀诶凹讴安奀肮鞥儿一乌扜',
  ],
} as const;
/** The rows of the kana, each by its first sign: of あ the small one, as of や and わ. */
const ROWS = ['あかさたなはまやらわ', 'ぁかさたなはまゃらゎ'] as const;
/** Of Japanese names in characters nobody can tell how they are read. */
const UNREAD = '漢';
/** Where what begins with no letter is, after all others. */
const OTHER = '#';

/** The letter of the last of `firsts` that `isReached`. */
const letterAt = ([letters, firsts]: readonly [string, string], isReached: (first: string) => boolean): string =>
  letters[[...firsts].findLastIndex(isReached)] ?? OTHER;

/** A name, and the letter it stands under, which is found once and not at each comparison. */
export interface Placed {
  name: string;
  letter: string;
}

export interface Alphabet {
  /** The letter that a name stands under; "#" where it begins with none. */
  letterOf(name: string): string;
  /** Puts names in order, those of one letter beside each other: negative where `a` comes first. */
  compare(a: Placed, b: Placed): number;
}

/** The alphabet of a language. @param language its tag (BCP 47) */
export function alphabetOf(language: string): Alphabet {
  const traditional = /^zh-(TW|HK|MO|Hant)\b/.test(language);
  const zhuyin = new Intl.Collator(`${language}-u-co-zhuyin`);
  const reading = traditional && zhuyin.resolvedOptions().collation === 'zhuyin' ? 'zhuyin' : 'pinyin';
  const ofHan = reading === 'zhuyin' ? zhuyin : new Intl.Collator('zh-u-co-pinyin');
  const order = new Intl.Collator(traditional ? `${language}-u-co-${reading}` : language, { numeric: true });
  const letterOf = (name: string): string => {
    // A letter is the same with a mark, as a wide one, and in katakana.
    const [first = ''] = name.trim().normalize('NFKD').toUpperCase();
    if (/\p{Script=Han}/u.test(first))
      return language === 'ja'
        ? UNREAD
        : // Some characters are read otherwise before some others.
          letterAt(READINGS[reading], (character) => ofHan.compare(name.trim(), character) >= 0);
    const kana = first.replace(/[ァ-ヶ]/, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60));
    if (/[ぁ-ゖ]/.test(kana)) return letterAt(ROWS, (sign) => kana >= sign);
    return /\p{L}/u.test(first) ? first : OTHER;
  };
  return {
    letterOf,
    compare(a, b) {
      if (a.letter === b.letter) return order.compare(a.name, b.name);
      if (a.letter === OTHER || b.letter === OTHER) return a.letter === OTHER ? 1 : -1;
      return order.compare(a.letter, b.letter);
    },
  };
}

/** @param letters of names in order @returns each once, with the place at which it begins */
export function startsOf(letters: readonly string[]): [string, number][] {
  const starts = new Map<string, number>();
  for (const [place, letter] of letters.entries()) if (!starts.has(letter)) starts.set(letter, place);
  return [...starts];
}
