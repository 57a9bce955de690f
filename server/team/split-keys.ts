// What a person can have back by a provider's word (R36). Half of a split key: a remembered browser has the other half and what both
// together open; this one is given to whoever the provider says it is and brings the browser's own proof, to nobody by either alone.
// And the way to a vault: the backup's recovery key, sealed under the passphrase on the phone, which this companion cannot open.
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { BACKUP } from '../../src/protocol/recovery.ts';
import { consume, type Limiters } from '../http/limits.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf, newToken } from '../store/hashes.ts';
import type { Store } from '../store/store.ts';
import type { Identities } from './identities.ts';
import { PROVIDERS, type ProviderId } from './providers/provider.ts';

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

/** What a phone page asks. `escrow`: the sealed recovery key, base64url. */
const PhoneAsk = v.variant('t', [
  v.strictObject({ t: v.literal('begin'), provider: v.picklist(PROVIDERS), secret: Token }),
  v.strictObject({
    t: v.literal('link'),
    secret: Token,
    escrow: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.maxLength(24_000)),
  }),
  v.strictObject({ t: v.literal('find'), secret: Token }),
]);

const Half = v.object({ half: v.string(), auth: v.string(), subjects: v.array(v.string()) });
/** A visit that is to begin; that of a phone page in its own browser only, or a link would fetch what another person has put by. */
const Go = v.object({ provider: v.picklist(PROVIDERS), handle: v.string(), browser: v.optional(v.string()) });

export interface KeptOptions {
  store: Store;
  identities: Identities;
  limiters: Limiters;
  origin: string;
  isExtension(origin: string | undefined): boolean;
  /** The browser's own cookie: as it comes, and given where there is none. */
  cookie: {
    read(request: FastifyRequest): string | undefined;
    give(request: FastifyRequest, reply: FastifyReply): string;
  };
}

export function serveKept(app: FastifyInstance, options: KeptOptions): void {
  const { store, identities, limiters, origin, isExtension, cookie } = options;

  const begin = async (provider: ProviderId, handle: string, browser?: string) => {
    const ticket = newToken();
    const go: v.InferOutput<typeof Go> = { provider, handle, ...(browser ? { browser } : {}) };
    await store.put(`go:${hashOf(ticket)}`, JSON.stringify(go), Date.now() + GO_MS, 0);
    return { to: `${origin}/v1/kept/go?ticket=${ticket}` };
  };

  const answerPhone = async (ask: v.InferOutput<typeof PhoneAsk>, browser: string): Promise<object> => {
    const handle = `${hashOf(ask.secret)}:${browser}`;
    if (ask.t === 'begin') return begin(ask.provider, handle, browser);
    const { subjects } = await identities.take(handle);
    if (ask.t === 'link') {
      for (const subject of subjects) {
        const key = `vault:${hashOf(subject)}`;
        await store.put(key, ask.escrow, Date.now() + BACKUP.unusedMs, (await store.get(key))?.rev ?? 0);
      }
      return {};
    }
    for (const subject of subjects) {
      const stored = await store.get(`vault:${hashOf(subject)}`);
      if (stored) return { escrow: stored.value };
    }
    throw new Refusal('no-backup');
  };

  const answer = async (ask: v.InferOutput<typeof Ask>): Promise<object> => {
    if (ask.t === 'begin') return begin(ask.provider, hashOf(ask.secret));
    if (ask.t === 'make') {
      const { subjects } = await identities.take(hashOf(ask.secret));
      const [id, half, auth] = [randomBytes(16).toString('base64url'), newToken(), newToken()];
      const record: v.InferOutput<typeof Half> = { half, auth: hashOf(auth), subjects: [...subjects] };
      await store.put(`half:${id}`, JSON.stringify(record), Date.now() + UNUSED_MS, 0);
      return { id, half, auth };
    }
    const stored = await store.get(`half:${ask.id}`);
    const record = stored && v.parse(Half, JSON.parse(stored.value));
    if (!stored || record?.auth !== hashOf(ask.auth)) throw new Refusal('not-found');
    if (ask.t === 'drop') {
      await store.delete(`half:${ask.id}`);
      return {};
    }
    const { subjects } = await identities.take(hashOf(ask.secret));
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

  app.post('/v1/vault', async (request, reply) => {
    if (request.headers.origin !== origin) throw new Refusal('origin-required');
    await consume(limiters.proofs, request.ip);
    const asked = v.safeParse(PhoneAsk, request.body);
    if (!asked.success) throw new Refusal('bad-message');
    return answerPhone(asked.output, hashOf(cookie.give(request, reply)));
  });

  app.get('/v1/kept/go', async (request, reply) => {
    const query = v.safeParse(v.object({ ticket: Token }), request.query);
    const key = `go:${hashOf(query.success ? query.output.ticket : '')}`;
    const stored = await store.get(key);
    if (!stored) throw new Refusal('provider-state');
    const { provider, handle, browser } = v.parse(Go, JSON.parse(stored.value));
    if (browser !== undefined && browser !== hashOf(cookie.read(request) ?? '')) throw new Refusal('provider-state');
    await store.delete(key);
    const purpose = { t: 'keep', handle, phone: browser !== undefined } as const;
    const { to } = await identities.begin(provider, 'page', cookie.give(request, reply), purpose);
    return reply.header('cache-control', 'no-store').redirect(String(to), 303);
  });
}
