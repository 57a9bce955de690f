// The proof that a phone has handed to the sign-in page: by the vault's own key, or by what a provider said inside its app.
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { isIdentity } from '../../../src/protocol/identity-proof.ts';
import { ProviderId } from '../../../src/protocol/providers.ts';
import { consume } from '../../http/limits.ts';
import { Refusal } from '../../http/problems.ts';
import { hashOf } from '../../store/hashes.ts';
import { base64, mustBeOwn, parse, Token, uidOf } from './request.ts';
import type { Rooms } from './rooms.ts';

/** `ticket`: the token of an answer (answers.ts). */
const Proof = v.union([v.strictObject({ key: base64(87), signature: base64(86) }), v.strictObject({ ticket: Token })]);

export async function proofRoute(
  app: FastifyInstance,
  { origin, signIns, answers, limiters, cookie }: Rooms,
): Promise<void> {
  app.post('/sign-in/:uid/proof', async (request) => {
    mustBeOwn(request, origin);
    await consume(limiters.proofs, request.source.bucket);
    const uid = uidOf(request);
    const { client, nonce } = await signIns.of(uid, cookie.read(request));
    const proof = parse(Proof, request.body);
    if ('ticket' in proof) {
      const identity = await answers.redeem(proof.ticket, uid);
      const by = parse(ProviderId, identity.subjects[0].split(':', 1)[0]);
      return { complete: await signIns.prove(uid, { by, identity }) };
    }
    const { key, signature } = proof;
    if (!(await isIdentity({ issuer: origin, id: uid, client, nonce }, key, signature)))
      throw new Refusal('identity-wrong');
    const identity = { subjects: [`key:${hashOf(key)}`], name: '', member: false } as const;
    return { complete: await signIns.prove(uid, { by: 'pop', identity, nonce }) };
  });
}
