// The sign-in page's own addresses: what it shows, the proof that it hands in, the providers that it leads to and what they answer.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import * as v from 'valibot';
import { isIdentity } from '../../../src/protocol/identity-proof.ts';
import { consume, type Limiters } from '../../http/limits.ts';
import { Refusal } from '../../http/problems.ts';
import type { Relay } from '../../relay/relay.ts';
import { hashOf, newToken } from '../../store/hashes.ts';
import type { Store } from '../../store/store.ts';
import { ANSWER_MS, type Identities, type SignInRecord } from '../identities.ts';
import { handOver } from '../issuer.ts';
import { donePage } from '../pages.ts';
import type { ProviderId, Provider as Upstream } from '../providers/provider.ts';
import type { WeChat } from '../providers/wechat.ts';
import type { Client } from '../settings.ts';
import { serveKept } from '../split-keys.ts';

const text = (characters: number) => v.pipe(v.string(), v.regex(new RegExp(`^[A-Za-z0-9_-]{${characters}}$`)));
const Uid = v.object({ uid: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/)) });
const Proof = v.union([v.strictObject({ key: text(87), signature: text(86) }), v.strictObject({ ticket: text(43) })]);
const Query = v.record(v.string(), v.string());

/** @throws Refusal `bad-message` */
function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) throw new Refusal('bad-message');
  return parsed.output;
}

export interface SignInOptions {
  origin: string;
  issuer: Provider;
  identities: Identities;
  providers: ReadonlyMap<ProviderId, Upstream>;
  clients: readonly Client[];
  relay: Relay;
  store: Store;
  isExtension(origin: string | undefined): boolean;
  limiters: Limiters;
  /** Folder of the built sign-in page. */
  page: string;
}

/** One name for this browser, which no page of its can read, and which no other host can set (R64). */
function cookieOf(origin: string) {
  const secure = origin.startsWith('https:');
  const name = secure ? '__Host-scankey' : 'scankey';
  const pattern = new RegExp(`(?:^|; )${name}=([A-Za-z0-9_-]{43})(?:;|$)`);
  const read = (request: FastifyRequest): string | undefined => pattern.exec(request.headers.cookie ?? '')?.[1];
  return {
    read,
    give(request: FastifyRequest, reply: FastifyReply): string {
      const value = read(request) ?? newToken();
      reply.header(
        'set-cookie',
        `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600${secure ? '; Secure' : ''}`,
      );
      return value;
    },
  };
}

