// A camera before what a page has drawn itself: what it reads, without the picture.
import decodeQR from 'qr/decode.js';
import type { QrPath } from '../../src/protocol/qr-code.ts';

/** Pixels a module. */
const MODULE = 4;

/** The text of a code that was drawn by src/protocol/qr-code.ts. */
export function readDrawn({ path, size }: QrPath): string {
  const side = size * MODULE;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1/g))
    for (let row = Number(y) * MODULE; row < (Number(y) + 1) * MODULE; row++)
      for (let at = Number(x) * MODULE; at < (Number(x) + Number(width)) * MODULE; at++)
        data.fill(0, (row * side + at) * 4, (row * side + at) * 4 + 3);
  return decodeQR({ width: side, height: side, data });
}
