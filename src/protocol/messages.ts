// The conversation inside the seal: schemas, fixed sizes, packing. One length per kind, so lengths tell the relay nothing.
import * as v from 'valibot';
import { type Bytes, concat, fromUtf8, sha256, toBase64, uint, utf8 } from './encoding.ts';
import { CODES, ScankeyError } from './errors.ts';
import { RESULTS, SAVES } from './outcomes.ts';
import { ProviderId } from './providers.ts';
import { ENCAPSULATED_BYTES, RESPONSE_NONCE_BYTES, TAG_BYTES } from './seal.ts';

/** Padded plaintext lengths in bytes: `u16 length ‖ JSON ‖ zeros`. */
export const PLAINTEXT_BYTES = { hello: 256, request: 2048, answer: 1024, outcome: 512, followUp: 512 } as const;
export type Kind = keyof typeof PLAINTEXT_BYTES;

/** Sealed lengths in bytes as the relay sees them; each names its kind. */
export const WIRE_BYTES = {
  hello: ENCAPSULATED_BYTES + PLAINTEXT_BYTES.hello + TAG_BYTES,
  request: RESPONSE_NONCE_BYTES + PLAINTEXT_BYTES.request + TAG_BYTES,
  answer: PLAINTEXT_BYTES.answer + TAG_BYTES,
  outcome: RESPONSE_NONCE_BYTES + PLAINTEXT_BYTES.outcome + TAG_BYTES,
  /** What the phone says beside its answer. */
  followUp: RESPONSE_NONCE_BYTES + PLAINTEXT_BYTES.followUp + TAG_BYTES,
} as const;

const text = (max: number) => v.pipe(v.string(), v.maxLength(max));
const origin = v.pipe(
  text(300),
  v.check((value) => URL.canParse(value) && new URL(value).origin === value, 'an origin'),
);
const hash = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));
/** A revision of the phone's vault: the vault by a name that tells nothing, and how far it has come. */
const revision = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const vault = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{11}$/));
/** A code that is good for one step, six to eight digits or five letters of Steam Guard; the seed it comes from never leaves the phone. */
const otp = v.pipe(v.string(), v.regex(/^(\d{6,8}|[2-9BCDFGHJKMNPQRTVWXY]{5})$/));
const version = v.literal(1);

/**
 * What a phone may be asked for: a form with a password, a step that asks for a one-time code alone, the browser's own window
 * (RFC 7617, 7616); a password to be made for a new account or in the place of an old one; a login that was typed by hand and is to be
 * saved; who one is, for a site that asks the companion (OpenID Connect); or for nothing but its word that it has a vault, once it has.
 */
export const REQUEST_KINDS = ['password', 'otp', 'basic', 'new', 'save', 'identity', 'set-up'] as const;

export const Hello = v.strictObject({
  v: version,
  t: v.literal('hello'),
  /** What the person calls this phone. */
  phone: v.pipe(text(40), v.minLength(1)),
  /** 1 at first; one more after each reload of the phone page. */
  attempt: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3)),
  /** To a remembered browser alone, which keeps it as a witness (see `newest` of the request). */
  vault: v.optional(vault),
  rev: v.optional(revision),
});

export const Request = v.strictObject({
  v: version,
  t: v.literal('request'),
  topOrigin: origin,
  frameOrigin: origin,
  /** The origin that the form would be sent to, where it is not `frameOrigin`. */
  sendsTo: v.optional(origin),
  title: text(120),
  browser: text(40),
  os: text(40),
  kind: v.picklist(REQUEST_KINDS),
  /** The OpenID sign-in that an identity is asked for (`identity`); what it is for, the phone asks the companion. */
  signIn: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/))),
  /** Who asks remembers nothing: a page, not an extension. */
  forgets: v.optional(v.boolean()),
  /** The form asks for a one-time code too. */
  otp: v.optional(v.boolean()),
  /** The form has a third field: company, team, tenant. */
  extra: v.optional(v.boolean()),
  /** What the site says of new passwords: `passwordrules` of its field, with the field's own lengths. */
  rules: v.optional(text(240)),
  /** What the person has typed as the name (`new`, `save`) and as the password (`save`, to a remembered phone alone). */
  username: v.optional(text(256)),
  password: v.optional(text(512)),
  saves: v.optional(v.picklist(SAVES)),
  /** This remembered computer would keep the password sealed, for this provider's word to open (split key). */
  keep: v.optional(ProviderId),
  /** The newest revision of the phone's vault that this browser has seen: a vault set back is found out (R52). */
  newest: v.optional(revision),
  /** Milliseconds since 1970, by the browser's clock. */
  time: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

