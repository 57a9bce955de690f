// What popup and phone both say above why a sign-in led to nothing.

import type en from '../en/end.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  notSignedIn: '尚未登入',
  stoppedForSafety: '為了安全已停止',
};
export default sentences;
