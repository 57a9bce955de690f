// From a sign-in's first page to who it is: attempts at a provider, whose answers belong to one browser and count once, and what a site
// asks for beside.
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { Answers } from '../../server/team/answers.ts';
import { ANSWER_MS, Attempts } from '../../server/team/attempts.ts';
import { codeOfPerson, People } from '../../server/team/people.ts';
import { type Identity, type Provider, ProviderError } from '../../server/team/providers/provider.ts';
import { type Proof, SignIns } from '../../server/team/sign-ins.ts';
import type { ProviderId } from '../../src/protocol/providers.ts';

const none = () => Promise.reject(new Error('not asked'));
/** A provider that knows somebody by the code that it gave. */
function fake(id: ProviderId, more: Partial<Provider> = {}) {
  const asked: string[] = [];
  const provider: Provider = {
    id,
    where: ['page'],
    authorizeUrl: ({ state, callback }) => new URL(`https://${id}.example/?state=${state}&to=${callback}`),
    codeOf: ({ code, error }) => {
      if (error === 'garbled') throw new ProviderError('provider-code', 'garbled');
      return code;
    },
    async identify(code): Promise<Identity> {
      asked.push(code);
      if (code === 'nobody') throw new ProviderError('provider-organisation', '33012');
      return { subjects: [`${id}:union:${code}`], name: code, member: false };
    },
    doctor: { entry: () => '', check: none, ahead: none },
    ...more,
  };
  return { provider, asked };
}

let store: Store;
beforeEach(() => {
  store = openSqlite(':memory:');
});
afterEach(() => store.close());

const KEY: Identity = { subjects: ['key:li'], name: '', member: false };

/** A team whose site `ward` wants DingTalk's confirmation besides; `wiki` takes any one proof. */
function team(people: 'admitted' | 'anyone' = 'anyone', ...providers: Provider[]) {
  const who = new People(store, people);
  const signIns = new SignIns(store, who, (client) => (client === 'ward' ? 'dingtalk' : undefined));
  const answers = new Answers(store);
  const set = new Map(providers.map((one) => [one.id, one]));
  const attempts = new Attempts({ store, providers: set, origin: 'https://keys.example', signIns, answers });
  const begin = async (uid: string, client = 'wiki') => signIns.open(uid, { client, host: 'wiki.example' }, 'browser');
  const person = async (uid: string) => signIns.personOf(await signIns.of(uid, 'browser'));
  return { signIns, answers, attempts, begin, person };
}

describe('an answer of a provider', () => {
  test('goes on with the sign-in that it was asked for, and is asked for once though it comes twice', async () => {
    const { provider, asked } = fake('wechat');
    const { attempts, begin, person } = team('anyone', provider);
    await begin('one');
    const { state, to } = await attempts.begin('wechat', 'page', 'browser', { t: 'sign-in', uid: 'one' });
    expect(to?.searchParams.get('to')).toBe('https://keys.example/v1/callback/wechat');
    expect(state).toMatch(/^[0-9a-f]{48}$/);
    const results = await Promise.all([1, 2, 3].map(() => attempts.answer('wechat', { state, code: 'li' }, 'browser')));
    expect(results.map(({ failure }) => failure)).toEqual([undefined, undefined, undefined]);
    expect(asked).toEqual(['li']);
    expect(await person('one')).toMatchObject({ name: 'li', knownBy: ['wechat:union:li'] });
    // Another code for the same attempt is none of ours.
    const other = attempts.answer('wechat', { state, code: 'wang' }, 'browser');
    await expect(other).rejects.toMatchObject({ code: 'provider-state' });
  });

  test('belongs to the browser, the provider and the attempt that it was asked for', async () => {
    const [wechat, feishu] = [fake('wechat'), fake('feishu')];
    const { attempts, begin } = team('anyone', wechat.provider, feishu.provider);
    await begin('one');
    const { state } = await attempts.begin('wechat', 'page', 'browser', { t: 'sign-in', uid: 'one' });
    for (const [id, query, browser] of [
      ['wechat', { state, code: 'li' }, 'another'],
      ['wechat', { state, code: 'li' }, undefined],
      ['feishu', { state, code: 'li' }, 'browser'],
      ['wechat', { state: 'invented', code: 'li' }, 'browser'],
      ['wechat', { code: 'li' }, 'browser'],
    ] as const)
      await expect(attempts.answer(id, query, browser)).rejects.toMatchObject({ code: 'provider-state' });
    expect([...wechat.asked, ...feishu.asked]).toEqual([]);
    const begun = attempts.begin('dingtalk', 'page', 'browser', { t: 'sign-in', uid: 'one' });
    await expect(begun).rejects.toMatchObject({ code: 'not-found' });
    const inApp = attempts.begin('wechat', 'app', 'browser', { t: 'sign-in', uid: 'one' });
    await expect(inApp).rejects.toMatchObject({ code: 'not-found' });
  });

  test.each([
    ['a refusal', { code: 'nobody' }, { code: 'provider-organisation', detail: '33012' }],
    ['who declined', {}, { code: 'provider-cancelled' }],
    ['an answer that cannot be read', { error: 'garbled' }, { code: 'provider-code', detail: 'garbled' }],
  ])('that is %s is told to the sign-in', async (_name, query: Record<string, string>, failure) => {
    const { attempts, begin, signIns } = team('anyone', fake('wechat').provider);
    await begin('one');
    const { state } = await attempts.begin('wechat', 'page', 'browser', { t: 'sign-in', uid: 'one' });
    const answer = () => attempts.answer('wechat', { state, ...query }, 'browser');
    // Twice at the same moment, too.
    for (const told of await Promise.all([answer(), answer()])) expect(told).toMatchObject({ failure });
    expect(await answer()).toMatchObject({ failure });
    expect((await signIns.of('one', 'browser')).failure).toEqual(failure);
  });

  test('for something that was put by waits under its name', async () => {
    const { attempts, answers } = team('anyone', fake('wechat').provider);
    const { state } = await attempts.begin('wechat', 'page', 'b', { t: 'keep', handle: 'handle' });
    await attempts.answer('wechat', { state, code: 'li' }, 'b');
    expect((await answers.take('handle')).subjects).toEqual(['wechat:union:li']);
  });
});

