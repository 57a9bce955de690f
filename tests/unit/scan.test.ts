// The decoder that stands in for a browser's own: what it reads in a camera's frame, and that it never says what is not there.
import { describe, expect, test } from 'vitest';
import { textIn } from '../../src/phone/parts/decode.ts';
import { cameraPicture } from '../fakes/camera-pictures.ts';

describe('a code in a frame of the camera', () => {
  // The middle of each kind, as the benchmark takes them; the decoder is right about all of them.
  test.each(['plain', 'noise', 'low contrast', 'glare', 'tilt', 'inverted'])('%s: it is read', (kind) => {
    const picture = cameraPicture(kind, 1, 4);
    expect(textIn(picture)).toBe(picture.text);
  });

  test('a frame without a code, or of no light at all, has no text', () => {
    const size = { width: 320, height: 180 };
    expect(textIn({ ...size, data: new Uint8ClampedArray(4 * 320 * 180) })).toBeUndefined();
    const speckled = Uint8ClampedArray.from({ length: 4 * 320 * 180 }, (_, i) => Math.imul(i >> 2, 0x9e3779b1) >>> 24);
    expect(textIn({ ...size, data: speckled })).toBeUndefined();
  });
});
