// What a person can have back by a provider's word: a browser its half of a split key, a phone page the way to its vault. Both visit the
// provider first, in a tab.
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { ProviderId } from '../../../src/protocol/providers.ts';
import { consume } from '../../http/limits.ts';
import { Refusal } from '../../http/problems.ts';
import { hashOf, newToken } from '../../store/hashes.ts';
import type { Purpose } from '../attempts.ts';
import { Id, mustBeOwn, parse, Token } from './request.ts';
import type { Rooms } from './rooms.ts';

/** `secret` is the browser's own, for one visit to a provider. */
const Begin = v.strictObject({ t: v.literal('begin'), provider: ProviderId, secret: Token });

/** What a browser asks. `auth` proves a half's owner, `receipt` that the visit has ended in the browser's own tab: older ones have none. */
const BrowserAsk = v.variant('t', [
  Begin,
  v.strictObject({ t: v.literal('make'), secret: Token, receipt: v.optional(Token) }),
  v.strictObject({ t: v.literal('open'), secret: Token, receipt: v.optional(Token), id: Id, auth: Token }),
  v.strictObject({ t: v.literal('drop'), id: Id, auth: Token }),
]);

/** What a phone page asks. `escrow`: the sealed recovery key, base64url. */
const PhoneAsk = v.variant('t', [
  Begin,
  v.strictObject({
    t: v.literal('link'),
    secret: Token,
    escrow: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.maxLength(24_000)),
  }),
  v.strictObject({ t: v.literal('find'), secret: Token }),
]);

export async function storedRoutes(app: FastifyInstance, rooms: Rooms): Promise<void> {
  const { origin, attempts, answers, splitKeys, escrows, visits, limiters, cookie, isExtension } = rooms;
  /** What an extension's visit leads to: whoever made its address knows one part, the tab that it ended in the other. */
  const visitOf = (handle: string, receipt: string): string => hashOf(`${handle} ${receipt}`);
  /** @throws Refusal `provider-state`, `upgrade-required` */
  const learn = ({ secret, receipt }: { secret: string; receipt?: string | undefined }) => {
    if (receipt === undefined) throw new Refusal('upgrade-required');
    return answers.take(visitOf(hashOf(secret), receipt));
  };

  const answerBrowser = async (ask: v.InferOutput<typeof BrowserAsk>): Promise<object> => {
    switch (ask.t) {
      case 'begin':
        return { to: await visits.plan(ask.provider, hashOf(ask.secret)) };
      case 'make':
        return splitKeys.make((await learn(ask)).subjects);
      case 'open': {
        // Before the provider's word is used up.
        await splitKeys.check(ask.id, ask.auth);
        const { subjects } = await learn(ask);
        return { half: await splitKeys.open(ask.id, ask.auth, subjects) };
      }
      case 'drop':
        await splitKeys.drop(ask.id, ask.auth);
        return {};
    }
  };

  const answerPhone = async (ask: v.InferOutput<typeof PhoneAsk>, browser: string): Promise<object> => {
    const handle = `${hashOf(ask.secret)}:${browser}`;
    if (ask.t === 'begin') return { to: await visits.plan(ask.provider, handle, browser) };
    const { subjects } = await answers.take(handle);
    if (ask.t === 'find') return { escrow: await escrows.find(subjects) };
    await escrows.put(subjects, ask.escrow);
    return {};
  };

  app.post('/v1/half', async (request, reply) => {
    const from = request.headers.origin;
    if (!isExtension(from)) throw new Refusal('origin-required');
    await consume(limiters.proofs, request.source.bucket);
    reply.header('access-control-allow-origin', from).header('cross-origin-resource-policy', 'cross-origin');
    // Sent as plain text: an extension holds no permission for this host, and would have to ask the browser first.
    return answerBrowser(parse(v.pipe(v.string(), v.parseJson(), BrowserAsk), request.body));
  });

  app.post('/v1/vault', async (request, reply) => {
    mustBeOwn(request, origin);
    await consume(limiters.proofs, request.source.bucket);
    const ask = parse(PhoneAsk, request.body);
    return answerPhone(ask, hashOf(cookie.give(request, reply)));
  });

  app.get('/v1/kept/go', async (request, reply) => {
    const query = v.safeParse(v.object({ ticket: Token }), request.query);
    if (!query.success) throw new Refusal('provider-state');
    const visit = await visits.begin(query.output.ticket, hashOf(cookie.read(request) ?? ''));
    const receipt = newToken();
    const purpose: Purpose =
      visit.browser === undefined
        ? { t: 'keep', handle: visitOf(visit.handle, receipt), receipt }
        : { t: 'keep', handle: visit.handle };
    const { to } = await attempts.begin(visit.provider, 'page', cookie.give(request, reply), purpose);
    return reply.header('cache-control', 'no-store').redirect(String(to), 303);
  });
}
