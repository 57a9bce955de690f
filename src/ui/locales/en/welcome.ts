// What the page says that opens after installing.
import type { Sentences } from '../i18n.ts';

export default {
  title: 'Welcome to Scankey',
  text: 'Your phone signs in on this computer. Three steps, and it works.',
  server: '1. Your server',
  serverHow:
    'No server yet? Your team or family may have one: ask for its address. To run your own, type “npm start” in the folder with Scankey’s source. This page finds it by itself.',
  phone: '2. Your phone',
  phoneText:
    'Scan this with your phone’s camera and follow the steps there. This page notices when your phone is ready.',
  phoneTrial:
    'This server made its own certificate, so your phone’s browser warns once. Choose “Advanced” there, then go on to the page. Good for trying it out.',
  phoneCode: 'QR code of your phone’s Scankey page, {address}',
  phoneDone: 'My phone is set up already',
  phoneReady: 'Your phone is set up.',
  phoneAgain: 'Show the code again',
  try: '3. Try it',
  tryAfter: 'First set up your phone: scan the code above and choose a passphrase on it.',
  tryText:
    'Open the practice page, press Scankey’s button beside the address bar (it may be behind the puzzle piece), and scan. No real password is needed.',
  practice: 'Open the practice page',
} as const satisfies Sentences;
