// The proof that a phone has handed to the sign-in page, by the vault's own key or by what a provider said inside its app; and what a
// vault's owner may know by that key.
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { isIdentity, isQuestion } from '../../../src/protocol/identity-proof.ts';
import { ProviderId } from '../../../src/protocol/providers.ts';
import { consume } from '../../http/limits.ts';
import { Refusal } from '../../http/problems.ts';
import { hashOf } from '../../store/hashes.ts';
import { base64, mustBeOwn, parse, Token, uidOf } from './request.ts';
import type { Rooms } from './rooms.ts';

const VaultProof = v.strictObject({ key: base64(87), signature: base64(86) });
/** `ticket`: the token of an answer (answers.ts). */
const Proof = v.union([VaultProof, v.strictObject({ ticket: Token })]);
const identityOf = (key: string) => ({ subjects: [`key:${hashOf(key)}`], name: '', member: false }) as const;

export async function proofRoute(
  app: FastifyInstance,
  { origin, people, signIns, answers, limiters, cookie }: Rooms,
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
    return { complete: await signIns.prove(uid, { by: 'pop', identity: identityOf(key), nonce }) };
  });

  /** By what else the vault's owner is known here: each phone of the person's asks, and tells. */
  app.post('/v1/known-by', async (request) => {
    mustBeOwn(request, origin);
    await consume(limiters.questions, request.source.bucket);
    const proof = parse(VaultProof, request.body);
    if (!(await isQuestion(origin, proof, Date.now()))) throw new Refusal('identity-wrong');
    const { ties = [], knownBy = [] } = (await people.find(identityOf(proof.key))) ?? {};
    // Its own key is no news to a vault.
    const vaults = knownBy.filter((subject) => subject.startsWith('key:')).length;
    return { ties: ties.filter(({ by }) => by !== 'key' || vaults > 1) };
  });
}
