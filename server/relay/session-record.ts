// What the relay remembers of a session, and what stays of it for a while after its end.
import * as v from 'valibot';
import { LIMITS, Reason, type Role } from '../../src/protocol/relay.ts';

/** One direction: what waits for the other side, and what was ever sent, to tell repetition from forgery. */
const Lane = v.object({
  hashes: v.array(v.string()),
  waiting: v.array(v.object({ n: v.number(), m: v.string() })),
});

export const Session = v.object({
  pk: v.string(),
  /** ms since 1970. */
  opened: v.number(),
  /** Token hash, and the keyed hashes of the networks that its newest connection is on. */
  browser: v.object({ tokenHash: v.string(), networks: v.optional(v.array(v.string()), []) }),
  phone: v.nullable(v.object({ tokenHash: v.string(), near: v.boolean() })),
  /** A vault is made on the phone. */
  extended: v.optional(v.boolean()),
  /** Another phone tried to join. */
  second: v.boolean(),
  /** The box at which the request that this session is for waits. */
  box: v.optional(v.string()),
  /** Opened by the sign-in page: it asks who somebody is, and for nothing else. */
  identity: v.optional(v.boolean()),
  b: Lane,
  p: Lane,
});
export type Session = v.InferOutput<typeof Session>;

/** When a session ends by itself, ms since 1970. */
export function endOf({ phone, box, opened, extended }: Session): number {
  const joinable = box === undefined ? LIMITS.joinableMs : LIMITS.sessionMs;
  if (!phone) return opened + joinable;
  return opened + (extended ? LIMITS.setUpMs : LIMITS.sessionMs);
}

/** What stays of a session that one side has ended: why, and who may hear it, token hashes by role. */
export const Tombstone = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ reason: Reason, told: v.object({ b: v.string(), p: v.string() }) }),
);

/** Who speaks on a connection, once its first frame was accepted. */
export interface Party {
  sid: string;
  role: Role;
}