test('an answer that comes again while the provider never answers the first is told that it takes too long', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { attempts, begin } = team('anyone', fake('wechat', { identify: () => new Promise(() => {}) }).provider);
  await begin('one');
  const { state } = await attempts.begin('wechat', 'page', 'browser', { t: 'sign-in', uid: 'one' });
  const answer = () => attempts.answer('wechat', { state, code: 'li' }, 'browser');
  void answer();
  const again = answer();
  await vi.advanceTimersByTimeAsync(ANSWER_MS);
  expect((await again).failure).toEqual({ code: 'provider-slow' });
});

test('an answer inside an app is kept for the session that it was asked for, and for one who asks', async () => {
  const { attempts, answers } = team('anyone', fake('wechat', { where: ['app'] }).provider);
  const { state } = await attempts.begin('wechat', 'app', 'browser', { t: 'in-app', sid: 'session' });
  expect((await attempts.answer('wechat', { state, code: 'li' }, 'browser')).failure).toBeUndefined();
  expect(await answers.take('session')).toMatchObject({ subjects: ['wechat:union:li'] });
  await expect(answers.take('session')).rejects.toMatchObject({ code: 'provider-state' });
});

test('a code that the page draws is answered by whoever scans it first', async () => {
  const drawn: string[] = [];
  const scan = (scene: string, name: string) => `${scene} ${name}`;
  const codes: Provider['codes'] = {
    async draw(scene) {
      drawn.push(scene);
      return `https://weixin.example/${scene}`;
    },
    stampOf: () => undefined,
    scanOf(message) {
      const [scene, name] = message.split(' ');
      if (!scene || !name) return undefined;
      return { scene, identity: { subjects: [`wechat:app:${name}`], name: '', member: false } };
    },
  };
  const [dingtalk, wechat] = [fake('dingtalk').provider, fake('wechat', { codes }).provider];
  const { attempts, begin, person, signIns } = team('anyone', dingtalk, wechat);
  await begin('one');
  expect(await attempts.drawCode('one', 'browser')).toBe(`https://weixin.example/${drawn[0]}`);
  const [scene = ''] = drawn;
  // It is no way in by the callback, neither before it was scanned nor afterwards.
  const comesBack = () => attempts.answer('wechat', { state: scene, code: 'li' }, 'browser');
  await expect(comesBack()).rejects.toMatchObject({ code: 'provider-state' });
  await attempts.scanned('nonsense');
  await attempts.scanned(scan('invented', 'thief'));
  // Nor is an attempt of another kind answered by a scan.
  const { state } = await attempts.begin('wechat', 'page', 'browser', { t: 'sign-in', uid: 'one' });
  await attempts.scanned(scan(state, 'thief'));
  expect(await person('one')).toBeUndefined();
  // One that could not be kept is said again.
  vi.spyOn(signIns, 'prove').mockRejectedValueOnce(new Error('the disk is full'));
  await expect(attempts.scanned(scan(scene, 'li'))).rejects.toThrow('the disk is full');
  for (const name of ['li', 'li', 'wang']) await attempts.scanned(scan(scene, name));
  expect((await person('one'))?.knownBy).toEqual(['wechat:app:li']);
  await expect(comesBack()).rejects.toMatchObject({ code: 'provider-state' });
  for (const without of [team(), team('anyone', dingtalk)])
    await expect(without.attempts.drawCode('one', 'browser')).rejects.toMatchObject({ code: 'not-found' });
});

