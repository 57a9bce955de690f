// What travels between a party and the companion, outside the seal: JSON frames over WebSocket `/v1/relay`.
import * as v from 'valibot';
import { PROBLEM_CODES } from './errors.ts';
import { isProvider } from './providers.ts';

/** Bounds of the relay (docs/protocol.md, section Limits). Bytes, counts and milliseconds. */
export const LIMITS = {
  frameBytes: 16 * 1024,
  waiting: 32,
  /** Characters of the messages that wait for one side: a sign-in has 7,000 in all. */
  waitingCharacters: 32 * 1024,
  /** At the same time from one address: a ward of two hundred behind one NAT, computers and phones. */
  connections: 400,
  firstFrameMs: 3_000,
  pingMs: 20_000,
  joinWaitMs: 10_000,
  /** On screen for 60 s, and 15 s more for a phone that is just reading it. */
  joinableMs: 75_000,
  sessionMs: 300_000,
  /** …and one whose phone has a vault to make first. */
  setUpMs: 600_000,
  tombstoneMs: 600_000,
  /** A call rings as long as a session lives. At once from one browser, and in ten minutes. */
  openCalls: 3,
  callsPerTenMinutes: 10,
  /** No call gets through this long after the person has declined one. */
  quietMs: 60_000,
  /** Browsers that one phone remembers. */
  boxes: 64,
  boxUnusedMs: 180 * 86_400_000,
  /** …and one that nobody ever came back to. */
  boxNewMs: 30 * 86_400_000,
} as const;

const base64 = (characters: number) => v.pipe(v.string(), v.regex(new RegExp(`^[A-Za-z0-9_-]{${characters}}$`)));
const Sid = base64(22);
const Hash = base64(43);
const PublicKey = base64(1622);
const Number_ = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const Sealed = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.maxLength(12_000));
/** `stale`: the phone does not know the key that a call was made with; `suspended`: it has seen a copy of the browser. */
export const Reason = v.picklist(['cancelled', 'denied', 'done', 'failed', 'stale', 'suspended']);
export type CloseReason = v.InferOutput<typeof Reason>;

/** b: the browser, p: the phone. */
export type Role = 'b' | 'p';

/** Where a remembered browser's calls wait for the phone; both derive it from the link's first key. */
const Box = Sid;
const Time = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Who a call is from shows only inside its proof. */
const CallNote = { sid: Sid, time: Time, proof: Hash };
/** Why a link is over: one side gave it up, or two copies of the browser were seen. */
export const PAIRING_ENDS = ['ended', 'suspended'] as const;
const End = v.picklist(PAIRING_ENDS);
export type PairingEnd = v.InferOutput<typeof End>;

/** A push subscription (RFC 8030, 8291): where to, the receiver's P-256 key and its secret, base64url. */
export const Push = v.strictObject({
  endpoint: v.pipe(v.string(), v.maxLength(1000), v.url()),
  p256dh: base64(87),
  auth: base64(22),
});
export type Push = v.InferOutput<typeof Push>;

/** The first frame of a connection says who speaks; tokens are 32 random bytes, hashes their SHA-256. */
export const FirstFrame = v.variant('t', [
  v.strictObject({
    t: v.literal('open'),
    sid: Sid,
    pk: PublicKey,
    tokenHash: Hash,
    /** A remembered browser: calls the phone that listens at this box. */
    call: v.optional(v.strictObject({ box: Box, time: Time, proof: Hash })),
  }),
  v.strictObject({ t: v.literal('join'), sid: Sid, tokenHash: Hash }),
  v.strictObject({
    t: v.literal('resume'),
    sid: Sid,
    role: v.picklist(['b', 'p']),
    token: Hash,
    /** Number of the last message taken from the other side, -1 for none. */
    lastSeen: v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(255)),
  }),
  /** A phone hears of calls; whoever listens at a box first sets its token. */
  v.strictObject({
    t: v.literal('listen'),
    boxes: v.pipe(v.array(v.strictObject({ box: Box, token: Hash })), v.maxLength(LIMITS.boxes)),
  }),
  /** Either side gives a link up. */
  v.strictObject({ t: v.literal('end-link'), box: Box, why: End }),
]);

export const LaterFrame = v.variant('t', [
  v.strictObject({ t: v.literal('send'), n: Number_, m: Sealed }),
  v.strictObject({ t: v.literal('ack'), n: Number_ }),
  v.strictObject({ t: v.literal('close'), reason: Reason }),
  /** Of the phone: its person has a vault to make first. Said again, it changes nothing. */
  v.strictObject({ t: v.literal('extend') }),
  v.strictObject({ t: v.literal('ping') }),
  /** Of a listening phone: reach it there while it does not listen; proved by the nonce that a first push carries. */
  v.strictObject({ t: v.literal('push'), push: Push }),
  v.strictObject({ t: v.literal('echo'), nonce: Sid }),
  /** The person declined: this box is silent for a while. */
  v.strictObject({ t: v.literal('quiet'), box: Box }),
]);

/** RFC 9457 problem document. */
export const Problem = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  code: v.picklist(PROBLEM_CODES),
  /** Why the session ended, where the other side said so; the relay's word and no more. */
  reason: v.optional(Reason),
  /** The code by which an operator admits or joins somebody (`identity-unknown`, `identity-apart`). */
  detail: v.optional(v.string()),
  /** Of an answer by HTTP: the request's id, by which the companion's log has it. */
  instance: v.optional(v.string()),
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
  /** Everything that waits at the boxes of a listening phone, and which of them are over. */
  v.object({
    t: v.literal('calls'),
    calls: v.array(v.object({ box: Box, ...CallNote })),
    ended: v.array(v.object({ box: Box, why: End })),
  }),
  /** Whether the companion can reach this phone by push. */
  v.object({ t: v.literal('pushing'), on: v.boolean() }),
  v.object({ t: v.literal('link-ended') }),
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
  /** Whether the extension that asks may open sessions; absent where no extension asks. */
  admits: v.exactOptional(v.boolean()),
  /** The key that its pushes are signed with (RFC 8292), base64url; absent where it sends none. */
  pushKey: v.optional(v.string()),
  /**
   * Providers that can say who somebody is: on their own page, and inside their own app. Absent where there is no team; those of a
   * newer companion that are not known here are left out.
   */
  providers: v.optional(
    v.pipe(
      v.array(v.object({ id: v.string(), where: v.array(v.string()) })),
      v.transform((all) => all.flatMap(({ id, where }) => (isProvider(id) ? [{ id, where }] : []))),
    ),
  ),
});
export type CompanionInfo = v.InferOutput<typeof CompanionInfo>;
