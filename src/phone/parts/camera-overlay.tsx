// The camera in the place of a whole screen, for as long as a signal says so.
import type { Signal } from '@preact/signals';
import { Camera } from './camera.tsx';

/** @param onCode is given the first text that the camera sees, with which it closes */
export const CameraOverlay = (props: { open: Signal<boolean>; title?: string; onCode: (text: string) => void }) => (
  <main>
    <Camera
      {...(props.title ? { title: props.title } : {})}
      onCode={(text) => {
        props.open.value = false;
        props.onCode(text);
      }}
      onCancel={() => {
        props.open.value = false;
      }}
    />
  </main>
);