export async function serveSignIn(app: FastifyInstance, options: SignInOptions): Promise<void> {
  const { origin, issuer, identities, providers, clients, relay, store, limiters, isExtension } = options;
  const cookie = cookieOf(origin);
  const html = await readFile(join(options.page, 'index.html'), 'utf8');
  const uidOf = (request: FastifyRequest): string => parse(Uid, request.params).uid;
  const clientOf = (id: string) => clients.find((client) => client.id === id);
  /** A page of another site may not speak in this one's name. */
  const own = (request: FastifyRequest) => {
    if (request.headers.origin !== origin) throw new Refusal('origin-required');
  };

  app.get('/sign-in/:uid', async (request, reply) => {
    const uid = uidOf(request);
    const details = await issuer.interactionDetails(request.raw, reply.raw).catch(() => undefined);
    if (details?.uid !== uid) throw new Refusal('sign-in-gone');
    const { client_id, redirect_uri } = details.params;
    const host = typeof redirect_uri === 'string' ? new URL(redirect_uri).host : '';
    await identities.open(uid, { client: String(client_id), host }, cookie.give(request, reply));
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html);
  });

  /** What both the page and the phone may know. */
  const shown = (id: string, { client, host, nonce }: SignInRecord) => ({
    issuer: origin,
    id,
    client,
    nonce,
    name: clientOf(client)?.name ?? client,
    host,
  });

  app.get('/v1/sign-in/:uid', async (request) => {
    await consume(limiters.proofs, request.ip);
    const uid = uidOf(request);
    return shown(uid, await identities.about(uid));
  });

  app.get('/sign-in/:uid/about', async (request, reply) => {
    const uid = uidOf(request);
    const { record } = await identities.of(uid, cookie.read(request));
    const wanted = clientOf(record.client)?.confirm;
    // What is still missing: that provider's word, or the vault's.
    const confirm = record.person !== undefined && wanted && !record.amr.includes(wanted) ? wanted : undefined;
    reply.header('cache-control', 'no-store');
    return {
      ...shown(uid, record),
      providers: [...providers.values()].filter(({ where }) => where.includes('page')).map(({ id }) => id),
      draws: (providers.get('wechat') as WeChat | undefined)?.drawsCodes ?? false,
      ...(confirm ? { confirm } : {}),
      scanToo: record.person !== undefined && wanted !== undefined && record.amr.includes(wanted),
      ...(record.failure ? { failure: record.failure } : {}),
      complete: (await identities.isComplete(record)) !== undefined,
    };
  });

  app.post('/sign-in/:uid/proof', async (request) => {
    own(request);
    await consume(limiters.proofs, request.ip);
    const uid = uidOf(request);
    const { record } = await identities.of(uid, cookie.read(request));
    const proof = parse(Proof, request.body);
    if ('ticket' in proof) {
      const identity = await identities.redeem(proof.ticket, uid);
      const [first] = identity.subjects;
      return { complete: await identities.prove(uid, identity, first.split(':')[0] ?? '') };
    }
    const { key, signature } = proof;
    const signIn = { issuer: origin, id: uid, client: record.client, nonce: record.nonce };
    if (!(await isIdentity(signIn, key, signature))) throw new Refusal('identity-wrong');
    return {
      complete: await identities.prove(uid, { subjects: [`key:${hashOf(key)}`], name: '', member: false }, 'pop'),
    };
  });

  app.get('/sign-in/:uid/go', async (request, reply) => {
    const uid = uidOf(request);
    const { record } = await identities.of(uid, cookie.read(request));
    const person = await identities.isComplete(record);
    if (!person) throw new Refusal('sign-in-gone');
    const amr = record.amr.length > 1 ? [...record.amr, 'mfa'] : [...record.amr];
    handOver(reply);
    // The phone has named the site and was confirmed: that is the consent, too.
    await issuer.interactionFinished(request.raw, reply.raw, { login: { accountId: person.id, amr }, consent: {} });
  });

  app.post('/sign-in/:uid/cancel', async (request, reply) => {
    own(request);
    await identities.of(uidOf(request), cookie.read(request));
    const to = await issuer.interactionResult(request.raw, reply.raw, {
      error: 'access_denied',
      error_description: 'The person has declined.',
    });
    return { to };
  });

  app.get('/sign-in/:uid/with/:provider', async (request, reply) => {
    await consume(limiters.proofs, request.ip);
    const uid = uidOf(request);
    const browser = cookie.read(request);
    await identities.of(uid, browser);
    const { provider } = parse(v.object({ provider: v.string() }), request.params);
    const { to } = await identities.begin(provider, 'page', browser ?? '', { t: 'sign-in', uid });
    return reply.header('cache-control', 'no-store').redirect(String(to), 303);
  });

  app.post('/sign-in/:uid/wechat-code', async (request) => {
    own(request);
    await consume(limiters.proofs, request.ip);
    const uid = uidOf(request);
    const browser = cookie.read(request);
    await identities.of(uid, browser);
    return { code: await identities.drawCode(uid, browser ?? '') };
  });

  /** Inside a provider's app: for which session somebody wants to be known. */
  app.post('/v1/in-app/:provider', async (request, reply) => {
    own(request);
    await consume(limiters.proofs, request.ip);
    const { provider } = parse(v.object({ provider: v.string() }), request.params);
    const { sid } = parse(v.strictObject({ sid: text(22) }), request.body);
    if (!(await relay.isIdentity(sid))) throw new Refusal('session-gone');
    const browser = cookie.give(request, reply);
    const { to, state } = await identities.begin(provider, 'app', browser, {
      t: 'in-app',
      sid: `${sid}:${hashOf(browser)}`,
    });
    return to ? { to: String(to) } : { ...providers.get(provider as ProviderId)?.app, state };
  });

  const inApp = (sid: string, request: FastifyRequest) => `${sid}:${hashOf(cookie.read(request) ?? '')}`;
  /** …whether the provider has said who it is, to this browser for this session… */
  app.post('/v1/in-app/said', async (request) => {
    own(request);
    const { sid } = parse(v.strictObject({ sid: text(22) }), request.body);
    await identities.hasSaid(inApp(sid, request));
    return {};
  });

  /** …and, when the person confirms, the ticket for the very sign-in that was shown. */
  app.post('/v1/in-app/ticket', async (request) => {
    own(request);
    const { sid, signIn } = parse(v.strictObject({ sid: text(22), signIn: Uid.entries.uid }), request.body);
    return { ticket: await identities.ticketFor(inApp(sid, request), signIn) };
  });

  app.get('/v1/session/:sid', async (request) => {
    await consume(limiters.proofs, request.ip);
    return { identity: await relay.isIdentity(parse(v.object({ sid: text(22) }), request.params).sid) };
  });

  app.get('/v1/callback/:provider', async (request, reply) => {
    await consume(limiters.proofs, request.ip);
    // Providers take their time, and one that is cut off here has used the code up all the same.
    request.raw.socket.setTimeout(ANSWER_MS);
    const { provider } = parse(v.object({ provider: v.string() }), request.params);
    const { purpose, failure } = await identities.answer(provider, parse(Query, request.query), cookie.read(request));
    reply.header('cache-control', 'no-store');
    // The provider's own number tells an operator what to mend.
    if (failure?.code.startsWith('provider-'))
      request.log.warn({ provider, code: failure.code, said: failure.detail }, 'provider');
    // Nothing of what came back stays in an address, and no address comes from outside.
    if (purpose.t === 'sign-in')
      return reply.redirect(failure ? `/sign-in/${purpose.uid}` : `/sign-in/${purpose.uid}/next`, 303);
    // An empty fragment: WeChat’s own would come along otherwise, and be taken for a code.
    if (purpose.t === 'in-app' || purpose.phone) return reply.redirect('/#', 303);
    // The extension closes this tab as soon as it is here.
    return reply.type('text/html; charset=utf-8').send(donePage(failure?.code));
  });

  serveKept(app, { store, identities, limiters, origin, isExtension, cookie });

  app.get('/sign-in/:uid/next', async (request, reply) => {
    const uid = uidOf(request);
    const { record } = await identities.of(uid, cookie.read(request));
    return reply.redirect((await identities.isComplete(record)) ? `/sign-in/${uid}/go` : `/sign-in/${uid}`, 303);
  });

  await app.register(async (scope) => {
    const wechat = providers.get('wechat') as WeChat | undefined;
    if (!wechat?.drawsCodes) return;
    scope.addContentTypeParser(['text/xml', 'application/xml'], { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );
    const signed = (request: FastifyRequest) => {
      const query = parse(Query, request.query);
      if (!wechat.isSigned(query)) throw new Refusal('provider-state');
      return query;
    };
    // The console asks once whether this is the address that it says.
    scope.get('/v1/wechat/events', async (request, reply) =>
      reply.type('text/plain').send(signed(request).echostr ?? ''),
    );
    scope.post('/v1/wechat/events', async (request, reply) => {
      signed(request);
      await identities.scanned(String(request.body));
      return reply.type('text/plain').send('');
    });
  });
}
