// The sealed copies at the companion, each under its revision; what is asked for is known to the companion by neither name nor key.
import * as v from 'valibot';
import { ask } from '../../protocol/ask.ts';
import { type Bytes, fromBase64, toBase64 } from '../../protocol/encoding.ts';
import { codeOf, ScankeyError } from '../../protocol/errors.ts';
import { addressOf, BackupAnswer, type BackupRequest } from '../../protocol/recovery.ts';

/** A copy at the companion. */
export interface Remote {
  rev: number;
  blob: Bytes;
}

/** `key` is the recovery key. Each throws ScankeyError `unreachable`, or as the companion answers. */
export interface RemoteCopies {
  /** The newest; undefined where there is none. @throws ScankeyError `backup-damaged` for an answer that is none */
  read(key: Bytes): Promise<Remote | undefined>;
  /** @param ifRev the newest until now, 0 for none. @throws ScankeyError `conflict` when it is not, `backup-too-large` */
  write(key: Bytes, ifRev: number, copy: Remote): Promise<void>;
  /** All of them. */
  remove(key: Bytes): Promise<void>;
}

/** However long a whole vault takes on its way: the companion says when it has waited enough. */
const askBackup = (request: BackupRequest, auth: string): Promise<unknown> => {
  const headers = { 'content-type': 'application/json', authorization: `Scankey ${auth}` };
  return ask(v.unknown(), '/v1/backup', request, { headers, signal: null });
};

/** Those at the companion that serves this page. */
export const ownCompanion: RemoteCopies = {
  async read(key) {
    const { id, auth } = await addressOf(key);
    try {
      const { rev, blob } = v.parse(BackupAnswer, await askBackup({ t: 'read', id }, auth));
      return { rev, blob: fromBase64(blob) };
    } catch (error) {
      if (codeOf(error, 'unreachable') === 'no-backup') return undefined;
      throw error instanceof ScankeyError ? error : new ScankeyError('backup-damaged', { cause: error });
    }
  },

  async write(key, ifRev, { rev, blob }) {
    const { id, auth } = await addressOf(key);
    await askBackup({ t: 'write', id, ifRev, rev, blob: toBase64(blob) }, auth).catch((cause: unknown) => {
      throw codeOf(cause, 'unreachable') === 'too-large' ? new ScankeyError('backup-too-large', { cause }) : cause;
    });
  },

  async remove(key) {
    const { id, auth } = await addressOf(key);
    await askBackup({ t: 'delete', id }, auth).catch((error: unknown) => {
      if (codeOf(error, 'unreachable') !== 'no-backup') throw error;
    });
  },
};
