// A part of the page that is loaded only when it is wanted may not come: that says nothing of the vault, the file or the passphrase at hand.
import { ScankeyError } from '../../protocol/errors.ts';

/** @param part what `import()` gives @throws ScankeyError `unreachable` when it cannot be had */
export const loaded = <T>(part: Promise<T>): Promise<T> =>
  part.catch((cause: unknown) => {
    throw new ScankeyError('unreachable', { cause });
  });
