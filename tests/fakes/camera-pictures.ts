// Made pictures of a Scankey code on a screen, as the frames of a phone's camera: one spoiling or several, from mild to hard, by a seed.

import { qrPath } from '../../src/protocol/qr-code.ts';
import { formatQrLink } from '../../src/protocol/qr-link.ts';

/** The frame that the phone page hands to its decoder: 16:9, the longest side 900. */
const [WIDTH, HEIGHT] = [900, 506];

/** One frame as a canvas gives it, grey in RGBA, and the text that is to be read in it. */
export interface CameraPicture {
  kind: string;
  text: string;
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** How a frame was taken. Lengths in pixels of the frame, angles in radians, light from 0 (black) to 1 (white). */
interface View {
  /** Side of a module in the middle of the frame. */
  module: number;
  roll: number;
  /** Turns about the frame's horizontal and vertical axis. */
  tilt: [number, number];
  /** Standard deviation of the lens's blur, and how far the hand moved along `shakeAngle` meanwhile. */
  blur: number;
  shake: number;
  shakeAngle: number;
  noise: number;
  /** What is seen of the difference between light and dark, about `grey`. */
  contrast: number;
  grey: number;
  exposure: number;
  /** Depth of the screen's own dots, and how many of them a pixel of the sensor covers: about one makes wide waves. */
  moire: number;
  dots: number;
  /** A lamp mirrored in the glass: its light, its radius and where, from the middle. */
  glare: number;
  glareRadius: number;
  glareAt: [number, number];
  inverted: boolean;
}

type Random = () => number;

/** Mulberry32: numbers from 0 to 1 that are the same for the same seed. */
function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random();
const either = (random: Random): number => (random() < 0.5 ? -1 : 1);

/** A steady hand, a good lens and an even light. */
const plain = (random: Random): View => ({
  module: between(random, 6, 7.5),
  roll: between(random, -0.15, 0.15),
  tilt: [between(random, -0.12, 0.12), between(random, -0.12, 0.12)],
  blur: 0.7,
  shake: 0,
  shakeAngle: between(random, 0, Math.PI),
  noise: 0.008,
  contrast: 0.85,
  grey: 0.5,
  exposure: 1,
  moire: 0,
  dots: 1 + either(random) * between(random, 0.05, 0.2),
  glare: 0,
  glareRadius: 100,
  glareAt: [0, 0],
  inverted: false,
});

type Spoiling = (view: View, hard: number, random: Random) => void;

/** What spoils a picture; `hard` goes from 0, hardly seen, to 1, where a person would move the phone. */
const SPOILINGS: Record<string, Spoiling> = {
  tilt(view, hard, random) {
    const [angle, direction] = [0.3 + 0.65 * hard, between(random, 0, 2 * Math.PI)];
    view.tilt = [angle * Math.sin(direction), angle * Math.cos(direction)];
    view.roll = between(random, -Math.PI, Math.PI);
  },
  blur(view, hard, random) {
    if (random() < 0.5) view.blur = 1.2 + 2.3 * hard;
    else view.shake = 3 + 7 * hard;
  },
  noise(view, hard) {
    view.noise = 0.03 + 0.15 * hard;
  },
  'low contrast'(view, hard, random) {
    view.contrast = 0.4 - 0.32 * hard;
    view.grey = between(random, 0.25, 0.75);
  },
  moiré(view, hard) {
    view.moire = 0.25 + 0.55 * hard;
  },
  glare(view, hard, random) {
    view.glare = 0.4 + 0.8 * hard;
    view.glareRadius = 40 + 60 * hard;
    view.glareAt = [between(random, -120, 120), between(random, -120, 120)];
  },
  'dark room'(view, hard) {
    view.exposure = 0.3 - 0.22 * hard;
    view.noise = 0.015 + 0.01 * hard;
  },
  inverted(view, hard) {
    view.inverted = true;
    view.contrast = 0.85 - 0.5 * hard;
  },
  small(view, hard) {
    view.module = 3.8 - 1.8 * hard;
  },
  /** Two or three of the others at once, each a little milder. */
  combined(view, hard, random) {
    const others = Object.keys(SPOILINGS).filter((name) => name !== 'combined');
    const count = random() < 0.5 ? 2 : 3;
    for (let i = 0; i < count; i++) {
      const [name = ''] = others.splice(Math.floor(random() * others.length), 1);
      SPOILINGS[name]?.(view, hard * 0.5, random);
    }
  },
};

/** The kinds of pictures: those that nothing spoils, and one for each spoiling. */
export const KINDS: readonly string[] = ['plain', ...Object.keys(SPOILINGS)];

/** The dark modules of a code as `qrPath` draws them, quiet zone included. */
function drawn(text: string): { dark: Uint8Array; size: number } {
  const { path, size } = qrPath(text);
  const dark = new Uint8Array(size * size);
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)/g))
    dark.fill(1, Number(y) * size + Number(x), Number(y) * size + Number(x) + Number(run));
  return { dark, size };
}

