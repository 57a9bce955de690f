// What a page says, line by line: its script tells it as one text.
import type { Glance, Look } from '../extension/page-api.ts';

/** Of a long page so many lines from its beginning and its end. */
const FIRST = 120;
const LAST = 30;

/** A look with what the page says line by line: control characters and what turns text around are not its words. */
export function readLines({ text, ...look }: Glance): Look {
  const plain = text.split(/[\n\t]+/).map((line) => line.replace(/[\s\p{C}]+/gu, ' ').trim());
  const lines = [...new Set(plain)].filter(Boolean);
  const kept = lines.filter((_, at) => at < FIRST || at >= lines.length - LAST);
  return { ...look, lines: kept.map((line) => line.slice(0, 160)) };
}
