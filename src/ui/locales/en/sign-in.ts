// What the companion's sign-in page says.
import type { Sentences } from '../i18n.ts';

export default {
  title: 'Sign in to {site}',
  scan: 'Scan with your phone’s camera',
  codeLabel: 'QR code to sign in to {site}',
  newCodeIn: 'New code in {seconds} s',
  preparing: 'Preparing the code…',
  scanned: 'Scanned. Waiting for your phone…',
  confirm: 'Confirm on “{phone}”',
  settingUp: 'Setting up Scankey on your phone…',
  holding: 'Confirmed on “{phone}”',
  holdingHint: 'It is on another network, so it waits ten seconds before it signs in. Until then you can still cancel.',
  number: 'If your phone asks for a number:',
  far: 'Your phone is on another network. It may ask you to scan again and for this number:',
  second: 'Somebody else tried to scan this code, too.',
  unreachable: 'Can’t reach the server. This page keeps trying.',
  goingOn: 'Signing in…',
  newCode: 'Show a new code',
  cancel: 'Cancel',
  decline: 'Back to the site without signing in',
  thisDevice: 'Use Scankey on this device',
  or: 'Or sign in with',
  drawWechat: 'Scan with WeChat',
  scanWechat: 'Scan this code with WeChat',
  backToCode: 'Back to Scankey’s code',
  confirmWith: 'One more step: confirm that it is you with {provider}.',
  scanToo: 'One more step: scan this with your phone and confirm there, too.',
  openProvider: 'Go on to {provider}',
  addsToo:
    '{provider} ({name}) is not known as yours here yet. Scan this with your phone, and confirm there that it is.',
  askOperator: 'Give your administrator the code {code}. Then scan again.',
} as const satisfies Sentences;