/** A code for a site nobody owns, its secret and commitment from `random`. */
function someText(random: Random): string {
  const bytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256));
  const origin = random() < 0.5 ? 'https://scankey.example' : 'https://companion.team.example:8443';
  return formatQrLink({ origin, secret: bytes(32), commitment: bytes(16) });
}

/** Light of the screen at (u, v) modules from the code's middle: the code in its popup, lines of text about it, the room beyond. */
function scene(code: { dark: Uint8Array; size: number }): (u: number, v: number) => number {
  const half = code.size / 2;
  const word = (u: number, v: number): number => {
    const [column, row] = [Math.floor(u * 1.4), Math.floor(v / 2)];
    const letter = Math.imul(Math.imul(column, 0x9e3779b1) ^ Math.imul(row, 0x85ebca6b), 0xc2b2ae35) >>> 29;
    return Math.floor(v) % 2 === 0 && letter > 2 ? 0.2 : 0.92;
  };
  return (u, v) => {
    if (Math.abs(u) < half && Math.abs(v) < half)
      return code.dark[Math.floor(v + half) * code.size + Math.floor(u + half)] ? 0.02 : 0.98;
    if (Math.abs(u) < half + 3 && v > -half - 3 && v < half + 12) return v > half + 3 ? word(u, v) : 0.98;
    return Math.abs(u) < 70 && Math.abs(v) < 45 ? word(u, v) : 0.3;
  };
}

/** What `take` says of the (u, v) on the screen that a pixel shows: the inverse of a pinhole's projection of the turned plane. */
function onScreen(view: View, size: number): (x: number, y: number, take: (u: number, v: number) => number) => number {
  const [a, b, c] = [...view.tilt, view.roll] as const;
  const [sa, ca, sb, cb, sc, cc] = [Math.sin(a), Math.cos(a), Math.sin(b), Math.cos(b), Math.sin(c), Math.cos(c)];
  const distance = 2.5 * size;
  const focus = view.module * distance;
  // The plane's own axes in the camera's, rolled first, then turned about x and y.
  const right = [cb * cc + sb * sa * sc, ca * sc, -sb * cc + cb * sa * sc] as const;
  const down = [-cb * sc + sb * sa * cc, ca * cc, sb * sc + cb * sa * cc] as const;
  return (x, y, take) => {
    const [p, q] = [(x - WIDTH / 2) / focus, (y - HEIGHT / 2) / focus];
    const [m11, m12] = [right[0] - p * right[2], down[0] - p * down[2]];
    const [m21, m22] = [right[1] - q * right[2], down[1] - q * down[2]];
    const det = m11 * m22 - m12 * m21;
    return take((distance * (p * m22 - q * m12)) / det, (distance * (q * m11 - p * m21)) / det);
  };
}

