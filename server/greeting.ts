// What the companion says in the terminal once it runs: where it is, and what to do next there.
import QRCode from 'qrcode';
import type { Reach } from './reach.ts';

interface Running extends Pick<Reach, 'phoneOrigin' | 'trial'> {
  port: number;
  /** A person reads along, in colours of his own. */
  isTerminal: boolean;
  /** Requests are not logged. */
  isQuiet: boolean;
}

/** @returns the whole of it; the phone's code, and what to do with it, only where a phone reaches that address */
export async function greeting({ phoneOrigin, trial, port, isTerminal, isQuiet }: Running): Promise<string> {
  const here = new URL(`http://localhost:${port}`).origin;
  const isAlone = phoneOrigin === here;
  // Neither a proxy's name nor a certificate of ours: this is what people know it by.
  const isPublic = !trial && !isAlone;
  const rows = [
    ...(isPublic ? [] : [`  This computer     ${here}`]),
    ...(isAlone
      ? ['                    (and no other: a phone reaches it without --host 127.0.0.1, in a network)']
      : []),
    ...(isAlone ? [] : [`  Your phone        ${phoneOrigin}`]),
    ...(trial ? ['                    (a certificate of its own: accept it once on the phone; for a trial only)'] : []),
  ];
  const square = isAlone ? '' : await QRCode.toString(phoneOrigin, { type: 'utf8', errorCorrectionLevel: 'M' });
  // In the terminal's own colours it would be light on dark for half of all people, which few cameras read.
  const drawn = isTerminal ? square.replace(/^.+$/gm, '\x1b[30;107m$&\x1b[0m') : square;
  return `
Scankey companion is running.

${rows.join('\n')}
${isAlone ? '' : `\n${drawn}`}
  1. Load the extension in your browser, if you have not.
  2. ${isAlone ? `Open ${here} in a window on this computer: it is the phone here. Follow the steps there.` : 'Scan the code above with your phone, and follow the steps there.'}
  3. Try it on this computer: ${isPublic ? phoneOrigin : here}/practice

  Stop with Ctrl+C.${isQuiet ? ' Start with --log to see each request.' : ''}
`;
}
