// Whether the companion gives phones the page that was released: the SHA-256 of its build.json is one that this build knows, that the
// policy names, or that the person has taken with the server; and of the files that build.json names, the page itself and another one,
// drawn at random, are the same. What cannot be looked at is not refused: a companion knows an extension by its `Origin`, so who means
// to deceive it would rather give it the right file. What is found is a page that was changed for everybody.
import * as v from 'valibot';
import { policyInForce } from '../extension/policy.ts';
import { sha256 } from '../protocol/encoding.ts';
import { codeOf, ScankeyError } from '../protocol/errors.ts';
import * as storage from './storage.ts';

const WITHIN_MS = 5_000;
const INDEX = 'index.html';
/** What is not as its build says is looked at again: of two companions behind one address one may be of another version for a while. */
const LOOKS = 4;
const List = v.object({
  files: v.record(v.pipe(v.string(), v.regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/)), v.pipe(v.string(), v.length(64))),
});
type Files = v.InferOutput<typeof List>['files'];
interface Build {
  digest: string;
  files: Files;
}

/** @returns a file as the companion gives it; undefined where it has none @throws ScankeyError `unreachable` */
async function read(relay: string, name: string): Promise<Uint8Array | undefined> {
  try {
    const signal = AbortSignal.timeout(WITHIN_MS);
    const init = { credentials: 'omit', cache: 'no-store', redirect: 'error', signal } as const;
    const response = await fetch(new URL(`/${name}`, relay), init);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    if (response.status === 404) return undefined;
  } catch (cause) {
    throw new ScankeyError('unreachable', { cause });
  }
  throw new ScankeyError('unreachable');
}

const digestOf = async (bytes: Uint8Array): Promise<string> =>
  [...(await sha256(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** What the companion says that it serves: the digest of build.json, and what it names. @throws ScankeyError `phone-page-unknown`, `unreachable` */
async function servedBuild(relay: string): Promise<Build> {
  const bytes = await read(relay, 'build.json');
  if (!bytes) throw new ScankeyError('phone-page-unknown');
  const digest = await digestOf(bytes);
  try {
    return { digest, files: v.parse(List, JSON.parse(new TextDecoder().decode(bytes))).files };
  } catch (cause) {
    throw new ScankeyError('phone-page-unknown', { cause });
  }
}

/** Whether the files of these names are those that the build says. @throws ScankeyError `unreachable` */
async function areAsBuilt(relay: string, files: Files, names: readonly string[]): Promise<boolean> {
  const same = names.map(async (name) => {
    const bytes = await read(relay, name);
    // The one word in it that a companion sets: whether it is a trial.
    const built =
      name === INDEX && bytes
        ? new TextEncoder().encode(new TextDecoder().decode(bytes).replace('data-trial="true"', 'data-trial="false"'))
        : bytes;
    return built !== undefined && (await digestOf(built)) === files[name];
  });
  return (await Promise.all(same)).every(Boolean);
}

/** @throws ScankeyError `phone-page-changed` where a file is another than its build says, `unreachable`, also while it is being updated */
async function compare(relay: string, { digest, files }: Build): Promise<void> {
  const others = Object.keys(files).filter((name) => name !== INDEX);
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  const names = [INDEX, others[drawn % others.length]].filter((name) => name !== undefined);
  for (let looks = 1; !(await areAsBuilt(relay, files, names)); looks++) {
    if (looks === LOOKS) throw new ScankeyError('phone-page-changed');
    const list = await read(relay, 'build.json');
    if (!list || (await digestOf(list)) !== digest) throw new ScankeyError('unreachable');
  }
}

async function takes(relay: string, digest: string): Promise<boolean> {
  const { companion, phonePages } = await policyInForce();
  if (KNOWN_PHONE_PAGES === null || [...KNOWN_PHONE_PAGES, ...phonePages].includes(digest)) return true;
  // Where the policy names the server nobody has chosen it.
  return !companion && (await storage.readAcceptedPages())[relay] === digest;
}

async function look(relay: string): Promise<void> {
  if (KNOWN_PHONE_PAGES === null) return;
  const build = await servedBuild(relay);
  if (!(await takes(relay, build.digest))) throw new ScankeyError('phone-page-unknown');
  await compare(relay, build);
}

/**
 * The person chooses this server as it is now: its page is taken, also one of its own making, until it is another.
 * @throws ScankeyError `phone-page-unknown` where it does not say what its page is, `phone-page-changed` where it is not what it says
 */
export async function acceptPhonePage(relay: string): Promise<void> {
  if (KNOWN_PHONE_PAGES === null) return;
  try {
    const build = await servedBuild(relay);
    await compare(relay, build);
    if (!(await takes(relay, build.digest))) await storage.acceptPage(relay, build.digest);
    await storage.dropWrongPage();
  } catch (error) {
    if (codeOf(error, 'unreachable') !== 'unreachable') throw error;
  }
}

/**
 * Looks, and remembers what was found wrong until it is well again: no code lies ready meanwhile.
 * @throws ScankeyError `phone-page-unknown`, `phone-page-changed`: now, or when it could last be looked at; `policy-wrong`
 */
export async function examinePhonePage(relay: string): Promise<void> {
  try {
    await look(relay);
    await storage.dropWrongPage();
  } catch (error) {
    const code = codeOf(error, 'unreachable');
    if (code === 'unreachable') return refuseWrongPage(relay);
    // Whoever has written a policy that cannot be read has changed no page.
    if (code !== 'phone-page-unknown' && code !== 'phone-page-changed') throw error;
    await storage.writeWrongPage({ relay, code });
    await storage.dropNext();
    throw error;
  }
}

async function refuseWrongPage(relay: string): Promise<void> {
  const wrong = await storage.readWrongPage();
  if (wrong?.relay === relay) throw new ScankeyError(wrong.code);
}

/** Looks again where something was wrong. @throws ScankeyError as `examinePhonePage` */
export async function allowCode(relay: string): Promise<void> {
  if ((await storage.readWrongPage())?.relay === relay) await examinePhonePage(relay);
}
