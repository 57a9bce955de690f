// What has to be known over the list of accounts: all of it at once, since some of it stands until the page is left, and none may be hidden
// behind another for so long.
import type { Code } from '../../../protocol/errors.ts';
import type { Tie } from '../../../protocol/identity-proof.ts';
import type { Standing } from '../../vault/exchange.ts';

/** So old may the last backup be without a word: a companion that is away for a day or two is no matter. */
const WEEK_MS = 7 * 86_400_000;

export type Warning =
  | { of: 'tie'; tie: Tie }
  | { of: 'weak' | 'older' }
  | { of: 'backup'; problem: Code }
  | { of: 'late'; at: number };

/**
 * @param known.tie one that the person has not read about
 * @param known.weak, known.older the passphrase is weak; an older copy of the vault had to be opened
 * @param now ms since 1970
 */
export function warningsOf(
  { tie, weak, older, standing }: { tie: Tie | undefined; weak: boolean; older: boolean; standing: Standing },
  now: number,
): Warning[] {
  const { problem, at } = standing;
  const found: Warning[] = [];
  if (tie) found.push({ of: 'tie', tie });
  if (weak) found.push({ of: 'weak' });
  if (older) found.push({ of: 'older' });
  if (problem && problem !== 'unreachable') found.push({ of: 'backup', problem });
  else if (problem && at > 0 && now - at > WEEK_MS) found.push({ of: 'late', at });
  return found;
}