/** The mean of `light` along a line of weights through each pixel, in steps of (dx, dy). */
function smear(light: Float32Array, weights: readonly number[], dx: number, dy: number): Float32Array {
  const smeared = new Float32Array(light.length);
  const middle = (weights.length - 1) / 2;
  for (let i = 0; i < weights.length; i++) {
    const [shiftX, shiftY] = [Math.round((i - middle) * dx), Math.round((i - middle) * dy)];
    for (let y = 0; y < HEIGHT; y++) {
      const row = Math.min(HEIGHT - 1, Math.max(0, y + shiftY)) * WIDTH;
      for (let x = 0; x < WIDTH; x++) {
        const from = row + Math.min(WIDTH - 1, Math.max(0, x + shiftX));
        smeared[y * WIDTH + x] = (smeared[y * WIDTH + x] ?? 0) + (weights[i] ?? 0) * (light[from] ?? 0);
      }
    }
  }
  return smeared;
}

function bell(deviation: number): number[] {
  const reach = Math.ceil(2.5 * deviation);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)));
  const sum = weights.reduce((total, one) => total + one, 0);
  return weights.map((one) => one / sum);
}

/** The light that falls on the sensor, before it is measured. */
function light(view: View, code: { dark: Uint8Array; size: number }): Float32Array {
  const [seen, at] = [scene(code), onScreen(view, code.size)];
  const dots = 2 * Math.PI * view.module * view.dots;
  const wave = (u: number, v: number): number => (Math.cos(dots * u) + Math.cos(dots * v)) / 4 + 0.5;
  let falls: Float32Array = new Float32Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      let sum = 0;
      for (let dy = 0.25; dy < 1; dy += 0.5) for (let dx = 0.25; dx < 1; dx += 0.5) sum += at(x + dx, y + dy, seen);
      const value = view.inverted ? 1 - sum / 4 : sum / 4;
      falls[y * WIDTH + x] = view.moire > 0 ? value * (1 - view.moire * at(x + 0.5, y + 0.5, wave)) : value;
    }
  if (view.shake > 0) {
    const length = Math.round(view.shake);
    const even = Array.from({ length }, () => 1 / length);
    falls = smear(falls, even, Math.cos(view.shakeAngle), Math.sin(view.shakeAngle));
  }
  const weights = bell(view.blur);
  return smear(smear(falls, weights, 1, 0), weights, 0, 1);
}

/** What the sensor makes of it: mirrored lamp, exposure, contrast, noise, eight bits. */
function measured(view: View, falls: Float32Array, random: Random): Uint8ClampedArray {
  const data = new Uint8ClampedArray(falls.length * 4).fill(255);
  const [glareX, glareY] = [WIDTH / 2 + view.glareAt[0], HEIGHT / 2 + view.glareAt[1]];
  for (let i = 0; i < falls.length; i++) {
    const far = ((i % WIDTH) - glareX) ** 2 + (Math.floor(i / WIDTH) - glareY) ** 2;
    const lamp = view.glare > 0 ? view.glare * Math.exp(-far / (2 * view.glareRadius ** 2)) : 0;
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const value = (view.grey + ((falls[i] ?? 0) - 0.5) * view.contrast) * view.exposure + lamp + view.noise * normal;
    const grey = Math.round(255 * Math.max(0, Math.min(1, value)));
    data[4 * i] = grey;
    data[4 * i + 1] = grey;
    data[4 * i + 2] = grey;
  }
  return data;
}

/** Picture number `index` of `count` of a kind, the last the hardest; the same for the same arguments. @throws RangeError for no such kind */
export function cameraPicture(kind: string, index: number, count: number): CameraPicture {
  if (!KINDS.includes(kind)) throw new RangeError(`no such kind of picture: ${kind}`);
  const random = randomFrom(1_000 * KINDS.indexOf(kind) + index);
  const text = someText(random);
  const view = plain(random);
  SPOILINGS[kind]?.(view, (index + 0.5) / count, random);
  return { kind, text, width: WIDTH, height: HEIGHT, data: measured(view, light(view, drawn(text)), random) };
}
