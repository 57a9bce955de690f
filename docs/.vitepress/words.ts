// Chinese is written without spaces: what is searched, and what is looked for, is cut into words here.

const SEGMENTS = new Intl.Segmenter('zh-CN', { granularity: 'word' });

/** @returns all of the text in order, cut where a word begins or ends */
export const wordsOf = (text: string): string[] => [...SEGMENTS.segment(text)].map(({ segment }) => segment);

/** What is asked for, as the index of the built pages has it. */
export const tokensOf = (asked: string): string[] => wordsOf(asked).filter((word) => /[\p{L}\p{N}]/u.test(word));
