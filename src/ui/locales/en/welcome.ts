// What the page says that opens after installing.
import type { Sentences } from '../i18n.ts';

export default {
  title: 'Welcome to Scankey',
  text: 'Your phone signs in on this computer. Three steps, and it works.',
  server: '1. Your server',
  phone: '2. Your phone',
  phoneText: 'Scan this with your phone’s camera and follow the steps there.',
  phoneCode: 'QR code of your phone’s Scankey page, {address}',
  phoneDone: 'My phone is set up',
  try: '3. Try it',
  tryAfter: 'First your phone: scan the code above, and choose a passphrase there. Then press the button below it.',
  tryText: 'Open the practice page, press the Scankey button of this browser, and scan. No real password is needed.',
  practice: 'Open the practice page',
} as const satisfies Sentences;
