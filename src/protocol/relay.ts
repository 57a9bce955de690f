// What travels between a party and the companion, outside the seal: JSON frames over WebSocket `/v1/relay`.
import * as v from 'valibot';
import { PROBLEMS, type ProblemCode } from './errors.ts';

/** Bounds of the relay (docs/protocol.md, section Limits). Bytes, counts and milliseconds. */
export const LIMITS = {
  frameBytes: 16 * 1024,
  waiting: 32,
  /** At the same time from one address: a ward of two hundred behind one NAT, computers and phones. */
  connections: 400,
  firstFrameMs: 3_000,
  pingMs: 20_000,
  joinWaitMs: 10_000,
  /** On screen for 60 s, and 15 s more for a phone that is just reading it. */
  joinableMs: 75_000,
  sessionMs: 300_000,
  tombstoneMs: 600_000,
} as const;

const base64 = (characters: number) => v.pipe(v.string(), v.regex(new RegExp(`^[A-Za-z0-9_-]{${characters}}$`)));
const Sid = base64(22);
const Hash = base64(43);
const PublicKey = base64(1622);
const Number_ = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const Sealed = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.maxLength(12_000));
const Reason = v.picklist(['cancelled', 'denied', 'done', 'failed']);
export type CloseReason = v.InferOutput<typeof Reason>;

/** b: the browser, p: the phone. */
export type Role = 'b' | 'p';

/** The first frame of a connection says who speaks; tokens are 32 random bytes, hashes their SHA-256. */
export const FirstFrame = v.variant('t', [
  v.strictObject({ t: v.literal('open'), sid: Sid, pk: PublicKey, tokenHash: Hash }),
  v.strictObject({ t: v.literal('join'), sid: Sid, tokenHash: Hash }),
  v.strictObject({
    t: v.literal('resume'),
    sid: Sid,
    role: v.picklist(['b', 'p']),
    token: Hash,
    /** Number of the last message taken from the other side, -1 for none. */
    lastSeen: v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(255)),
  }),
]);

export const LaterFrame = v.variant('t', [
  v.strictObject({ t: v.literal('send'), n: Number_, m: Sealed }),
  v.strictObject({ t: v.literal('ack'), n: Number_ }),
  v.strictObject({ t: v.literal('close'), reason: Reason }),
  v.strictObject({ t: v.literal('ping') }),
]);

const codes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** RFC 9457 problem document. */
export const Problem = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  code: v.picklist(codes),
  /** Why the session ended, where the other side said so; the relay's word and no more. */
  reason: v.optional(Reason),
  /** Seconds to wait before the next try. */
  retryAfter: v.optional(v.number()),
});

export const ServerFrame = v.variant('t', [
  v.object({ t: v.literal('opened') }),
  v.object({ t: v.literal('joined'), pk: PublicKey, near: v.boolean() }),
  /** `next`: the number that the relay expects from this party. */
  v.object({ t: v.literal('resumed'), next: Number_ }),
  /** A phone joined; `second` when another one tried. */
  v.object({ t: v.literal('peer'), near: v.boolean(), second: v.boolean() }),
  v.object({ t: v.literal('msg'), n: Number_, m: Sealed }),
  /** Message `n` of this party is kept durably. */
  v.object({ t: v.literal('acked'), n: Number_ }),
  v.object({ t: v.literal('gone'), problem: Problem }),
  v.object({ t: v.literal('pong') }),
]);

export type FirstFrame = v.InferOutput<typeof FirstFrame>;
export type LaterFrame = v.InferOutput<typeof LaterFrame>;
export type ServerFrame = v.InferOutput<typeof ServerFrame>;
export type Problem = v.InferOutput<typeof Problem>;

/** `GET /v1/companion`: what an extension asks a companion before it prints its address. */
export const CompanionInfo = v.object({
  v: v.literal(1),
  /** Origin of the phone page that this companion serves. */
  phoneOrigin: v.pipe(v.string(), v.url()),
  /** The companion made its own certificate and is good for a trial only. */
  trial: v.boolean(),
});
export type CompanionInfo = v.InferOutput<typeof CompanionInfo>;
