// The page's own camera view, and what there is in its place: a picture of the code, or its link typed in.
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Notice } from '../../ui/components.tsx';
import { AppBar } from './app-bar.tsx';
import { type CameraTrouble, cameraSteps, cameraTrouble, told } from './browser.ts';
import { CodePictures } from './code-pictures.tsx';
import { openDecoder } from './decoder.ts';
import { Field, submits } from './form.tsx';
import { say } from './language.ts';

const BETWEEN_LOOKS_MS = 120;

/** What cameras can that not every browser's types know. */
interface Abilities {
  torch?: boolean;
  zoom?: { min: number; max: number; step: number };
}
// Firefox has no such question.
const abilitiesOf = (track: MediaStreamTrack): Abilities => (track.getCapabilities?.() ?? {}) as Abilities;
const apply = (track: MediaStreamTrack, how: { torch: boolean } | { zoom: number }): Promise<void> =>
  // A lamp that cannot be lit stays dark.
  track.applyConstraints({ advanced: [how as MediaTrackConstraintSet] }).catch(() => {});

/**
 * Opens the camera, shows it, and tells each new text that it sees, until `stop`.
 * @param onTrack is given the camera each time that it was opened: it may be taken away, and come back
 */
async function watch(
  view: HTMLVideoElement,
  stop: AbortSignal,
  onTrack: (track: MediaStreamTrack) => void,
  onCode: (text: string) => void,
): Promise<void> {
  const decoder = openDecoder();
  let stream: MediaStream | undefined;
  const close = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  stop.addEventListener('abort', () => {
    close();
    decoder.end();
  });
  const open = async () => {
    close();
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', width: { ideal: 1280 } },
    });
    if (stop.aborted) return close();
    const [track] = stream.getVideoTracks();
    if (track) onTrack(track);
    view.srcObject = stream;
    await view.play();
  };
  await open();
  let seen = '';
  while (!stop.aborted) {
    const [track] = stream?.getVideoTracks() ?? [];
    // iOS ends it when the page is left for a moment.
    if (track?.readyState === 'ended' && document.visibilityState === 'visible') await open();
    const text = await decoder.inFrame(view).catch(() => undefined);
    if (text && text !== seen && !stop.aborted) {
      seen = text;
      onCode(text);
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
}

/** The camera in the place of a whole screen; calls `onCode` for each new text that it sees, until it is taken away. */
export function Camera(props: {
  title?: string;
  onCode: (text: string) => void;
  /** Is given what a picture or a link held; without it neither is offered, where nothing but the camera is a proof. */
  onGiven?: ((text: string) => void) | undefined;
  /** Where there is a way back; the tab bar's own camera has none. */
  onBack?: () => void;
}) {
  const { onCode, onGiven, onBack, title = say('scanTitle') } = props;
  const video = useRef<HTMLVideoElement>(null);
  const trouble = useSignal<CameraTrouble | undefined>(undefined);
  const track = useSignal<MediaStreamTrack | undefined>(undefined);
  const tries = useSignal(0);
  useEffect(() => {
    const stop = new AbortController();
    const view = video.current;
    const onTrack = (opened: MediaStreamTrack) => {
      track.value = opened;
    };
    if (view)
      watch(view, stop.signal, onTrack, onCode).catch((error) => {
        if (!stop.signal.aborted) trouble.value = cameraTrouble(error);
      });
    return () => stop.abort();
  }, [tries.value]);
  const again = () => {
    trouble.value = undefined;
    tries.value++;
  };
  return (
    <>
      <AppBar title={title} {...(onBack ? { onBack } : {})} />
      <main>
        {trouble.value && (
          <>
            <Notice tone="bad">{say(trouble.value)}</Notice>
            {trouble.value === 'cameraDenied' && <p class="soft">{say(cameraSteps(told()))}</p>}
            <button type="button" class="primary" onClick={again}>
              {say('cameraAgain')}
            </button>
          </>
        )}
        <video ref={video} muted playsInline aria-label={title} hidden={trouble.value !== undefined} />
        {!trouble.value && track.value && <Controls key={track.value.id} track={track.value} />}
        {onGiven && <CodePictures onCodes={onGiven} />}
        {onGiven && <TypedCode onCode={onGiven} />}
      </main>
    </>
  );
}

/** Light and zoom, where this camera has them. */
function Controls({ track }: { track: MediaStreamTrack }) {
  const lit = useSignal(false);
  const { torch, zoom } = abilitiesOf(track);
  return (
    <div class="camera-controls">
      {torch && <TorchButton track={track} lit={lit} />}
      {zoom && zoom.max > zoom.min && (
        <label>
          {say('cameraZoom')}
          <input
            type="range"
            {...{ min: zoom.min, max: zoom.max, step: zoom.step || 'any' }}
            defaultValue={String(zoom.min)}
            onInput={({ currentTarget }) => void apply(track, { zoom: currentTarget.valueAsNumber })}
          />
        </label>
      )}
    </div>
  );
}

const TorchButton = ({ track, lit }: { track: MediaStreamTrack; lit: Signal<boolean> }) => (
  <button
    type="button"
    aria-pressed={lit.value}
    onClick={() => {
      lit.value = !lit.value;
      void apply(track, { torch: lit.value });
    }}
  >
    {say('cameraLight')}
  </button>
);

/** The last way: the link that the code holds. */
const TypedCode = ({ onCode }: { onCode: (text: string) => void }) => (
  <details>
    <summary>{say('typeCode')}</summary>
    <form onSubmit={submits((entry) => onCode(entry('link').trim()))}>
      <Field id="link" label={say('typeCodeLabel')} hint={say('typeCodeHint')}>
        <input
          id="link"
          name="link"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          required
          aria-describedby="link-hint"
        />
      </Field>
      <button type="submit">{say('typeCodeUse')}</button>
    </form>
  </details>
);
