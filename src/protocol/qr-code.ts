// QR codes as one SVG path. Apart from qr-link.ts, so that only what draws a code carries the library.
import { create } from 'qrcode/lib/core/qrcode.js';

const QUIET_ZONE = 4;

/** A drawn code: `path` fills the dark modules of a square of `size` modules, quiet zone included. */
export interface QrPath {
  path: string;
  size: number;
}

/** The drawing of `text` at level M, each row's dark runs as rectangles of an SVG path, in modules. */
export function qrPath(text: string): QrPath {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const runs: string[] = [];
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      let width = 0;
      while (x + width < modules.size && modules.get(y, x + width)) width++;
      if (width > 0) runs.push(`M${x + QUIET_ZONE} ${y + QUIET_ZONE}h${width}v1h-${width}z`);
      x += width;
    }
  }
  return { path: runs.join(''), size: modules.size + 2 * QUIET_ZONE };
}
