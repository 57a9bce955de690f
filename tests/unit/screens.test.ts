import { expect, test } from 'vitest';
import { qrPath } from '../../src/protocol/qr-code.ts';
import { foreign } from '../../src/ui/foreign.ts';

test.each([
  ['invisible marks are shown', 'pay\u200bpal', 'pay▯pal'],
  ['a right-to-left override is shown', 'abc\u202egnp.exe', 'abc▯gnp.exe'],
  ['control characters are shown', 'a\u0007b\u0000', 'a▯b▯'],
  ['lines become one', ' a\n\n b\t', 'a b'],
  ['forms are composed', 'e\u0301', 'é'],
  ['markup is text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
])('%s', (_name, text, shown) => {
  expect(foreign(text)).toBe(shown);
});

test('foreign text is 120 characters at most', () => {
  expect([...foreign('😀'.repeat(300))]).toHaveLength(120);
});

test('a drawing has a quiet zone of four modules, and every dark module once', () => {
  const { path, size } = qrPath(
    'https://scankey.example/#AEAACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB7J55EOZU6DNXEQSNWLGQ56QDTLQ',
  );
  const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)].map(([, x, y, width]) => [
    Number(x),
    Number(y),
    Number(width),
  ]);
  expect(runs.map(([x, y, width]) => `M${x} ${y}h${width}v1h-${width}z`).join('')).toBe(path);
  for (const [x = 0, y = 0, width = 0] of runs) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(4);
    expect(Math.max(x + width, y + 1)).toBeLessThanOrEqual(size - 4);
  }
  expect(size).toBeLessThanOrEqual(41 + 8);
});
