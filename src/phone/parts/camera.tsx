// The page's own camera view. The browser's own detector where it has one, a decoder loaded only then where it has none.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Notice } from '../../ui/components.tsx';
import { say } from './language.ts';

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
declare const BarcodeDetector:
  | { new (options: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> }
  | undefined;

const BETWEEN_LOOKS_MS = 120;
const LONGEST_SIDE = 900;

/** Something that finds a QR code's text in a video frame. */
type Read = (video: HTMLVideoElement) => Promise<string | undefined>;

async function reader(): Promise<Read> {
  if (typeof BarcodeDetector !== 'undefined' && (await BarcodeDetector.getSupportedFormats()).includes('qr_code')) {
    const detector = new BarcodeDetector({ formats: ['qr_code'] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  const { textIn } = await import('./decode.ts');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight, 1));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    if (!context || canvas.width === 0) return undefined;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    return textIn(context.getImageData(0, 0, canvas.width, canvas.height));
  };
}

/** Shows the camera and calls `onCode` for each new text that it sees, until it is taken away. */
export function Camera(props: { title?: string; onCode: (text: string) => void; onCancel: () => void }) {
  const { onCode, onCancel, title = say('scanTitle') } = props;
  const video = useRef<HTMLVideoElement>(null);
  const denied = useSignal(false);
  useEffect(() => {
    const stop = new AbortController();
    const look = async () => {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'environment', width: { ideal: 1280 } },
      });
      stop.signal.addEventListener('abort', () => {
        for (const track of stream.getTracks()) track.stop();
      });
      const read = await reader();
      const view = video.current;
      if (!view || stop.signal.aborted) return stop.abort();
      view.srcObject = stream;
      await view.play();
      let seen = '';
      while (!stop.signal.aborted) {
        const text = await read(view).catch(() => undefined);
        if (text && text !== seen && !stop.signal.aborted) {
          seen = text;
          onCode(text);
        }
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
      }
    };
    look().catch(() => {
      if (!stop.signal.aborted) denied.value = true;
    });
    return () => stop.abort();
  }, []);
  return (
    <>
      <h1>{title}</h1>
      {denied.value ? (
        <Notice tone="bad">{say('cameraDenied')}</Notice>
      ) : (
        <video ref={video} muted playsInline aria-label={title} />
      )}
      <div class="actions">
        <button type="button" onClick={onCancel}>
          {say('cancel')}
        </button>
      </div>
    </>
  );
}
