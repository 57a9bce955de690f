// What the companion needs of a provider to learn who somebody is, and how it asks one. Each provider's facts stand in one file
// beside this one, with their sources.
import * as v from 'valibot';
import type { ProblemCode } from '../../../src/protocol/errors.ts';
import { NoAnswer, type Outgoing, send } from '../../http/outgoing.ts';
import { Refusal } from '../../http/problems.ts';
import type { Identity } from '../people.ts';

export const PROVIDERS = ['wechat', 'dingtalk', 'wecom', 'feishu'] as const;
export type ProviderId = (typeof PROVIDERS)[number];

/** `page`: the provider's page in a tab of a computer; `app`: our page inside the provider's own app. */
export type Where = 'page' | 'app';

/** One-time, ours, and what the callback must bring back. */
export interface Attempt {
  where: Where;
  state: string;
  /** Our callback's address, as registered. */
  callback: string;
  /** Makes the code worthless to anybody else where the provider knows PKCE (RFC 7636), base64url. */
  verifier: string;
}

export interface Provider {
  readonly id: ProviderId;
  /** Which of the two there is, by what is set up. */
  readonly where: readonly Where[];
  /** Where to send the browser. None where the app itself gives the code to our page. */
  authorizeUrl(attempt: Attempt): URL | undefined;
  /** What our page inside the app needs to ask for a code. */
  readonly app?: { corpId: string; clientId: string };
  /** The code of a callback; undefined when the person has declined. @throws ProviderError */
  codeOf(query: Readonly<Record<string, string>>): string | undefined;
  /** Asks the provider who it is, once. @throws ProviderError, after which the code counts as used */
  identify(code: string, attempt: Attempt): Promise<Identity>;
  /** Asks the provider for what shows that address, secret and app are right. @throws ProviderError */
  check(): Promise<void>;
  /**
   * Whether its sign-in page at `page` takes callback and scope; absent where the page says that to scripts alone.
   * @throws ProviderError
   */
  checkPage?(page: URL): Promise<void>;
  /** By how many milliseconds the provider's clock is ahead of this one; undefined where it does not say. */
  ahead(): Promise<number | undefined>;
}

export type ProviderCode = Extract<ProblemCode, `provider-${string}`>;

/** A provider said no, or nothing that makes sense. `said` is its own number or word for it, and no more of its answer. */
export class ProviderError extends Refusal {
  override readonly code: ProviderCode;
  override readonly said: string;
  constructor(code: ProviderCode, said = '') {
    super(code);
    this.code = code;
    this.said = said;
  }
}

const WITHIN_MS = 10_000;

/** A provider's host, or what the team's file puts in its place. */
export const hostsOf = (known: Readonly<Record<string, string>>, others: Readonly<Record<string, string>>) => ({
  of: (name: string): string => (others[name] ?? known[name] ?? '').replace(/\/$/, ''),
  isListed: (url: URL): boolean => Object.values(others).some((other) => new URL(other).host === url.host),
});
export type Hosts = ReturnType<typeof hostsOf>;

export interface Question {
  query?: Record<string, string>;
  json?: unknown;
  headers?: Record<string, string>;
}

/** One request, its failures as a provider's. @throws ProviderError `provider-slow`, `provider-down` */
async function request(
  hosts: Hosts,
  url: URL,
  asked: Pick<Outgoing, 'method' | 'headers' | 'body'>,
): Promise<{ status: number; text: string }> {
  try {
    return await send(url, { ...asked, listed: hosts.isListed(url), within: WITHIN_MS });
  } catch (error) {
    const why = error instanceof NoAnswer ? error.why : 'garbled';
    throw new ProviderError(why === 'slow' ? 'provider-slow' : 'provider-down', why);
  }
}

/** Asks a provider once. Whatever it answers with, status and type aside, is read as JSON. @throws ProviderError */
export async function ask<T>(
  hosts: Hosts,
  address: string,
  question: Question,
  schema: v.GenericSchema<unknown, T>,
): Promise<{ status: number; body: T }> {
  const url = new URL(address);
  for (const [key, value] of Object.entries(question.query ?? {})) url.searchParams.set(key, value);
  const json = question.json === undefined ? undefined : JSON.stringify(question.json);
  const { status, text } = await request(hosts, url, {
    method: json === undefined ? 'GET' : 'POST',
    headers: {
      accept: 'application/json',
      ...(json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...question.headers,
    },
    body: json ?? null,
  });
  try {
    return { status, body: v.parse(schema, JSON.parse(text)) };
  } catch {
    // Never with the cause: parsers quote what they were given.
    throw new ProviderError('provider-down', 'garbled');
  }
}

/** What a provider's page at `url` says to a browser that nobody is signed in with, as HTML. @throws ProviderError */
export const pageAt = async (hosts: Hosts, url: URL): Promise<string> =>
  (await request(hosts, url, { method: 'GET', headers: { accept: 'text/html' }, body: null })).text;

/** How far a host's clock is ahead, in ms, by the Date header of whatever it answers (RFC 9110 section 6.6.1). */
export async function clockOf(hosts: Hosts, name: string): Promise<number | undefined> {
  const url = new URL(hosts.of(name));
  const asked = send(url, { method: 'GET', headers: {}, body: null, listed: hosts.isListed(url), within: WITHIN_MS });
  const { date } = await asked.catch(() => ({ date: undefined }));
  return date === undefined ? undefined : Date.parse(date) - Date.now();
}

/** The one value of a callback's parameter. @throws ProviderError when there is none where one must be */
export const only = (value: string | undefined): string | undefined =>
  value !== undefined && value.length > 0 && value.length <= 512 ? value : undefined;
