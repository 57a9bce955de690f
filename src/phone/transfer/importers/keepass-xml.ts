// KeePass 2's XML, also as KeePassXC writes it: what a KDBX file holds, not sealed. Its document type is not read, and so no entity.
import { Credentials, Kdbx, KdbxFormat } from 'kdbxweb';
import { ScankeyError } from '../../../protocol/errors.ts';
import type { Read } from './entry.ts';
import { keepTabs, refuseBomb, skipAttachments } from './kdbx.ts';
import { entriesOf } from './keepass.ts';

const FRONT = /^\uFEFF?\s*(<\?xml[^>]*\?>\s*)?(<!--[\s\S]*?-->\s*)*<KeePassFile\b/;

/** @throws ScankeyError `import-failed` for damaged XML, `import-too-large` */
export const readKeePassXml: Read = async ({ bytes, text }) => {
  if (text === undefined || !FRONT.test(text.slice(0, 4096))) return undefined;
  await refuseBomb(new Uint8Array(bytes), false);
  const db = new Kdbx();
  db.credentials = new Credentials(null);
  skipAttachments(db);
  try {
    await new KdbxFormat(db).loadXml(keepTabs(text.replace(/^\uFEFF/, '')));
  } catch (cause) {
    throw new ScankeyError('import-failed', { cause });
  }
  return entriesOf(db);
};
