// How the team's routes read a request: what must be in it, whose page it comes from, and which browser it is.
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { Refusal } from '../../http/problems.ts';
import { newToken } from '../../store/hashes.ts';

/** So many characters of base64url. */
export const base64 = (characters: number) => v.pipe(v.string(), v.regex(new RegExp(`^[A-Za-z0-9_-]{${characters}}$`)));
/** 32 random bytes. */
export const Token = base64(43);
/** A session's or a record's, 16 random bytes. */
export const Id = base64(22);
/** A sign-in's, as `oidc-provider` makes them. */
export const Uid = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));
export const Query = v.record(v.string(), v.string());

/** @throws Refusal `bad-message` */
export function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) throw new Refusal('bad-message');
  return parsed.output;
}

const WithUid = v.object({ uid: Uid });
const WithProvider = v.object({ provider: v.string() });
export const uidOf = (request: FastifyRequest): string => parse(WithUid, request.params).uid;
export const providerOf = (request: FastifyRequest): string => parse(WithProvider, request.params).provider;

/** A page of another site may not speak in this one's name. @throws Refusal `origin-required` */
export function mustBeOwn(request: FastifyRequest, origin: string): void {
  if (request.headers.origin !== origin) throw new Refusal('origin-required');
}

/** One name for this browser, which no page of its can read, and which no other host can set (R64). */
export class BrowserCookie {
  readonly #secure: boolean;
  readonly #name: string;

  /** @param origin the companion's own */
  constructor(origin: string) {
    this.#secure = origin.startsWith('https:');
    this.#name = this.#secure ? '__Host-scankey' : 'scankey';
  }

  read(request: FastifyRequest): string | undefined {
    const value = request.cookies[this.#name];
    return v.is(Token, value) ? value : undefined;
  }

  /** The browser's name as it comes, or a new one; good for another hour. */
  give(request: FastifyRequest, reply: FastifyReply): string {
    const value = this.read(request) ?? newToken();
    const [httpOnly, secure] = [true, this.#secure];
    reply.setCookie(this.#name, value, { path: '/', httpOnly, sameSite: 'lax', maxAge: 3600, secure });
    return value;
  }
}
