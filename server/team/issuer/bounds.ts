// How much strangers may begin and guess at the issuer, by where they come from and by client (R26): looked at before a request is
// answered, counted by what the answer shows that it was.
import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { type Limiters, look } from '../../http/limits.ts';

/** Each of these may leave records behind for somebody who has shown nothing: a sign-in, a session, a device's code. */
const BEGINNINGS = ['/oidc/auth', '/oidc/logout', '/oidc/device-code', '/device'];
/** Where a client's secret is looked at, or a device's code. */
const SECRETS = ['/oidc/token', '/oidc/revocation', '/oidc/device-code', '/device'];

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

/** Who is asked about: a client that a page sends somebody for or that names itself (RFC 6749 section 2.3.1), else the address itself. */
function clientOf(request: FastifyRequest): string {
  const [, basic] = /^basic (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (basic !== undefined) return Buffer.from(basic, 'base64').toString().split(':', 1)[0] ?? '';
  return new URLSearchParams(request.url.split('?', 2)[1]).get('client_id') ?? pathOf(request);
}

export class Bounds {
  readonly #limiters: Limiters;
  constructor(limiters: Limiters) {
    this.#limiters = limiters;
  }

  #keys(request: FastifyRequest) {
    const { bucket } = request.source;
    const client = clientOf(request);
    return { bucket, client, guess: `${bucket} ${client}` };
  }

  /** @throws Refusal `rate-limited` */
  async before(request: FastifyRequest): Promise<void> {
    const { roundsFrom, roundsFor, guesses } = this.#limiters;
    const path = pathOf(request);
    const { bucket, client, guess } = this.#keys(request);
    if (BEGINNINGS.includes(path)) {
      await look(roundsFrom, bucket);
      await look(roundsFor, client);
    }
    if (SECRETS.includes(path)) await look(guesses, guess);
  }

  /** Counts what `answer` shows: a record was made where a browser got a cookie or a device its code; a guess was wrong. */
  async after(request: FastifyRequest, answer: ServerResponse): Promise<void> {
    const { roundsFrom, roundsFor, guesses } = this.#limiters;
    const path = pathOf(request);
    const { bucket, client, guess } = this.#keys(request);
    const made = path === '/oidc/device-code' ? answer.statusCode === 200 : answer.hasHeader('set-cookie');
    const wrong = answer.statusCode === 401 || (path === '/device' && answer.statusCode === 400);
    // Too many at the same moment are refused from the next on.
    const counted = [
      ...(made && BEGINNINGS.includes(path) ? [roundsFrom.consume(bucket), roundsFor.consume(client)] : []),
      ...(wrong && SECRETS.includes(path) ? [guesses.consume(guess)] : []),
    ];
    await Promise.allSettled(counted);
  }
}
