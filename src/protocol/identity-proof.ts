// Who one is, for sites that ask the companion: an ECDSA key (P-256, SHA-256) in the vault signs for one sign-in of one site.
import * as v from 'valibot';
import { type Bytes, concat, fromBase64, str8, toBase64, utf8 } from './encoding.ts';
import { ProviderId } from './providers.ts';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** What the companion says of a sign-in to whoever is to confirm it (`GET /v1/sign-in/<id>`). */
export interface SignIn {
  /** Issuer, the companion's origin. */
  issuer: string;
  /** The sign-in's id. */
  id: string;
  /** The relying party that will know who it was. */
  client: string;
  /** 32 random bytes, base64url. */
  nonce: string;
}

const statement = ({ issuer, id, client, nonce }: SignIn): Bytes =>
  concat(utf8('scankey/1 identity'), str8(issuer), str8(id), str8(client), fromBase64(nonce));

/** A fresh key: PKCS #8 in base64url, for the vault. */
export async function newIdentityKey(): Promise<string> {
  const { privateKey } = await crypto.subtle.generateKey(KEY, true, ['sign']);
  return toBase64(new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey)));
}

interface Proof {
  /** The public key: uncompressed point, 65 bytes, base64url. */
  key: string;
  /** r ‖ s, 64 bytes, base64url. */
  signature: string;
}

async function sign(stored: string, statement: Bytes): Promise<Proof> {
  const secret = await crypto.subtle.importKey('pkcs8', fromBase64(stored), KEY, true, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign(SIGNATURE, secret, statement));
  // WebCrypto gives no public key for a private one but by way of a JWK.
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', secret);
  const key = concat(Uint8Array.of(4), fromBase64(x), fromBase64(y));
  return { key: toBase64(key), signature: toBase64(signature) };
}

async function isSigned({ key, signature }: Proof, statement: Bytes): Promise<boolean> {
  try {
    const known = await crypto.subtle.importKey('raw', fromBase64(key), KEY, false, ['verify']);
    return await crypto.subtle.verify(SIGNATURE, known, fromBase64(signature), statement);
  } catch {
    return false;
  }
}

/** The vault's word for one sign-in. @param stored as `newIdentityKey` made it */
export const signIdentity = (stored: string, signIn: SignIn): Promise<Proof> => sign(stored, statement(signIn));

/** Whether `signature` is the word of whoever holds `key`, for this very sign-in. */
export const isIdentity = (signIn: SignIn, key: string, signature: string): Promise<boolean> =>
  isSigned({ key, signature }, statement(signIn));

const DAY_MS = 86_400_000;

/** @param time ms since 1970; its day counts, in UTC */
const question = (issuer: string, time: number): Bytes =>
  concat(utf8('scankey/1 known by'), str8(issuer), str8(new Date(time).toISOString().slice(0, 10)));

/**
 * The vault's word for asking a companion by what else its owner is known there; it reads that, at that companion, and does nothing.
 * @param now ms since 1970
 */
export const signQuestion = (stored: string, issuer: string, now: number): Promise<Proof> =>
  sign(stored, question(issuer, now));

/** Whether whoever holds the key of `proof` asks this companion that: today, or a day before or after, as clocks differ. */
export async function isQuestion(issuer: string, proof: Proof, now: number): Promise<boolean> {
  const days = [now, now - DAY_MS, now + DAY_MS];
  return (await Promise.all(days.map((day) => isSigned(proof, question(issuer, day))))).includes(true);
}

/** By what else somebody is known to a companion, and since when; ms since 1970. */
export const Tie = v.object({ by: v.union([ProviderId, v.literal('key')]), name: v.string(), at: v.number() });
export type Tie = v.InferOutput<typeof Tie>;
