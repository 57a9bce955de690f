// Half of a split key: a remembered browser has the other half and what both together open, this companion has this one. It is given
// out to whoever was let in by the person's provider and brings the browser's own word for it, and to nobody by either alone (R36).
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { hash, type Identities, newToken } from './identity.ts';
import { consume, type Limiters } from './limits.ts';
import { Refusal } from './problems.ts';
import { PROVIDERS } from './providers/provider.ts';
import type { Store } from './store.ts';

/** A half that nobody has asked for this long is forgotten. */
const UNUSED_MS = 180 * 86_400_000;
const GO_MS = 120_000;

const Token = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));
const Id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/));

/** What a browser asks. `secret` is its own, for one visit to a provider; `auth` proves a half's owner. */
const Ask = v.variant('t', [
  v.strictObject({ t: v.literal('begin'), provider: v.picklist(PROVIDERS), secret: Token }),
  v.strictObject({ t: v.literal('make'), secret: Token }),
  v.strictObject({ t: v.literal('open'), secret: Token, id: Id, auth: Token }),
  v.strictObject({ t: v.literal('drop'), id: Id, auth: Token }),
]);

const Half = v.object({ half: v.string(), auth: v.string(), subjects: v.array(v.string()) });
const Go = v.object({ provider: v.picklist(PROVIDERS), handle: v.string() });

export interface HalvesOptions {
  store: Store;
  identities: Identities;
  limiters: Limiters;
  origin: string;
  isExtension(origin: string | undefined): boolean;
  /** Gives the browser the cookie by which it is known. */
  give(request: FastifyRequest, reply: FastifyReply): string;
}

export function serveHalves(app: FastifyInstance, options: HalvesOptions): void {
  const { store, identities, limiters, origin, isExtension, give } = options;

  const answer = async (ask: v.InferOutput<typeof Ask>): Promise<object> => {
    if (ask.t === 'begin') {
      const ticket = newToken();
      await store.put(
        `go:${hash(ticket)}`,
        JSON.stringify({ provider: ask.provider, handle: hash(ask.secret) }),
        Date.now() + GO_MS,
        0,
      );
      return { to: `${origin}/v1/half/go?ticket=${ticket}` };
    }
    if (ask.t === 'make') {
      const { subjects } = await identities.take(hash(ask.secret));
      const [id, half, auth] = [randomBytes(16).toString('base64url'), newToken(), newToken()];
      const record: v.InferOutput<typeof Half> = { half, auth: hash(auth), subjects: [...subjects] };
      await store.put(`half:${id}`, JSON.stringify(record), Date.now() + UNUSED_MS, 0);
      return { id, half, auth };
    }
    const stored = await store.get(`half:${ask.id}`);
    const record = stored && v.parse(Half, JSON.parse(stored.value));
    if (!stored || record?.auth !== hash(ask.auth)) throw new Refusal('not-found');
    if (ask.t === 'drop') {
      await store.delete(`half:${ask.id}`);
      return {};
    }
    const { subjects } = await identities.take(hash(ask.secret));
    if (!subjects.some((subject) => record.subjects.includes(subject))) throw new Refusal('identity-wrong');
    await store.put(`half:${ask.id}`, stored.value, Date.now() + UNUSED_MS, stored.rev);
    return { half: record.half };
  };

  app.post('/v1/half', async (request, reply) => {
    if (!isExtension(request.headers.origin)) throw new Refusal('origin-required');
    await consume(limiters.proofs, request.ip);
    // Sent as plain text: an extension holds no permission for this host, and would have to ask the browser first.
    const asked = v.safeParse(v.pipe(v.string(), v.parseJson(), Ask), request.body);
    reply
      .header('access-control-allow-origin', request.headers.origin)
      .header('cross-origin-resource-policy', 'cross-origin');
    if (!asked.success) throw new Refusal('bad-message');
    return answer(asked.output);
  });

  app.get('/v1/half/go', async (request, reply) => {
    const query = v.safeParse(v.object({ ticket: Token }), request.query);
    const key = `go:${hash(query.success ? query.output.ticket : '')}`;
    const stored = await store.get(key);
    if (!stored) throw new Refusal('provider-state');
    await store.delete(key);
    const { provider, handle } = v.parse(Go, JSON.parse(stored.value));
    const browser = give(request, reply);
    const { to } = await identities.begin(provider, 'page', browser, { t: 'keep', handle });
    return reply.header('cache-control', 'no-store').redirect(String(to), 303);
  });
}
