// What browsers and their stores say of the extension.
import type { Sentences } from '../i18n.ts';

export default {
  name: 'Scankey: sign in by QR code',
  description: 'Sign in on any computer by scanning a QR code with your phone. Your password stays off the keyboard.',
  action: 'Sign in with your phone',
} as const satisfies Sentences;
