// One sentence for each way in which something can go wrong: what happened, in words that blame nobody.
import type { Code } from '../../../protocol/errors.ts';

export default {
  'bad-message': 'Something arrived that Scankey does not understand. Start again with a new code.',
  'version-unsupported': 'This code comes from a newer Scankey. Update Scankey on this device.',
  'origin-required': 'This server does not allow this extension yet.',
  'host-unknown': 'The server does not answer under this address.',
  'not-found': 'There is nothing at this address.',
  'session-gone': 'This code is no longer valid. Show a new code on the computer and scan it.',
  'session-taken': 'Another phone scanned this code first. If that was not you, show a new code.',
  conflict: 'The sign-in was stopped because messages did not match. Start again with a new code.',
  'out-of-order': 'Messages arrived in the wrong order. Start again with a new code.',
  'too-large': 'The name or password of this account is too long to be sent.',
  'upgrade-required': 'This version of Scankey is too old. Update it.',
  'link-unknown':
    'The server has not heard of this phone yet, or not for a long time. Open Scankey on the phone, or scan the code.',
  'link-ended': 'The phone does not trust this browser any more. Scan the code.',
  'link-suspended':
    'The phone has seen two copies of this browser and answers neither. Scan the code to begin anew, and tell the phone if that was not you.',
  'link-stale': 'The phone does not know this browser. Scan the code to trust it again.',
  'called-too-often': 'The phone was asked too often, or its owner denied just now. Wait a minute, or scan the code.',
  'no-answer': 'The phone did not answer. Open Scankey on it and ask again, or scan the code.',
  'rate-limited': 'Too many tries from this network. Wait a minute and try again.',
  'identity-apart':
    'The vault and the account that you confirmed with are not known here as one person’s. Only your administrator can say that they are.',
  'identity-unknown': 'You don’t have access here yet. Ask your administrator.',
  'identity-wrong': 'That was not the same person, or the proof does not hold. Try again with your own phone.',
  'sign-in-gone': 'This sign-in is over, or was begun in another browser. Go back to the site and begin anew.',
  'provider-state': 'This answer does not belong to a sign-in of this browser. Go back to the site and begin anew.',
  'provider-cancelled': 'You have declined there. Choose again how to sign in.',
  'provider-code': 'The confirmation has expired. Try again.',
  'provider-code-used': 'The confirmation was used already. Try again.',
  'provider-organisation':
    'Only members of this organisation can sign in here. Choose its account there, or ask your administrator.',
  'provider-snapshot': 'WeChat has shown a preview only. Open the whole page and try again.',
  'provider-refused': 'It has refused. Try again, or sign in another way.',
  'provider-token': 'It has refused its own key. Try again.',
  'provider-secret': 'This server’s secret is wrong there. Tell your administrator.',
  'provider-set-up': 'This server’s app is not set up there. Tell your administrator.',
  'provider-scope': 'This server’s app lacks a permission there. Tell your administrator.',
  'provider-callback': 'This server’s address is not registered there. Tell your administrator.',
  'provider-address': 'This server is not allowed to ask there. Tell your administrator.',
  'provider-clock': 'This server’s clock is wrong. Tell your administrator.',
  'provider-busy': 'Too many people sign in there at the moment. Try again in a minute.',
  'provider-down': 'It does not answer as it should. Try again, or sign in another way.',
  'provider-slow': 'It took too long. Try again, or sign in another way.',
  'no-room':
    'The server takes no more backups for now. Your accounts on this phone are safe. Try again tomorrow, or tell whoever runs it.',
  busy: 'The server is busy. Try again in a minute.',
  'store-unavailable': 'The server cannot reach its storage. Try again in a minute.',
  'not-a-code': 'This is not a Scankey code.',
  'not-a-companion': 'What answers at this address is not a Scankey server.',
  'other-companion': 'This code belongs to another Scankey server: {origin}',
  'phone-page-unknown':
    'The page that this server gives phones is none that this version of Scankey knows, so no code is shown. If the server was just updated, update Scankey, or choose the server again in its settings. If nobody has changed it, tell whoever runs it.',
  'phone-page-changed':
    'The server gives phones a page that somebody has changed, so no code is shown. Do not enter your passphrase there, and tell whoever runs the server.',
  'page-left': 'The page changed before you confirmed, so nothing was filled in.',
  'no-form': 'There is no sign-in form on this page. Open the site’s sign-in form, then start again.',
  covered:
    'Something covers the sign-in form, or it is hidden, so nothing was filled in. Close what lies over it, then start again.',
  'does-not-fit': 'The site takes fewer characters than this account has, so nothing was filled in.',
  'step-blocked':
    'The site went on to a page that you have not confirmed, so the password was not filled in. Open Scankey there and scan again.',
  'site-not-allowed': 'Whoever looks after this computer does not allow Scankey on this site.',
  'near-only':
    'Whoever looks after this computer allows only phones on its own network. Connect the phone to it, then show a new code.',
  'set-by-policy': 'Whoever looks after this computer has set this, and it cannot be changed here.',
  'way-not-allowed':
    'Whoever looks after the computer does not allow this way of signing in there. Show a new code on it.',
  'policy-wrong':
    'What was set for Scankey on this computer cannot be followed, so nothing is signed in. Tell whoever looks after it.',
  'page-forbidden':
    'Extensions cannot work on this page. Open the site that you want to sign in to. If a window asks for name and password, close it first.',
  'origin-mismatch':
    'The form would send the password or the code to another address than the one confirmed, so it was not sent.',
  'password-in-address':
    'The page would write the password or the code into its address, where others can read it, so it was not sent.',
  'key-mismatch':
    'A security check failed, so the sign-in was stopped. This connection does not match the code; somebody may be interfering.',
  'not-opened': 'The message could not be opened. Start again with a new code.',
  'digits-wrong': 'The number was wrong three times, so the sign-in was stopped.',
  denied: 'You denied it on your phone. Nothing was filled in.',
  cancelled: 'The sign-in was cancelled.',
  expired: 'Time ran out. Show a new code to try again.',
  'cannot-tell': 'The password was entered. Look at the page to see whether it worked.',
  unseen: 'It could not be seen how this went. Look at the page on the computer.',
  'page-blocked': 'The page shows a message of its own, or is busy, and says no more. Look at it on the computer.',
  'asked-again':
    'The site asks for the password once more before it goes on. It is entered, but not sent: check what the page is about to do, then press its button yourself.',
  unreachable: 'Can’t reach the Scankey server.',
  'params-refused': 'The vault’s settings are out of bounds, so it was not opened.',
  'wrong-passphrase': 'That passphrase does not open the vault.',
  'vault-damaged': 'The vault on this phone is damaged. An older copy may still open.',
  'vault-newer':
    'A newer version of Scankey wrote this, so nothing of it was read or changed here. Close Scankey and open it again to update it.',
  overtaxed: 'This was too much for the phone just now. Close other apps and pages, and try again.',
  'storage-failed': 'The phone could not save this. Free some space and try again.',
  'other-tab': 'Another tab of Scankey was faster, so nothing was changed here. Try again.',
  'trial-full': 'This trial server keeps three accounts. Use a server with a real certificate for more.',
  'no-backup': 'The server has no backup for this key. Check the characters, or whether the backup was deleted.',
  'not-a-sheet': 'This is not a Scankey recovery key.',
  'backup-older': 'The server gave back an older backup than this phone has seen.',
  'backup-damaged': 'The backup on the server is damaged. The accounts on this phone were not touched.',
  'backup-too-large':
    'The vault has grown too large for the server’s backup. Its accounts are safe on this phone; delete what you no longer need, or export them.',
  'passphrase-changed': 'The passphrase was changed on another phone. Enter the new one.',
  'no-passkey': 'Fingerprint or face not recognised. Use the passphrase.',
  'import-unknown': 'This is not an export that Scankey knows. Choose the file as the other app exported it.',
  'import-failed': 'This file is damaged or not what it seems, so nothing was read from it.',
  'import-too-large': 'This file is too large to be an export of passwords. Nothing was read from it.',
  'import-encoding': 'This file is not in UTF-8. Export it again, or save it as UTF-8.',
  'import-costly':
    'This file needs more memory to open than a phone can give, so it was not opened. Export it again without encryption, import that, and delete it afterwards.',
  'import-locked':
    'This export opens in the account that made it only. Export again, protected by a password or as JSON.',
  'import-password': 'That is not the password of this file.',
  'import-key-file':
    'This is not the password of this file, or it needs its key file as well. Choose the key file too.',
  'import-kdb':
    'This is a file of KeePass 1 (KDB), which cannot be opened here. Open it in KeePass 2 or KeePassXC, save it as KDBX, and choose that.',
  'import-twofish':
    'This KeePass file is encrypted with Twofish, which cannot be opened here. Change its encryption to AES or ChaCha20, and choose it again.',
  'import-columns': 'Nothing says which column of this table is what. Choose at least the one with the passwords.',
} as const satisfies Record<Code, string>;
