// The command line of the companion: what can be said there, and what is wrong with what was said.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readNetwork } from './http/addresses.ts';
import { ROOM_BYTES } from './store/room.ts';

export const USAGE = `Usage: npm start -- [command] [options]
  doctor              looks whether a team's providers can be reached as they are set up
  people              lists who has signed in to the team's sites, and with which code one is admitted
  admit CODE          admits somebody, with --name, --username and --email if given
  remove CODE         takes somebody out again
  join CODE CODE      says that two are one person; who came first stays
  migrate redis       moves all from the database in --data to the Redis of REDIS_URL; nobody may run on either
  migrate sqlite      …and back

  --team FILE         sites, providers and people of a team (docs/operating.md); makes this an OpenID provider
  --port N            HTTP port (8787); HTTPS on the local network is one above it
  --host ADDRESS      listen on this address alone; 127.0.0.1, this computer only, is what --public-url means without it, unless
                      --trust-proxy names another computer
  --public-url URL    the https address that a reverse proxy serves this companion under
  --trust-proxy ADDR  from where that proxy reaches this companion: an address, or a network as 10.0.0.0/24; may be repeated
  --room MIB          what the database may take; strangers' backups find room in half of it (2048)
  --data FOLDER       where the database and the certificate are kept (data)
  --page FOLDER       the built phone page (dist/phone)
  --extension-id ID   a Chromium extension that may open sessions; may be repeated
  --log               logs each request also where a person reads along (stderr, a line of JSON each)
  --push-host HOST    a push service of your own, as host or host:port, beside those of the browsers; may be repeated
`;

/** The command line cannot be followed; the message is for the person who wrote it. */
export class UsageError extends Error {}

/** @returns what was said, undefined where only help was asked for @throws UsageError */
export function readArguments(args: readonly string[]) {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
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
  const [command, code, other] = positionals;
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
  return { ...values, host, command, code, other, port, publicOrigin, proxies, roomBytes: room * 1024 ** 2 };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        team: { type: 'string' },
        name: { type: 'string' },
        email: { type: 'string' },
        username: { type: 'string' },
        port: { type: 'string', default: '8787' },
        host: { type: 'string' },
        'public-url': { type: 'string' },
        'trust-proxy': { type: 'string', multiple: true, default: [] },
        room: { type: 'string', default: String(ROOM_BYTES / 1024 ** 2) },
        data: { type: 'string', default: 'data' },
        page: { type: 'string', default: join(import.meta.dirname, '../dist/phone') },
        'extension-id': { type: 'string', multiple: true, default: [] },
        'push-host': { type: 'string', multiple: true, default: [] },
        log: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
