// The camera in the place of a whole screen, for as long as a signal says so.
import type { Signal } from '@preact/signals';
import { Camera } from './camera.tsx';

/**
 * @param onCode is given the first text that the camera sees, with which it closes
 * @param live only what the camera sees counts, no picture and no link
 */
export function CameraOverlay(props: {
  open: Signal<boolean>;
  title?: string;
  live?: boolean;
  onCode: (text: string) => void;
}) {
  const take = (text: string) => {
    props.open.value = false;
    props.onCode(text);
  };
  return (
    <Camera
      {...(props.title ? { title: props.title } : {})}
      onCode={take}
      onGiven={props.live ? undefined : take}
      onBack={() => {
        props.open.value = false;
      }}
    />
  );
}
