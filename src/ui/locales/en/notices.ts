// What a phone's notices say while Scankey is closed.
import type { Sentences } from '../i18n.ts';

export default {
  asks: 'Sign-in request',
  look: 'Open Scankey to review',
  ready: 'Sign-in notifications are on.',
} as const satisfies Sentences;
