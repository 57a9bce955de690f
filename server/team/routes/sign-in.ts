// The sign-in page from its first look to the site that it leads back to.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { consume } from '../../http/limits.ts';
import { Refusal } from '../../http/problems.ts';
import { handOver } from '../issuer/mount.ts';
import { acrOf } from '../issuer/policy.ts';
import type { SignIn } from '../sign-ins.ts';
import { mustBeOwn, uidOf } from './request.ts';
import type { Rooms } from './rooms.ts';

export async function signInRoutes(app: FastifyInstance, rooms: Rooms): Promise<void> {
  const { origin, issuer, signIns, providers, clients, privateComputers, limiters, cookie } = rooms;
  const html = await readFile(join(rooms.page, 'index.html'), 'utf8');
  /** What a device called itself when it asked for its code. */
  const deviceOf = (code: { deviceInfo?: { says?: unknown } } | undefined): string =>
    String(code?.deviceInfo?.says ?? '');
  const clientOf = (id: string) => clients.find((client) => client.id === id);

  app.get('/sign-in/:uid', async (request, reply) => {
    const uid = uidOf(request);
    const provider = await issuer.now();
    const details = await provider.interactionDetails(request.raw, reply.raw).catch(() => undefined);
    if (details?.uid !== uid) throw new Refusal('sign-in-gone');
    const { client_id, redirect_uri } = details.params;
    const host = typeof redirect_uri === 'string' ? new URL(redirect_uri).host : '';
    const device =
      details.deviceCode === undefined ? {} : { device: deviceOf(await provider.DeviceCode.find(details.deviceCode)) };
    await signIns.open(uid, { client: String(client_id), host, ...device }, cookie.give(request, reply));
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html);
  });

  /** What both the page and the phone may know. */
  const shown = (id: string, { client, host, device, nonce, adds }: SignIn) => ({
    issuer: origin,
    id,
    client,
    nonce,
    name: clientOf(client)?.name ?? client,
    host,
    ...(device === undefined ? {} : { device }),
    // What becomes the person's by it, besides.
    ...(adds ? { adds: { provider: clientOf(client)?.confirm, name: adds.name } } : {}),
  });

  app.get('/v1/sign-in/:uid', async (request) => {
    await consume(limiters.proofs, request.source.bucket);
    const uid = uidOf(request);
    return shown(uid, await signIns.about(uid));
  });

  app.get('/sign-in/:uid/about', async (request, reply) => {
    const uid = uidOf(request);
    const signIn = await signIns.of(uid, cookie.read(request));
    const { person, amr, failure, adds } = signIn;
    const wanted = clientOf(signIn.client)?.confirm;
    // What is still missing: that provider's word, or the vault's.
    const confirm = person !== undefined && wanted && !amr.includes(wanted) ? wanted : undefined;
    const all = [...providers.values()];
    reply.header('cache-control', 'no-store');
    return {
      ...shown(uid, signIn),
      providers: all.filter(({ where }) => where.includes('page')).map(({ id }) => id),
      draws: all.some(({ codes }) => codes !== undefined),
      ...(confirm ? { confirm } : {}),
      scanToo: !adds && person !== undefined && wanted !== undefined && amr.includes(wanted),
      ...(failure ? { failure } : {}),
      complete: (await signIns.personOf(signIn)) !== undefined,
    };
  });

  app.get('/sign-in/:uid/next', async (request, reply) => {
    const uid = uidOf(request);
    const person = await signIns.personOf(await signIns.of(uid, cookie.read(request)));
    return reply.redirect(person ? `/sign-in/${uid}/go` : `/sign-in/${uid}`, 303);
  });

  app.get('/sign-in/:uid/go', async (request, reply) => {
    const signIn = await signIns.of(uidOf(request), cookie.read(request));
    const person = await signIns.finish(signIn);
    const provider = await issuer.now();
    const { params } = await provider.interactionDetails(request.raw, reply.raw);
    const login = {
      accountId: person.id,
      amr: signIn.amr.length > 1 ? [...signIn.amr, 'mfa'] : [...signIn.amr],
      acr: acrOf(signIn.amr, params.acr_values),
      // Otherwise the browser forgets it when it is closed.
      remember: privateComputers,
    };
    handOver(reply);
    // The phone has named the site and was confirmed: that is the consent, too, and the choice of whose.
    await provider.interactionFinished(request.raw, reply.raw, { login, consent: {}, select_account: {} });
  });

  app.post('/sign-in/:uid/cancel', async (request, reply) => {
    mustBeOwn(request, origin);
    await signIns.of(uidOf(request), cookie.read(request));
    const provider = await issuer.now();
    const to = await provider.interactionResult(request.raw, reply.raw, {
      error: 'access_denied',
      error_description: 'The person has declined.',
    });
    return { to };
  });
}
