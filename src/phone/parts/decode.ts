// Finds a QR code's text in one frame of a camera, where the browser has no detector of its own. Pure: Node runs it as a page does.
import decodeQR, { type FinderPoint, type FinderPoints } from 'qr/decode.js';

/** A frame as a canvas gives it: RGBA, row by row. */
export interface Frame {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** How often a tilted code is turned towards the front: what was found in one picture tells how to turn the next. */
const TURNS = 2;

/** The text of a code in `frame`, light on dark or dark on light; undefined where none can be read. */
export function textIn(frame: Frame): string | undefined {
  let corners: FinderPoints | undefined;
  const look = (grey: Frame): string | undefined => {
    const pointsOnDetect = (found: FinderPoints) => {
      corners = found;
    };
    try {
      return decodeQR(grey, { format: 'I420', pointsOnDetect }) || undefined;
    } catch {
      // The decoder throws where it finds no code, and nothing else can be wrong with a frame.
      return undefined;
    }
  };
  let picture = greyOf(frame);
  let text = look(picture);
  if (text) return text;
  picture = evened(picture);
  text = look(picture);
  for (let turn = 0; turn < TURNS && !text && corners; turn++) {
    picture = straightened(picture, corners);
    text = look(picture);
  }
  return text;
}

function greyOf({ width, height, data }: Frame): Frame {
  const grey = new Uint8ClampedArray(width * height);
  for (let i = 0; i < grey.length; i++)
    grey[i] = ((data[4 * i] ?? 0) + 2 * (data[4 * i + 1] ?? 0) + (data[4 * i + 2] ?? 0)) / 4;
  return { width, height, data: grey };
}

/** Half the side of the square, in pixels, that a pixel is compared with: about three modules of a code that fills a third of the frame. */
const AROUND = 20;

/** A grey frame with its noise smoothed and its contrast made alike everywhere: for dim, pale, grainy and glaring ones. */
function evened({ width, height, data }: Frame): Frame {
  const smooth = meanAround(Float32Array.from(data), width, 1);
  const mean = meanAround(smooth, width, AROUND);
  const contrast = meanAround(
    smooth.map((value, i) => Math.abs(value - (mean[i] ?? 0))),
    width,
    AROUND,
  );
  const even = new Uint8ClampedArray(data.length);
  for (let i = 0; i < even.length; i++)
    even[i] = 128 + (80 * ((smooth[i] ?? 0) - (mean[i] ?? 0))) / Math.max(2, contrast[i] ?? 0);
  return { width, height, data: even };
}

/** For each pixel the mean of the square of `reach` pixels about it, cut at the edges. */
function meanAround(values: Float32Array<ArrayBuffer>, width: number, reach: number): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += width) meanAlong(values, rows, start, 1, width, reach);
  const means = new Float32Array(values.length);
  for (let x = 0; x < width; x++) meanAlong(rows, means, x, width, values.length / width, reach);
  return means;
}

/** Writes to `to` the means of `reach` neighbours each way along a line of `length` values of `from`, `step` apart. */
function meanAlong(from: Float32Array, to: Float32Array, start: number, step: number, length: number, reach: number) {
  let [sum, count] = [0, 0];
  for (let i = -reach; i < length; i++) {
    if (i + reach < length) {
      sum += from[start + (i + reach) * step] ?? 0;
      count++;
    }
    if (i > reach) {
      sum -= from[start + (i - reach - 1) * step] ?? 0;
      count--;
    }
    if (i >= 0) to[start + i * step] = sum / count;
  }
}

/** Side of a straightened picture, and where the middles of the code's three corner squares lie in it. */
const [SIDE, NEAR, FAR] = [512, 0.2 * 512, 0.8 * 512];

/** A corner square's middle in homogeneous coordinates. Areas shrink with the cube of the depth, sides so with its power of 1.5. */
function inDepth({ x, y, moduleSize }: FinderPoint): [number, number, number] {
  const depth = moduleSize ** (-2 / 3);
  return [x * depth, y * depth, depth];
}

/** The code as seen from the front, where the sizes of its corner squares tell how far each of them is: for tilted ones. */
function straightened({ width, height, data }: Frame, corners: FinderPoints): Frame {
  const origin = inDepth(corners.tl);
  const [right, down] = [inDepth(corners.tr), inDepth(corners.bl)];
  const straight = new Uint8ClampedArray(SIDE * SIDE).fill(255);
  const along = (axis: 0 | 1 | 2, u: number, v: number) =>
    origin[axis] + u * (right[axis] - origin[axis]) + v * (down[axis] - origin[axis]);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const [u, v] = [(x - NEAR) / (FAR - NEAR), (y - NEAR) / (FAR - NEAR)];
      const depth = along(2, u, v);
      const [fromX, fromY] = [Math.floor(along(0, u, v) / depth), Math.floor(along(1, u, v) / depth)];
      if (depth > 0 && fromX >= 0 && fromX < width && fromY >= 0 && fromY < height)
        straight[y * SIDE + x] = data[fromY * width + fromX] ?? 255;
    }
  return { width: SIDE, height: SIDE, data: straight };
}
