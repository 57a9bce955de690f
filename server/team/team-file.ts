// The team's file (`--team FILE`, YAML): who may sign in where, and by whom else they may be known. Read once at the start; what is
// wrong is named with its line. Secrets stand in the environment or in files of their own, never in it.
import * as v from 'valibot';
import { PROVIDER_IDS } from '../../src/protocol/providers.ts';
import { ProviderSettings } from './providers/registry.ts';
import { address, id, list, name, secret } from './providers/setting.ts';
import { type Fault, readYaml } from './yaml-file.ts';

const either = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(PROVIDER_IDS);

const Client = v.strictObject({
  id,
  name,
  /** None for a client that cannot keep one: an app, a terminal. */
  secret: v.optional(secret),
  'redirect-uris': list(address),
  'after-logout': list(address),
  'backchannel-logout': v.optional(address),
  /** It has only a keyboard or a terminal (RFC 8628). */
  device: v.optional(v.boolean('must be true or false'), false),
  /** A second confirmation, by the same person's identity at this provider. */
  confirm: v.optional(v.picklist(PROVIDER_IDS, `must be ${either}`)),
});
export type Client = v.InferOutput<typeof Client>;

const Team = v.strictObject({
  /** Who gets in: only whom the operator admitted, or everybody. */
  people: v.optional(v.picklist(['admitted', 'anyone'], 'must be admitted or anyone'), 'admitted'),
  clients: list(Client),
  /** Every computer is one person's own: who has signed in there stays so for half a day. */
  'private-computers': v.optional(v.boolean('must be true or false'), false),
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

/** @throws FileError with one line for each thing that is wrong */
export const readTeam = (path: string): Team => readYaml(path, Team, faults);

const faults = ({ clients, providers }: Team): Fault[] =>
  clients.flatMap((client, index) => {
    const at = ['clients', index];
    const found: Fault[] = [];
    if (clients.findIndex(({ id }) => id === client.id) !== index)
      found.push({ at: [...at, 'id'], message: 'is the id of another client already' });
    if (client['redirect-uris'].length === 0 && !client.device)
      found.push({ at, message: 'has no redirect-uris, and is no device' });
    if (client.confirm && !providers[client.confirm])
      found.push({ at: [...at, 'confirm'], message: 'names a provider that is not set up' });
    return found;
  });
