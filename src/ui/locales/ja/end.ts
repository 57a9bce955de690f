// What popup and phone both say above why a sign-in led to nothing.

import type en from '../en/end.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  notSignedIn: 'ログインしていません',
  stoppedForSafety: '安全のため中止しました',
};
export default sentences;
