// The team's file (`--team FILE`, YAML): who may sign in where, and by whom else they may be known. Read once at the start; what is
// wrong is named with its line. Secrets stand in the environment or in files of their own, never in it.
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

const name = v.pipe(v.string('must be text'), v.minLength(1, 'must not be empty'), v.maxLength(80, 'is too long'));
const id = v.pipe(v.string('must be text'), v.regex(/^[\w.:-]{1,64}$/, 'may hold letters, digits and . : _ - only'));
/** `$NAME` is the environment's, anything else a file. */
const secret = v.pipe(
  v.string('must be $NAME of the environment, or the path of a file'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const from = dataset.value;
    try {
      const value = from.startsWith('$') ? process.env[from.slice(1)] : readFileSync(from, 'utf8').trim();
      if (value) return value;
    } catch {}
    const where = from.startsWith('$') ? 'the environment has no such variable' : 'no such file, or it is empty';
    addIssue({ message: `names a secret that is not there: ${where}` });
    return NEVER;
  }),
);
/** Where a browser is sent back to: https, or this computer itself; compared character by character (RFC 9700 section 4.1.3). */
const redirect = v.pipe(
  v.string('must be an address'),
  v.check((text) => {
    if (!URL.canParse(text) || text.includes('*')) return false;
    const { protocol, hostname, username, password, hash, href } = new URL(text);
    const safe = protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname));
    return safe && !username && !password && !hash && (href === text || href === `${text}/`);
  }, 'must be a whole https address (http for this computer alone), without user, fragment or anything to normalise'),
);
const list = <T extends v.GenericSchema>(item: T) => v.optional(v.array(item, 'must be a list'), []);

const Client = v.strictObject({
  id,
  name,
  /** None for a client that cannot keep one: an app, a terminal. */
  secret: v.optional(secret),
  'redirect-uris': list(redirect),
  'after-logout': list(redirect),
  'backchannel-logout': v.optional(redirect),
  /** It has only a keyboard or a terminal (RFC 8628). */
  device: v.optional(v.boolean('must be true or false'), false),
  /** A second confirmation, by the same person's identity at this provider. */
  confirm: v.optional(
    v.picklist(['wechat', 'dingtalk', 'wecom', 'feishu'], 'must be wechat, dingtalk, wecom or feishu'),
  ),
});
export type Client = v.InferOutput<typeof Client>;

/** Another address for a provider's hosts: the international one (Lark), or a stand-in on this computer for tests. */
const hosts = v.optional(v.record(v.string(), redirect), {});
const organisations = list(id);
const wxAppId = v.pipe(
  v.string('must be text'),
  v.regex(/^wx[0-9a-f]{16}$/, 'must be wx and 16 hexadecimal digits, as the console shows it'),
);

export const Providers = v.strictObject({
  wechat: v.optional(
    v.strictObject({
      /** Website app (网站应用), open.weixin.qq.com: the QR page. */
      website: v.optional(v.strictObject({ 'app-id': wxAppId, secret })),
      /** Certified service account (服务号), mp.weixin.qq.com: pages inside WeChat, and codes of our own with `token`. */
      account: v.optional(v.strictObject({ 'app-id': wxAppId, secret, token: v.optional(secret) })),
      hosts,
    }),
  ),
  dingtalk: v.optional(
    v.strictObject({
      'client-id': id,
      secret,
      /** corpId of each organisation whose members may sign in; one, for pages inside DingTalk. */
      organisations,
      /** `older`: sns/getuserinfo_bycode, for apps that have not moved to OAuth 2. */
      api: v.optional(v.picklist(['current', 'older'], 'must be current or older'), 'current'),
      hosts,
    }),
  ),
  wecom: v.optional(v.strictObject({ 'corp-id': id, 'agent-id': id, secret, hosts })),
  feishu: v.optional(v.strictObject({ 'client-id': id, secret, organisations, hosts })),
});
export type Providers = v.InferOutput<typeof Providers>;

const Team = v.strictObject({
  /** Who gets in: only whom the operator admitted, or everybody. */
  people: v.optional(v.picklist(['admitted', 'anyone'], 'must be admitted or anyone'), 'admitted'),
  clients: list(Client),
  providers: v.optional(Providers, {}),
  /** Files by which a provider checks who owns the domain: name and content. */
  verification: v.optional(
    v.record(
      v.pipe(v.string(), v.regex(/^(MP_verify_|WW_verify_)?[A-Za-z0-9_-]{1,64}\.txt$/, 'is no name of such a file')),
      v.pipe(v.string('must be text'), v.maxLength(200, 'is too long')),
    ),
    {},
  ),
});
export type Team = v.InferOutput<typeof Team>;

/** A team's file that cannot be used; the message names file, line and reason. */
export class TeamError extends Error {}

/** @throws TeamError with one line for each thing that is wrong */
export function readTeam(path: string): Team {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new TeamError(`${path}: cannot be read.`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken)
    throw new TeamError(`${path}, line ${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`);
  const parsed = v.safeParse(Team, document.toJS() ?? {});
  const complaints: { at: readonly PropertyKey[]; message: string }[] = parsed.success
    ? faults(parsed.output)
    : parsed.issues.map((issue) => ({
        at: (issue.path ?? []).map(({ key }) => key as PropertyKey),
        message: plain(issue),
      }));
  if (complaints.length > 0 || !parsed.success) {
    const lineOf = (at: readonly PropertyKey[]) => lines.linePos(offsetOf(document.contents as Node, at)).line;
    throw new TeamError(
      complaints
        .map(({ at, message }) => `${path}, line ${lineOf(at)}: ${at.map(String).join('.')} ${message}.`)
        .join('\n'),
    );
  }
  return parsed.output;
}

const plain = (issue: v.BaseIssue<unknown>): string => {
  if (issue.expected === 'never') return 'is not known here';
  if (issue.type === 'strict_object')
    return issue.received === 'undefined' ? 'is missing' : 'must be a group of settings';
  return issue.message;
};

/** What no single value shows. */
function faults({ clients, providers }: Team) {
  const found: { at: readonly PropertyKey[]; message: string }[] = [];
  for (const [index, client] of clients.entries()) {
    const at = ['clients', index];
    if (clients.findIndex(({ id }) => id === client.id) !== index)
      found.push({ at: [...at, 'id'], message: 'is the id of another client already' });
    if (client['redirect-uris'].length === 0 && !client.device)
      found.push({ at, message: 'has no redirect-uris, and is no device' });
    if (client.confirm && !providers[client.confirm])
      found.push({ at: [...at, 'confirm'], message: 'names a provider that is not set up' });
  }
  const { wechat } = providers;
  if (wechat && !wechat.website && !wechat.account)
    found.push({ at: ['providers', 'wechat'], message: 'needs website, account, or both' });
  if (wechat?.website && wechat.website['app-id'] === wechat.account?.['app-id'])
    found.push({
      at: ['providers', 'wechat', 'account', 'app-id'],
      message: 'is that of the website app: they are two apps',
    });
  return found;
}

/** Where in the file a value stands, or what it should stand in. */
function offsetOf(contents: Node | null, at: readonly PropertyKey[]): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const key of at) {
    if (isMap(node)) {
      const pair = node.items.find((one) => (one.key as { value?: unknown })?.value === key);
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = (node as Node)?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
