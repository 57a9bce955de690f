// In which order accounts stand in each language, and at which letter they are looked for.
import { expect, test } from 'vitest';
import { alphabetOf, type Placed, startsOf } from '../../src/phone/screens/accounts/alphabet.ts';

function inOrder(language: string, names: readonly string[]): Placed[] {
  const { letterOf, compare } = alphabetOf(language);
  return names.map((name) => ({ name, letter: letterOf(name) })).sort(compare);
}

test.each([
  [
    'en',
    ['zoo', 'Éclair', 'apple', '10 Downing', '9gag', 'ebay', 'Яндекс'],
    'apple ebay Éclair zoo Яндекс 9gag 10_Downing',
    'AEZЯ#',
  ],
  ['en', ['微信', 'Windows', '百度'], '百度 Windows 微信', 'BW'],
  [
    'zh-CN',
    ['知乎', '微信', 'Amazon', '支付宝', '阿里云', 'weibo.com', '百度', '12306'],
    '阿里云 Amazon 百度 微信 weibo.com 支付宝 知乎 12306',
    'ABWZ#',
  ],
  [
    'zh-CN',
    ['啊', '重庆', '银行', '哔哩', '饿了么', '淘宝', '拼多多', '么'],
    '啊 哔哩 重庆 饿了么 么 拼多多 淘宝 银行',
    'ABCEMPTY',
  ],
  ['zh-TW', ['郵局', '臺灣', '玉山', '蝦皮', '悠遊', 'PChome'], '臺灣 蝦皮 悠遊 郵局 玉山 PChome', 'ㄊㄒㄧㄩP'],
  [
    'ja',
    ['楽天', 'メルカリ', 'あすか', 'Yahoo', 'ガスト', 'かな', 'ヤフー', 'わかば', 'ｱﾏｿﾞﾝ', '1番'],
    'Yahoo あすか ｱﾏｿﾞﾝ ガスト かな メルカリ ヤフー わかば 楽天 1番',
    'Yあかまやわ漢#',
  ],
] as const)('%s: %j', (language, names, ordered, letters) => {
  const sorted = inOrder(language, names);
  expect(sorted.map(({ name }) => name.replaceAll(' ', '_')).join(' ')).toBe(ordered);
  expect(
    startsOf(sorted.map(({ letter }) => letter))
      .map(([letter]) => letter)
      .join(''),
  ).toBe(letters);
});

test('a letter leads to the first that begins with it', () => {
  expect(startsOf(['A', 'A', 'E', '#'])).toEqual([
    ['A', 0],
    ['E', 2],
    ['#', 3],
  ]);
});

test.each(['en', 'zh-CN', 'zh-TW', 'ja'])(
  '%s: whatever the names, none of another letter stands between two of one',
  (language) => {
    const names = [...'aÄzZ9-あガんー々〇微信重龍ЯαGß한ｱＡ𠮷', '', ' x', '\u{1F600}'];
    const letters = inOrder(language, names).map(({ letter }) => letter);
    expect(letters.filter((letter, place) => letter !== letters[place - 1])).toHaveLength(new Set(letters).size);
  },
);
