// How much strangers may begin and guess at the issuer, by where they come from and by client (R26).
import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { consume, type Limiter, type Limiters } from '../../http/limits.ts';
import { Refusal } from '../../http/problems.ts';
import type { Client } from '../team-file.ts';

/** Under `/oidc/`. */
const PLACES = [
  'auth',
  'auth/[\\w-]+',
  'token',
  'me',
  'jwks',
  'revocation',
  'logout',
  'logout/confirm',
  'logout/success',
  'device-code',
];
/** All that the issuer answers at, each in one spelling: its library's own router knows more (capitals, a last slash). */
const ADDRESS = new RegExp(
  `^/(?:oidc/(?:${PLACES.join('|')})|device(?:/[\\w-]+)?|\\.well-known/openid-configuration)$`,
);
/** Each of these may leave records behind for somebody who has shown nothing: a sign-in, a session, a device's code. */
const BEGINNINGS = ['/oidc/auth', '/oidc/logout', '/oidc/device-code', '/device'];
/** Where a client's secret is looked at, or a device's code. */
const SECRETS = ['/oidc/token', '/oidc/revocation', '/oidc/device-code', '/device'];

/** Whoever has begun no more than so much is not shut out by what others begin at the same site. */
const FEW = 10;
/** Until it is so many times what a site is meant to bear: no store is without end. */
const CROWD = 10;

type Answered = Pick<ServerResponse, 'statusCode' | 'hasHeader'>;

/** Whether a record was made: a device got its code, or a browser a cookie. */
const hasBegun = (path: string, answer: Answered): boolean =>
  path === '/oidc/device-code' ? answer.statusCode === 200 : answer.hasHeader('set-cookie');

/** Whether a secret or a code was wrong. */
const isWrong = (path: string, { statusCode }: Answered): boolean =>
  statusCode === 401 || (path === '/device' && statusCode === 400);

interface Cost {
  limiter: Limiter;
  key: string;
  /** Whether the answer shows that it has to be paid. */
  isOwed(path: string, answer: Answered): boolean;
}

export class Bounds {
  readonly #limiters: Limiters;
  readonly #clients: readonly Client[];

  constructor(limiters: Limiters, clients: readonly Client[]) {
    this.#limiters = limiters;
    this.#clients = clients;
  }

  /**
   * Whom a request is about: where a secret is looked at, the client that it shows itself as (RFC 6749 section 2.3.1); else the one
   * that its address names; else what it asks for.
   */
  #about({ url, headers }: FastifyRequest): { path: string; client: string } {
    const [path = '', query] = url.split('?', 2);
    const [, basic = ''] = /^basic (.+)$/i.exec(headers.authorization ?? '') ?? [];
    const [shown] = Buffer.from(basic, 'base64').toString().split(':', 1);
    const name = SECRETS.includes(path) ? shown : new URLSearchParams(query).get('client_id');
    // Invented names would each have a limit of their own.
    return { path, client: this.#clients.some(({ id }) => id === name) ? String(name) : path };
  }

  /** Whether little was begun from this range, and the client bears it. */
  async #isModest(range: string, client: string): Promise<boolean> {
    const { roundsAround, roundsFor } = this.#limiters;
    const [mine, all] = await Promise.all([roundsAround.get(range), roundsFor.get(client)]);
    return (mine?.consumedPoints ?? 0) <= FEW && (all?.consumedPoints ?? 0) <= CROWD * roundsFor.points;
  }

  /**
   * Takes beforehand what a request may cost, so that many at the same moment are no more than many.
   * @returns gives back what the answer shows that it has not cost
   * @throws Refusal `rate-limited`; `not-found` for an address in a spelling that nothing is counted by
   */
  async take(request: FastifyRequest): Promise<(answer: Answered) => Promise<void>> {
    const { roundsFrom, roundsAround, roundsFor, guesses } = this.#limiters;
    const { bucket, range } = request.source;
    const { path, client } = this.#about(request);
    if (!ADDRESS.test(path)) throw new Refusal('not-found');
    const costs: Cost[] = [
      ...(BEGINNINGS.includes(path)
        ? [
            { limiter: roundsFrom, key: bucket, isOwed: hasBegun },
            { limiter: roundsAround, key: range, isOwed: hasBegun },
            { limiter: roundsFor, key: client, isOwed: hasBegun },
          ]
        : []),
      ...(SECRETS.includes(path) ? [{ limiter: guesses, key: `${bucket} ${client}`, isOwed: isWrong }] : []),
    ];
    const taken: Cost[] = [];
    const giveBack = async (isPaid: (cost: Cost) => boolean) => {
      for (const cost of taken) if (!isPaid(cost)) await cost.limiter.reward(cost.key);
    };
    try {
      for (const cost of costs) {
        // What is refused was counted as well.
        taken.push(cost);
        await consume(cost.limiter, cost.key).catch(async (refusal: unknown) => {
          if (cost.limiter !== roundsFor || !(await this.#isModest(range, client))) throw refusal;
        });
      }
    } catch (error) {
      await giveBack(() => false);
      throw error;
    }
    return (answer) => giveBack(({ isOwed }) => isOwed(path, answer));
  }
}
