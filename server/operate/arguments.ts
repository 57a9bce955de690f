// The command line of the companion: what was said there, and what is wrong with it.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isInside, readNetwork } from '../http/addresses.ts';
import { LIMIT_NAMES, type SetLimits } from '../http/limits.ts';
import { ROOM_BYTES } from '../store/room.ts';
import { helpFor, isVerb, meantOption, meantVerb, type Option, VERBS, type VerbName } from './verbs.ts';

/** The command line cannot be followed; the message is for the person who wrote it. */
export class UsageError extends Error {}

export type Given = Exclude<ReturnType<typeof readArguments>, { shows: string }>;

/** @returns what was said, or the help that was asked for @throws UsageError */
export function readArguments(args: readonly string[]) {
  const { values, positionals } = parse(args);
  const { verb, words, asksHelp } = commandOf(positionals);
  if (values.help || asksHelp) return { shows: helpFor(verb) };
  if (verb !== undefined && words.length !== VERBS[verb].takes.length)
    throw new UsageError(`"${verb}" takes ${VERBS[verb].takes.join(' and ') || 'no words'}.\n\n${helpFor(verb)}`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_534)
    throw new UsageError(`--port must be between 1 and 65534, not "${values.port}".`);
  const publicUrl = values['public-url'];
  // All that stands behind the name would be lost: each address of the companion begins at the root.
  if (publicUrl !== undefined && !/^https:\/\/[^/@]+\/?$/.test(URL.canParse(publicUrl) ? new URL(publicUrl).href : ''))
    throw new UsageError(
      `--public-url must be an https address of a name of its own, without a path, as https://id.example.org, not "${publicUrl}".`,
    );
  const room = Number(values.room);
  if (!Number.isInteger(room) || room < 16)
    throw new UsageError(`--room must be 16 or more, in MiB, not "${values.room}".`);
  const limits = Object.fromEntries(values.limit.map(limitOf)) as SetLimits;
  const publicOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  const proxies = values['trust-proxy'].map((text) => {
    const network = readNetwork(text);
    if (network) return network;
    throw new UsageError(`--trust-proxy must be an address or a network, as 127.0.0.1 or 10.0.0.0/24, not "${text}".`);
  });
  if (proxies.length > 0 && publicOrigin === undefined)
    throw new UsageError('--trust-proxy needs --public-url, the address that the proxy serves.');
  // Behind a proxy on the same computer nobody else has business at the port.
  const isHere = publicOrigin !== undefined && proxies.every(([address]) => address.range() === 'loopback');
  const host = values.host ?? (isHere ? '127.0.0.1' : undefined);
  const metrics = metricsAt(values.metrics);
  for (const id of values['extension-id'])
    if (!/^[a-p]{32}$/.test(id))
      throw new UsageError(
        `--extension-id must be what Chromium calls an extension, 32 letters from a to p, not "${id}". The extension’s own page shows it; Firefox’s needs none.`,
      );
  const pushHosts = values['push-host'].map(pushHostOf);
  return {
    ...values,
    'push-host': pushHosts,
    host,
    verb,
    words,
    port,
    publicOrigin,
    proxies,
    metrics,
    limits,
    roomBytes: room * 1024 ** 2,
  };
}

/** @throws UsageError */
function limitOf(text: string): [string, number] {
  const [, name = '', digits] = /^(\w+)=([1-9]\d{0,8})$/.exec(text) ?? [];
  if (LIMIT_NAMES.some((known) => known === name)) return [name, Number(digits)];
  throw new UsageError(`--limit must be one of ${LIMIT_NAMES.join(', ')} with a number, as opens=600, not "${text}".`);
}

/** @returns as `URL.host` has it, by which it is compared @throws UsageError */
function pushHostOf(text: string): string {
  const url = URL.parse(`https://${text}`);
  if (url && url.href === `https://${url.host}/` && !/[/?#@]/.test(text)) return url.host;
  throw new UsageError(`--push-host must be a host or host:port, as push.example.org or 10.0.0.2:8443, not "${text}".`);
}

/** @throws UsageError where the public would read along: whoever can connect there can */
function metricsAt(text: string | undefined) {
  if (text === undefined) return undefined;
  const [, written = '127.0.0.1', digits] = /^(?:(.+):)?(\d+)$/.exec(text) ?? [];
  const [host, port] = [written.replace(/^\[(.+)\]$/, '$1'), Number(digits)];
  if (!(port >= 1 && port <= 65_535) || !isInside(host))
    throw new UsageError(
      `--metrics must be a port, or an address of this computer or of a private network and a port, as 9464 or 10.0.0.2:9464, not "${text}": whoever can connect there reads it.`,
    );
  return { host, port };
}

/** @throws UsageError */
function commandOf([first, ...words]: readonly string[]): {
  verb: VerbName | undefined;
  words: readonly string[];
  asksHelp: boolean;
} {
  const asksHelp = first === 'help';
  const verb = asksHelp ? words[0] : first;
  if (verb === undefined || isVerb(verb)) return { verb, words, asksHelp };
  throw new UsageError(`There is no command "${verb}".${meantVerb(verb)} "npm start -- help" lists all.`);
}

const PARSED = {
  team: { type: 'string' },
  name: { type: 'string' },
  email: { type: 'string' },
  username: { type: 'string' },
  port: { type: 'string', default: '8787' },
  host: { type: 'string' },
  'public-url': { type: 'string' },
  'trust-proxy': { type: 'string', multiple: true, default: [] as string[] },
  room: { type: 'string', default: String(ROOM_BYTES / 1024 ** 2) },
  limit: { type: 'string', multiple: true, default: [] as string[] },
  data: { type: 'string', default: 'data' },
  page: { type: 'string', default: join(import.meta.dirname, '../../dist/phone') },
  'extension-id': { type: 'string', multiple: true, default: [] as string[] },
  'push-host': { type: 'string', multiple: true, default: [] as string[] },
  metrics: { type: 'string' },
  log: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const satisfies Record<Option, unknown>;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: PARSED });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    // Node names it, and goes on about what begins with a dash.
    const unknown = /^Unknown option '(-[^']*)'/.exec(said)?.[1];
    throw new UsageError(
      unknown === undefined
        ? `${said}\n\n${helpFor()}`
        : `There is no option "${unknown}".${meantOption(unknown)} "npm start -- help" lists all.`,
    );
  }
}
