// What a vault's owner is told of who else gets in as them: by the vault's own key, at that companion, and nothing else by it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOfPerson, People } from '../../server/team/people.ts';
import { isQuestion, signIdentity, signQuestion } from '../../src/protocol/identity-proof.ts';
import { Jar, newIdentityKey, type TeamCompanion, teamCompanion } from './team-companion.ts';

let t: TeamCompanion;
beforeAll(async () => {
  t = await teamCompanion();
});
afterAll(() => t?.close());

const ask = (proof: object, origin = t.here) => new Jar().json(`${origin}/v1/known-by`, proof);
const told = async (key: string) => (await ask(await signQuestion(key, t.here, Date.now()))).body.ties;

test('an identity that the vault has made its own is told, with its name and when, and to no other vault', async () => {
  const [key, other] = [await newIdentityKey(), await newIdentityKey()];
  const before = Date.now();
  const jar = new Jar();
  const { url } = await t.asked(jar, 'ward');
  expect(await t.prove(jar, url, key)).toEqual({ complete: false });
  expect(await told(key)).toEqual([]);
  await t.confirm(jar, url, 'li');
  expect(await told(key)).toEqual([]);
  expect(await t.prove(jar, url, key)).toEqual({ complete: true });
  expect(await told(key)).toEqual([{ by: 'dingtalk', name: '', at: expect.toSatisfy((at) => at >= before) }]);
  expect(await told(other)).toEqual([]);
});

test('so are those that the operator has joined, from either side', async () => {
  const people = new People(t.store, 'anyone');
  const [older, younger] = [await newIdentityKey(), await newIdentityKey()];
  const subjectOf = async (key: string) => {
    const jar = new Jar();
    const { url } = await t.asked(jar, 'wiki');
    await t.prove(jar, url, key);
    return (await people.list()).find(({ id }) => !seen.has(id));
  };
  const seen = new Set((await people.list()).map(({ id }) => id));
  const one = await subjectOf(older);
  if (one) seen.add(one.id);
  const two = await subjectOf(younger);
  const wang = await people.meet({ subjects: ['wecom:corp:wang'], name: 'Wang', member: false });
  if (!one || !two) throw new Error('nobody has come');
  await people.join(codeOfPerson(one.id), codeOfPerson(wang.id));
  // Its own key is no news to a vault.
  expect(await told(older)).toMatchObject([{ by: 'wecom', name: 'Wang' }]);
  await people.join(codeOfPerson(one.id), codeOfPerson(two.id));
  for (const key of [older, younger])
    expect((await told(key)) as object[]).toEqual(expect.arrayContaining([expect.objectContaining({ by: 'key' })]));
});

test('a signature tells for the day that it was made, and for clocks that are a day apart', async () => {
  const key = await newIdentityKey();
  const noon = Date.UTC(2030, 0, 1, 12);
  const proof = await signQuestion(key, t.here, noon);
  const told = (days: number) => isQuestion(t.here, proof, noon + days * 86_400_000);
  expect(await Promise.all([-2, -1, 0, 1, 2, 365].map(told))).toEqual([false, true, true, true, false, false]);
  const old = await signQuestion(key, t.here, Date.now() - 3 * 86_400_000);
  expect((await ask(old)).body).toMatchObject({ code: 'identity-wrong' });
});

test('nobody is told by a signature that was made for another companion, or for a sign-in, or asked from another site', async () => {
  const key = await newIdentityKey();
  const good = await signQuestion(key, t.here, Date.now());
  const signIn = { issuer: t.here, id: 'x', client: 'wiki', nonce: 'A'.repeat(43) };
  for (const proof of [
    await signQuestion(key, 'https://elsewhere.example', Date.now()),
    await signIdentity(key, signIn),
  ])
    expect((await ask(proof)).body).toMatchObject({ code: 'identity-wrong' });
  const response = await fetch(`${t.here}/v1/known-by`, {
    method: 'POST',
    body: JSON.stringify(good),
    headers: { 'content-type': 'application/json', origin: 'https://elsewhere.example' },
  });
  expect(response.status).toBe(403);
});

test('who asks too often has to wait, and signs in meanwhile; who signs in often can ask', async () => {
  const own = await teamCompanion({ limits: { questions: 2, proofs: 1 } });
  const key = await newIdentityKey();
  const question = async () => (await ask(await signQuestion(key, own.here, Date.now()), own.here)).status;
  expect(await question()).toBe(200);
  const jar = new Jar();
  const { url } = await own.asked(jar, 'wiki');
  expect(await own.prove(jar, url, key)).toEqual({ complete: true });
  expect([await question(), await question()]).toEqual([200, 429]);
  await own.close();
});
