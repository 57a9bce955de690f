// The team's file (`--team FILE`, YAML): who may sign in where, and by whom else they may be known. Read once at the start; what is
// wrong is named with its line. Secrets stand in the environment or in files of their own, never in it.
import * as v from 'valibot';
import { PROVIDER_IDS } from '../../src/protocol/providers.ts';
import { hashOf } from '../store/hashes.ts';
import { ProviderSettings } from './providers/registry.ts';
import { id, isPrivate, list, name, publicKeys, secret, siteAddress } from './providers/setting.ts';
import { type Fault, readYaml } from './yaml-file.ts';

const oneOf = (names: readonly string[]): string =>
  `must be ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(names)}`;

/** What an ID token may be signed with (RFC 7518, RFC 8037); the first where a client says nothing: each can check that. */
export const SIGNATURES = ['RS256', 'ES256', 'EdDSA'] as const;

const yesOrNo = (unless: boolean) => v.optional(v.boolean('must be true or false'), unless);

const Client = v.strictObject({
  id,
  name,
  /** None for a client that cannot keep one: an app, a terminal. */
  secret: v.optional(secret),
  /** What it signs its assertions with in place of a secret (`private_key_jwt`, RFC 7523). */
  'public-keys': v.optional(publicKeys),
  'redirect-uris': list(siteAddress),
  'after-logout': list(siteAddress),
  'backchannel-logout': v.optional(siteAddress),
  /** It is inside the house and has http alone. */
  http: yesOrNo(false),
  /** It can show that it is who began (RFC 7636); a site that cannot must have a secret or keys. */
  pkce: yesOrNo(true),
  /** It looks for name and address in the ID token alone, and does not ask for them (OpenID Connect Core 5.3). */
  'claims-in-id-token': yesOrNo(false),
  'signed-with': v.optional(v.picklist(SIGNATURES, oneOf(SIGNATURES)), SIGNATURES[0]),
  /** It has only a keyboard or a terminal (RFC 8628). */
  device: yesOrNo(false),
  /** A second confirmation, by the same person's identity at this provider. */
  confirm: v.optional(v.picklist(PROVIDER_IDS, oneOf(PROVIDER_IDS))),
});
export type Client = v.InferOutput<typeof Client>;

const Team = v.strictObject({
  /** Who gets in: only whom the operator admitted, or everybody. */
  people: v.optional(v.picklist(['admitted', 'anyone'], 'must be admitted or anyone'), 'admitted'),
  clients: list(Client),
  /** Every computer is one person's own: who has signed in there stays so for half a day. */
  'private-computers': yesOrNo(false),
  /** The issuer's keys, where the operator keeps and changes them; otherwise they lie beside the database, and change by themselves. */
  keys: v.optional(v.string('must be the path of a file')),
  providers: v.optional(ProviderSettings, {}),
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

/** By which two say that they have read the same: the same file, with the same secrets. */
export const hashOfTeam = (team: Team): string => hashOf(JSON.stringify(team));

/** @throws FileError with one line for each thing that is wrong */
export const readTeam = (path: string): Team => readYaml(path, Team, faults);

const UNSAFE =
  'must be a whole https address (http for this computer alone); what is sent by http anybody on its way can use: http: true says that it may';

/** Every address of a client's, and where it stands. */
const addressesOf = (client: Client): { at: PropertyKey[]; address: string }[] => [
  ...(['redirect-uris', 'after-logout'] as const).flatMap((name) =>
    client[name].map((address, index) => ({ at: [name, index], address })),
  ),
  ...(client['backchannel-logout'] ? [{ at: ['backchannel-logout'], address: client['backchannel-logout'] }] : []),
];

const faults = ({ clients, providers }: Team): Fault[] =>
  clients.flatMap((client, index) => {
    const at = ['clients', index];
    const found: Fault[] = [];
    if (clients.findIndex(({ id }) => id === client.id) !== index)
      found.push({ at: [...at, 'id'], message: 'is the id of another client already' });
    if (client['redirect-uris'].length === 0 && !client.device)
      found.push({ at, message: 'has no redirect-uris, and is no device' });
    if (client.secret !== undefined && client['public-keys'])
      found.push({ at: [...at, 'public-keys'], message: 'stand in place of a secret, and there is one' });
    if (!client.pkce && client.secret === undefined && !client['public-keys'])
      found.push({ at: [...at, 'pkce'], message: 'may be left out only by a site that has a secret or keys' });
    // What is no address at all is told as that.
    for (const { at: place, address } of addressesOf(client))
      if (!client.http && URL.canParse(address) && !isPrivate(address))
        found.push({ at: [...at, ...place], message: UNSAFE });
    if (client.confirm && !providers[client.confirm])
      found.push({ at: [...at, 'confirm'], message: 'names a provider that is not set up' });
    return found;
  });
