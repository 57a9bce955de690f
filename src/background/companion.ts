// The first word with a companion: what phone page it serves.
import * as v from 'valibot';
import { ScankeyError } from '../protocol/errors.ts';
import { isSecure } from '../protocol/qr-link.ts';
import { CompanionInfo } from '../protocol/relay.ts';

/** Asks the companion at `relay` for its phone page. @throws ScankeyError `unreachable` */
export async function fetchCompanion(relay: string): Promise<CompanionInfo> {
  try {
    const response = await fetch(new URL('/v1/companion', relay), {
      signal: AbortSignal.timeout(5_000),
      credentials: 'omit',
      redirect: 'error',
    });
    const info = v.parse(CompanionInfo, await response.json());
    const url = new URL(info.phoneOrigin);
    // A companion that is reached safely may not send phones to another place.
    const own = new URL(relay);
    if (!isSecure(url) || url.origin !== info.phoneOrigin) throw new Error('not a phone page');
    if (own.protocol === 'https:' && own.origin !== info.phoneOrigin) throw new Error('another origin');
    return info;
  } catch (cause) {
    throw new ScankeyError('unreachable', { cause });
  }
}
