// The colours of monograms: white letters on them are legible, whatever the name (WCAG 1.4.3), and a name keeps its own.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hueOf } from '../../src/phone/parts/monogram.tsx';

/** Relative luminance of `oklch(l c h)`, h in degrees (CSS Color 4, section 9.3 and its sample code; WCAG 2.2). */
function luminance(l: number, c: number, h: number): number {
  const [a, b] = [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const within = (part: number) => Math.min(1, Math.max(0, part));
  const red = within(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short);
  const green = within(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short);
  const blue = within(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test('white on every hue has a contrast of 4.5 and more, and no scheme changes it', () => {
  const css = readFileSync(new URL('../../src/phone/parts/parts.css', import.meta.url), 'utf8');
  const [, lightness = '', chroma = ''] = /oklch\(([\d.]+) ([\d.]+) var\(--hue\)\)/.exec(css) ?? [];
  const contrasts = Array.from({ length: 360 }, (_, hue) => 1.05 / (luminance(+lightness, +chroma, hue) + 0.05));
  expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
});

test('a name keeps its colour, and names that differ by a letter do not share it', () => {
  expect(hueOf('example.com')).toBe(hueOf('example.com'));
  expect(new Set(['example.com', 'exemple.com', 'example.org', '例え.jp', ''].map(hueOf)).size).toBe(5);
});
