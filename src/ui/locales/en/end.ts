// What popup and phone both say above why a sign-in led to nothing.
import type { Sentences } from '../i18n.ts';

export default {
  notSignedIn: 'Not signed in',
  stoppedForSafety: 'Stopped for your safety',
} as const satisfies Sentences;