describe('a sign-in', () => {
  test('is its first browser’s alone', async () => {
    const { signIns, begin } = team();
    await begin('one');
    await begin('one');
    const other = signIns.open('one', { client: 'wiki', host: '' }, 'another');
    await expect(other).rejects.toMatchObject({ code: 'sign-in-gone' });
    for (const browser of ['another', undefined])
      await expect(signIns.of('one', browser)).rejects.toMatchObject({ code: 'sign-in-gone' });
    expect(await signIns.about('one')).toMatchObject({ client: 'wiki', host: 'wiki.example' });
    await expect(signIns.about('two')).rejects.toMatchObject({ code: 'sign-in-gone' });
  });

  /** Each proof over what the phone is shown at that moment. */
  const shows = async ({ signIns }: ReturnType<typeof team>, uid: string, identity: Identity): Promise<boolean> => {
    const by = identity.subjects[0].split(':')[0] as ProviderId | 'key';
    const { nonce } = await signIns.about(uid);
    return signIns.prove(uid, by === 'key' ? { by: 'pop', identity, nonce } : { by, identity });
  };

  test('of somebody who is not admitted gives the code for it, and goes on once that has happened', async () => {
    const all = team('admitted');
    await all.begin('one');
    const refused = await shows(all, 'one', KEY).catch((error: { code: string; extra: object }) => error);
    expect(refused).toMatchObject({
      code: 'identity-unknown',
      extra: { detail: expect.stringMatching(/^.{4}-.{4}$/) },
    });
    expect(await all.person('one')).toBeUndefined();
    const operator = new People(store, 'admitted');
    await operator.admit((refused as { extra: { detail: string } }).extra.detail, {});
    expect(await shows(all, 'one', KEY)).toBe(true);
    const admitted = await all.person('one');
    expect(admitted?.knownBy).toEqual(KEY.subjects);
  });

  const DING: Identity = { subjects: ['dingtalk:union:li'], name: 'Li', member: false };
  const WANG: Identity = { subjects: ['dingtalk:union:wang'], name: 'Wang', member: false };
  const OTHER: Identity = { subjects: ['key:other'], name: '', member: false };

  test('that wants two proofs asks the vault whether the other is its person’s, whichever came first', async () => {
    const all = team();
    await all.begin('one', 'ward');
    expect(await shows(all, 'one', KEY)).toBe(false);
    // The same once more is no second one.
    expect(await shows(all, 'one', KEY)).toBe(false);
    expect(await shows(all, 'one', DING)).toBe(false);
    expect(await all.person('one')).toBeUndefined();
    expect((await all.signIns.about('one')).adds).toEqual(DING);
    expect(await shows(all, 'one', KEY)).toBe(true);
    expect((await all.signIns.of('one', 'browser')).amr).toEqual(['pop', 'dingtalk']);
    expect((await all.person('one'))?.knownBy.toSorted()).toEqual(['dingtalk:union:li', 'key:li']);

    await all.begin('two', 'ward');
    expect(await shows(all, 'two', WANG)).toBe(false);
    expect((await all.signIns.about('two')).adds).toEqual(WANG);
    expect(await all.person('two')).toBeUndefined();
    expect(await shows(all, 'two', OTHER)).toBe(true);
    expect((await all.signIns.of('two', 'browser')).amr).toEqual(['dingtalk', 'pop']);
    expect((await all.person('two'))?.knownBy.toSorted()).toEqual(['dingtalk:union:wang', 'key:other']);
  });

  test('that wants two proofs is asked no third time by a person of whom both are known', async () => {
    const all = team();
    await all.begin('one', 'ward');
    for (const proof of [KEY, DING, KEY]) await shows(all, 'one', proof);
    for (const [uid, order] of Object.entries({ two: [KEY, DING], three: [DING, KEY] })) {
      await all.begin(uid, 'ward');
      expect(await shows(all, uid, order[0] as Identity)).toBe(false);
      expect(await shows(all, uid, order[1] as Identity)).toBe(true);
    }
  });

  test('takes no word of a vault that was said before the phone was shown whose it becomes', async () => {
    const all = team();
    await all.begin('one', 'ward');
    const { nonce } = await all.signIns.about('one');
    const early: Proof = { by: 'pop', identity: KEY, nonce };
    expect(await all.signIns.prove('one', early)).toBe(false);
    await shows(all, 'one', DING);
    await expect(all.signIns.prove('one', early)).rejects.toMatchObject({ code: 'identity-wrong' });
    // Shown one, and another has come meanwhile.
    const shown = (await all.signIns.about('one')).nonce;
    await shows(all, 'one', WANG);
    const late: Proof = { by: 'pop', identity: KEY, nonce: shown };
    await expect(all.signIns.prove('one', late)).rejects.toMatchObject({ code: 'identity-wrong' });
    expect((await new People(store, 'anyone').find(KEY))?.knownBy).toEqual(['key:li']);
  });

  test('takes the word for another’s vault from nobody, nor for an identity that has become somebody’s meanwhile', async () => {
    const all = team();
    for (const uid of ['one', 'two']) {
      await all.begin(uid, 'ward');
      for (const proof of [KEY, DING]) expect(await shows(all, uid, proof)).toBe(false);
    }
    await expect(shows(all, 'one', OTHER)).rejects.toMatchObject({ code: 'identity-wrong' });
    const people = new People(store, 'anyone');
    const { id } = await people.meet(DING);
    await expect(shows(all, 'two', KEY)).rejects.toMatchObject({ code: 'identity-wrong' });
    expect(await all.person('two')).toBeUndefined();
    expect((await people.find(DING))?.id).toBe(id);
  });

  test('that wants two proofs takes the second from the same person alone', async () => {
    const all = team();
    await all.begin('one', 'ward');
    for (const proof of [KEY, DING, KEY]) await shows(all, 'one', proof);
    const other = await new People(store, 'anyone').meet(WANG);
    for (const [index, [first, second]] of [
      [KEY, WANG],
      [KEY, { ...WANG, subjects: ['dingtalk:union:unheard'] } satisfies Identity],
      [DING, OTHER],
    ].entries()) {
      await all.begin(`wrong ${index}`, 'ward');
      expect(await shows(all, `wrong ${index}`, first as Identity)).toBe(false);
      await expect(shows(all, `wrong ${index}`, second as Identity)).rejects.toMatchObject({ code: 'identity-wrong' });
      expect(await all.person(`wrong ${index}`)).toBeUndefined();
    }
    expect(await new People(store, 'anyone').find(WANG)).toEqual(other);
  });

  test('of two proofs that are two people’s says by which code the operator can join them, and ends well then', async () => {
    const all = team('admitted');
    const operator = new People(store, 'admitted');
    const { id } = await operator.meet({ ...WANG, member: true });
    await all.begin('one', 'ward');
    expect(await shows(all, 'one', { ...WANG, member: true })).toBe(false);
    const refused = await shows(all, 'one', OTHER).catch((error) => error);
    expect(refused).toMatchObject({ code: 'identity-apart' });
    expect((await operator.join(codeOfPerson(id), refused.extra.detail))?.id).toBe(id);
    expect(await shows(all, 'one', OTHER)).toBe(true);
    expect(await all.person('one')).toMatchObject({ id, knownBy: ['dingtalk:union:wang', 'key:other'] });
  });

  test('of a member of an organisation lets in no vault that nobody has admitted', async () => {
    const all = team('admitted');
    await all.begin('one', 'ward');
    expect(await shows(all, 'one', { ...DING, member: true })).toBe(false);
    await expect(shows(all, 'one', KEY)).rejects.toMatchObject({ code: 'identity-unknown' });
    expect(await all.person('one')).toBeUndefined();
    expect(await new People(store, 'admitted').find(DING)).toBeUndefined();
  });
});
