// Reads codes in pictures: by the browser's own detector where it has one, otherwise by our decoder, in a worker, so that the page
// answers meanwhile. One lives as long as its camera, or as the pictures that were chosen.
import { ScankeyError } from '../../protocol/errors.ts';
import type { Frame } from './decode.ts';

interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}
declare const BarcodeDetector:
  | { new (options: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> }
  | undefined;

type Bench = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;
const hall: { start?: () => Bench } = {};

/** Says how the worker is started; once, by the page's entry. */
export function lendBench(start: () => Bench): void {
  hall.start = start;
}

/** The longest sides, in pixels, at which a picture is looked at: what is too fine at one is clear at another. */
const PICTURE_SIDES = [1200, 2000, 700, 420];
/** Of a camera's frame. */
const FRAME_SIDE = 900;

export interface Decoder {
  /** The text of a code in a camera's frame. @throws ScankeyError `unreachable` when what reads it cannot be loaded */
  inFrame(video: HTMLVideoElement): Promise<string | undefined>;
  /** The texts of the codes in a picture. @throws as `inFrame`, and when it is none that the browser can open */
  inPicture(file: Blob): Promise<string[]>;
  end(): void;
}

const detectors = async (): Promise<Detector | undefined> =>
  typeof BarcodeDetector !== 'undefined' && (await BarcodeDetector.getSupportedFormats()).includes('qr_code')
    ? new BarcodeDetector({ formats: ['qr_code'] })
    : undefined;

export function openDecoder(): Decoder {
  const detector = detectors().catch(() => undefined);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  let bench: Bench | undefined;
  const end = () => {
    bench?.terminate();
    bench = undefined;
  };

  function scaled(source: CanvasImageSource, width: number, height: number, side: number): Frame | undefined {
    const scale = Math.min(1, side / Math.max(width, height, 1));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    if (!context || canvas.width === 0 || canvas.height === 0) return undefined;
    // What is transparent in a screenshot stands on white.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  }

  /** One frame at a time: the next is asked for when this one is answered. */
  const textIn = (frame: Frame | undefined): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      bench ??= hall.start?.();
      if (!bench || !frame) return resolve(undefined);
      // A frame without a code is an answer, too: what fails is a part that could not be loaded, and the next begins anew.
      const fail = () => {
        end();
        reject(new ScankeyError('unreachable'));
      };
      bench.onmessage = ({ data }: MessageEvent<{ done?: string } | { failed: unknown }>) =>
        'failed' in data ? fail() : resolve(data.done);
      bench.onerror = fail;
      const { width, height, data } = frame;
      bench.postMessage({ task: 'textIn', args: [{ width, height, data }] }, [data.buffer]);
    });

  const detected = async (source: CanvasImageSource): Promise<string[] | undefined> =>
    (await (await detector)?.detect(source))?.map(({ rawValue }) => rawValue).filter(Boolean);

  return {
    async inFrame(video) {
      const found = await detected(video);
      if (found) return found[0];
      return textIn(scaled(video, video.videoWidth, video.videoHeight, FRAME_SIDE));
    },
    async inPicture(file) {
      const picture = await createImageBitmap(file);
      try {
        const found = await detected(picture).catch(() => undefined);
        if (found && found.length > 0) return [...new Set(found)];
        for (const side of PICTURE_SIDES) {
          const text = await textIn(scaled(picture, picture.width, picture.height, side));
          if (text) return [text];
        }
        return [];
      } finally {
        picture.close();
      }
    },
    end,
  };
}
