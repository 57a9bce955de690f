// How long a password would stand, by zxcvbn-ts with its common dictionaries. Loaded when one is judged; runs in a worker.
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { dictionary, adjacencyGraphs as graphs } from '@zxcvbn-ts/language-common';
import { below } from './generator.ts';

const judge = new ZxcvbnFactory({ dictionary, graphs });

/** For each password the power of ten of the guesses that it stands; 10 and more is good, below 8 is weak. */
export const strengths = (passwords: readonly string[]): number[] =>
  passwords.map((password) => judge.check(password.slice(0, 100)).guessesLog10);

/**
 * A password of `count` words of EFF's long list (7,776 short English ones that are easy to tell apart, 12.9 bits each), and a
 * digit for sites that insist on one.
 */
export function words(count: number): string {
  const list = dictionary['diceware-common'];
  return [...Array.from({ length: count }, () => list[below(list.length)]), below(10)].join('-');
}
