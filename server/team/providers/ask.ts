// How a provider is asked: one request to one of its hosts, whose failures are the provider's.
import * as v from 'valibot';
import { NoAnswer, type Outgoing, send } from '../../http/outgoing.ts';
import { ProviderError } from './provider.ts';

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
