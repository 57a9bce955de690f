// What the pages say that a companion shows by itself.
import type { Sentences } from '../i18n.ts';

export default {
  stopped: 'This sign-in cannot go on. Go back to the site and begin anew.',
  invalid_client: 'This site is not set up here.',
  invalid_redirect_uri: 'This site sent an address that is not registered for it.',
  access_denied: 'The sign-in was declined.',
  done: 'Done. Go back to the site.',
  failed: 'That did not work. Go back to the site and try again.',
  signOutAsk: 'Sign out of this team’s sites in this browser?',
  signOut: 'Sign out',
  staySignedIn: 'Stay signed in',
  signedOut: 'Signed out.',
  deviceCode: 'Type the code that your device shows',
  deviceCodeWrong: 'That code is not known. Look at the device again.',
  goingOn: 'One moment…',
  goOn: 'Continue',
  deviceAsk: 'Sign in on {name}?',
  deviceSame: 'Only if this code is on its screen:',
  deviceYes: 'It is',
  cancel: 'Cancel',
  deviceSignedIn: 'Signed in. Go on at the device.',
  practice: 'Practice sign-in',
  practiceText:
    'Nothing real is behind this page. Press Scankey’s button beside the address bar (it may be behind the puzzle piece), scan, and choose “Use the practice account” on your phone.',
  practiceName: 'Name',
  practicePassword: 'Password',
  practiceSignIn: 'Sign in',
  practiceWrong: 'That is not the practice account.',
  practiceDone: 'You are signed in',
  practiceDoneText: 'That’s all there is to it. It works the same on any site.',
} as const satisfies Sentences;
