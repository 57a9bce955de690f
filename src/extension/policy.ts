// What whoever looks after this computer has set for Scankey (`storage.managed`): all of it, or a policy that is wrong. The browser drops
// a setting of the wrong type without a word, so each has to be there: one that is missing has been dropped, or misspelt.
import * as v from 'valibot';
import browser from 'webextension-polyfill';
import { ScankeyError } from '../protocol/errors.ts';
import { isSecure } from '../protocol/qr-link.ts';

const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80));

/** An address of a companion: an origin that is encrypted, or of this computer. */
const Address = v.pipe(
  v.string(),
  v.check((address) => URL.canParse(address) && isSecure(new URL(address)) && new URL(address).origin === address),
);

/** Whether a host is written as the address of a page has it: any other spelling, as 127.1 or [0:0:0:0:0:0:0:1], would be met by none. */
const isAsInAddress = (host: string): boolean =>
  URL.canParse(`http://${host}`) && new URL(`http://${host}`).hostname === host;

/** Hosts as an address bar writes them: one, or one with all below it. At any port. */
const Hosts = v.array(
  v.pipe(
    v.string(),
    v.regex(/^(\*\.)?[\w-]+(\.[\w-]+)*$|^\[[0-9a-f:.]+\]$/),
    v.check((host) => isAsInAddress(host.replace('*.', ''))),
  ),
);

const Policy = v.object({
  /** Who has set this, as people know them. */
  organisation: text,
  /** Origin of the one companion; empty where people choose it. */
  companion: v.union([v.literal(''), Address]),
  /** Sites that can be signed in to; none for all. */
  allowedSites: Hosts,
  /** Sites that cannot, also among those. */
  forbiddenSites: Hosts,
  /** No phone is remembered, and nothing else that would sign in here without a code. */
  noPairing: v.boolean(),
  /** Only phones on this computer's network. */
  nearOnly: v.boolean(),
  /** BCP 47; empty for the browser's. */
  language: v.union([v.literal(''), v.pipe(v.string(), v.regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/))]),
  /**
   * SHA-256 (hex) of the build.json of phone pages of one's own making, which are taken beside those that were released. It alone may be
   * missing: what is dropped of it allows nothing.
   */
  phonePages: v.optional(v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))), []),
});
export type Policy = v.InferOutput<typeof Policy>;
export const SETTINGS = Object.keys(Policy.entries) as readonly (keyof Policy)[];

const FREE: Policy = {
  ...{ organisation: '', companion: '', allowedSites: [], forbiddenSites: [] },
  ...{ noPairing: false, nearOnly: false, language: '', phonePages: [] },
};

/** How this computer is looked after: by nobody, by whom and how, or in a way that cannot be followed, for these settings. */
export type Managed =
  | { is: 'free' | 'managed'; policy: Policy }
  | { is: 'wrong'; organisation: string; settings: readonly string[] };

/** @param stored what the browser hands on; empty where there is no policy */
export function managedBy(stored: Record<string, unknown>): Managed {
  if (Object.keys(stored).length === 0) return { is: 'free', policy: FREE };
  const parsed = v.safeParse(Policy, stored);
  if (parsed.success) return { is: 'managed', policy: parsed.output };
  const organisation = v.safeParse(text, stored.organisation);
  const wrong = parsed.issues.map(({ path }) => String(path?.[0].key ?? ''));
  return { is: 'wrong', organisation: organisation.success ? organisation.output : '', settings: [...new Set(wrong)] };
}

/** How it is looked after now: it may change while the browser runs. */
export async function readManaged(): Promise<Managed> {
  try {
    return managedBy(await browser.storage.managed.get(null));
  } catch (error) {
    // So Firefox says that there is no policy, where Chromium gives an empty one; on Android, where it reads none, it says something else.
    // What cannot be read otherwise may forbid anything.
    const isNone =
      /manifest not found/.test(String(error)) || (await browser.runtime.getPlatformInfo()).os === 'android';
    return isNone ? managedBy({}) : { is: 'wrong', organisation: '', settings: [] };
  }
}

/** @throws ScankeyError `policy-wrong`: nothing goes on under a policy that nobody can read */
export async function policyInForce(): Promise<Policy> {
  const managed = await readManaged();
  if (managed.is === 'wrong') throw new ScankeyError('policy-wrong');
  return managed.policy;
}

/** Whether phones may be remembered here: not under a policy that nobody can read. */
export async function mayRemember(): Promise<boolean> {
  const managed = await readManaged();
  return managed.is !== 'wrong' && !managed.policy.noPairing;
}

/** Whether one of the hosts is that of `origin`. */
function covers(hosts: readonly string[], origin: string): boolean {
  // A host may end in the dot of the root, and is the same.
  const hostname = new URL(origin).hostname.replace(/\.$/, '');
  return hosts.some((host) => host === hostname || (host.startsWith('*.') && `.${hostname}`.endsWith(host.slice(1))));
}

/** Whether a site may be signed in to. */
export const allows = ({ allowedSites, forbiddenSites }: Policy, origin: string): boolean =>
  (allowedSites.length === 0 || covers(allowedSites, origin)) && !covers(forbiddenSites, origin);
