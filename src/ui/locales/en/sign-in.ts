// What the companion's sign-in page says.
import type { Sentences } from '../i18n.ts';
import code from './code.ts';

export default {
  ...code,
  title: 'Sign in to {site}',
  codeLabel: 'QR code to sign in to {site}',
  newCodeIn: 'New code in {seconds} s',
  number: 'If your phone asks for a number:',
  far: 'Your phone is on another network. It may ask you to scan again and for this number:',
  unreachable: 'Can’t reach the server. This page keeps trying.',
  goingOn: 'Signing in…',
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
