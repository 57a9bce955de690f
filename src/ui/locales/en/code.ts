// What popup and sign-in page both say of a code, and of the phone that has scanned it.
import type { Sentences } from '../i18n.ts';

export default {
  scan: 'Scan with your phone’s camera',
  preparing: 'Preparing the code…',
  scanned: 'Scanned. Waiting for your phone…',
  confirm: 'Confirm on “{phone}”',
  settingUp: 'Setting up Scankey on your phone…',
  holding: 'Confirmed on “{phone}”',
  holdingHint: 'It is on another network, so it waits ten seconds before it signs in. Until then you can still cancel.',
  second: 'Somebody else tried to scan this code, too.',
  newCode: 'Show a new code',
  cancel: 'Cancel',
} as const satisfies Sentences;