export const Credential = v.strictObject({
  v: version,
  t: v.literal('credential'),
  /** SHA-256 of the request's plaintext: what is filled is bound to what was shown. */
  request: hash,
  frameOrigin: origin,
  username: text(256),
  /** Empty when a code alone was asked for. */
  password: text(512),
  /** What the third field wants, when it was asked for and the account knows it. */
  extra: v.optional(text(128)),
  /** A one-time code, when it was asked for and the account has one. */
  otp: v.optional(otp),
  /** The person has said yes to `keep`. */
  kept: v.optional(v.boolean()),
  /** The password in force, where `password` is to take its place. */
  current: v.optional(text(512)),
});

const Denied = v.strictObject({
  v: version,
  t: v.literal('denied'),
  reason: v.picklist(['declined', 'digits-wrong']),
});

/** The login that a request carried lies in the vault now; or, where nothing but that was asked, there is a vault. */
export const Saved = v.strictObject({ v: version, t: v.literal('saved'), request: hash });

/** Who somebody is: the vault's key and its signature (src/protocol/identity-proof.ts), or what a provider's app has shown the companion. */
export const Identity = v.strictObject({
  v: version,
  t: v.literal('identity'),
  request: hash,
  key: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{87}$/))),
  signature: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/))),
  ticket: v.optional(hash),
});

export const Answer = v.variant('t', [Credential, Denied, Saved, Identity]);

/** Both lists grow: a word of a later version is taken for none, so that an older phone page still hears how it ended (R63). */
export const Outcome = v.strictObject({
  v: version,
  t: v.literal('outcome'),
  result: v.pipe(text(40), v.fallback(v.picklist(RESULTS), 'cannot-tell')),
  /** Why nothing was filled. */
  code: v.optional(
    v.union([
      v.picklist(CODES),
      v.pipe(
        text(40),
        v.transform(() => undefined),
      ),
    ]),
  ),
  /** The page's own words when it refused. */
  text: v.optional(text(120)),
});

/** The sign-in has come to a step that asks for a one-time code; answered by `otp`, at most once a sign-in. */
const OtpRequest = v.strictObject({ v: version, t: v.literal('otp-request') });

const Otp = v.strictObject({
  v: version,
  t: v.literal('otp'),
  /** Absent when the account has none. */
  code: v.optional(otp),
});

/** Whether the one who speaks wants this browser and this phone to remember each other; after a sign-in that went well. */
export const Remember = v.strictObject({
  v: version,
  t: v.literal('remember'),
  yes: v.boolean(),
  /** The phone's random name for its installation, 16 bytes: remembered anew, it takes the place of its older link. */
  phone: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/))),
});

/** The phone has no vault yet, and its person makes one now; or has made it. Before the answer, at most once a sign-in each. */
const SettingUp = v.strictObject({ v: version, t: v.literal('setting-up'), done: v.boolean() });

/** The person has confirmed, and the answer follows once the hold of a computer that is not near is over; or does not, if they stop it. */
const Holding = v.strictObject({ v: version, t: v.literal('holding') });

const followUps = [Otp, Remember, SettingUp, Holding] as const;
/** A word of a later version, that says nothing to this one and is no fault: so a phone may say what only some computers know (R63). */
const Later = v.pipe(
  v.looseObject({ v: version, t: text(40) }),
  v.check(({ t }) => followUps.every(({ entries }) => entries.t.literal !== t)),
  v.transform(() => ({ v: 1, t: 'later' }) as const),
);

const SCHEMAS = {
  hello: Hello,
  request: Request,
  answer: Answer,
  outcome: v.variant('t', [Outcome, OtpRequest, Remember]),
  followUp: v.union([v.variant('t', followUps), Later]),
} as const;
export type Message<K extends Kind> = v.InferOutput<(typeof SCHEMAS)[K]>;

/** `message` padded to its kind's fixed size. @throws ScankeyError `too-large` when it does not fit. */
export function pack<K extends Kind>(kind: K, message: Message<K>): Bytes {
  const json = utf8(JSON.stringify(message));
  const size = PLAINTEXT_BYTES[kind];
  if (json.length + 2 > size) throw new ScankeyError('too-large');
  return concat(uint(json.length, 2), json, new Uint8Array(size - 2 - json.length));
}

/** The message in a padded plaintext. @throws ScankeyError `bad-message` for anything but a canonical one. */
export function unpack<K extends Kind>(kind: K, plaintext: Bytes): Message<K> {
  const length = new DataView(plaintext.buffer, plaintext.byteOffset, plaintext.length).getUint16(0);
  const padding = plaintext.subarray(2 + length);
  const fits = plaintext.length === PLAINTEXT_BYTES[kind] && 2 + length <= plaintext.length;
  if (!fits || padding.some((byte) => byte !== 0)) throw new ScankeyError('bad-message');
  try {
    return v.parse(SCHEMAS[kind], JSON.parse(fromUtf8(plaintext.subarray(2, 2 + length)))) as Message<K>;
  } catch (cause) {
    throw new ScankeyError('bad-message', { cause });
  }
}

/** What a credential carries of the request that it answers: SHA-256 over the padded plaintext, base64url. */
export const requestHash = async (plaintext: Bytes): Promise<string> => toBase64(await sha256(plaintext));
