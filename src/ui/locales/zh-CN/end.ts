// What popup and phone both say above why a sign-in led to nothing.

import type en from '../en/end.ts';
import type { Translation } from '../i18n.ts';

const sentences: Translation<typeof en> = {
  notSignedIn: '未登录',
  stoppedForSafety: '为安全起见已终止',
};
export default sentences;
