// What a phone's notices say while Scankey is closed.
import type { Sentences } from '../i18n.ts';

export default {
  asks: 'A computer asks to sign in',
  look: 'Open Scankey to see which',
  ready: 'This phone can be woken now.',
} as const satisfies Sentences;
