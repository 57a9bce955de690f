// The stores' listing in English.
import type { Listing } from './listing.ts';

export default {
  long: `Sign in on any computer by scanning a QR code with your phone. Click the Scankey button on a sign-in page, point your phone at the code, look, and confirm. The password goes from your phone into that one form, sealed end to end. Nobody types it, and it is not kept on the computer, unless you agree to keep it there sealed, for your team's server to open.

YOU NEED
• A Scankey server: one that you trust, or your own. It is free software, one command and one port.
• A phone with a browser. There is no app to install.
• Chrome, Edge or Firefox on a computer. In Firefox for Android it can be installed, and has not been tried on a device yet; there you need a second phone to scan with.

WHAT IT DOES
• Works on a borrowed computer, in a private window, the first time. No account, no pairing.
• Fills name, password and one-time code, on one page or over several.
• Your accounts lie on your phone, sealed under a passphrase, a fingerprint or a face. Import them from browsers, Bitwarden, 1Password, KeePass and others, and export them again at any time.
• On your own computers one click asks your phone, without a code.
• Far from your phone's network it asks for six digits and ten seconds, because then somebody else might have sent you the code.

WHAT IT SEES
The page on which you press its button, when you press it; and, without a press, the sites that you have set to sign in by themselves. It asks for no site when it is installed. To your phone it sends, sealed, the site's address and title, what its form asks for, how the sign-in went, the browser's and system's name, and a login that you choose to save (on a page that sets a password, the name there). Your server passes that on and cannot read it. No statistics, no advertising, nobody else.

WHAT IT CANNOT DO
Scankey cannot protect against a computer that has been tampered with, or against other extensions that may read every page. If somebody gets you to scan and confirm the code on their computer, they get that one password: if you did not start it, press Deny. Where a site has passkeys, a passkey is the better choice.`,
  captions: {
    scan: 'Scan the code, look, confirm',
    'signed-in': 'Signed in, and no password typed',
    'one-click': 'On your own computer, one click asks your phone',
    tile: 'Sign in with your phone',
  },
} satisfies Listing;
