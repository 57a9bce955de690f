// A sign-in at one of the team's sites, proof by proof: whose it is, and what the site is told of how that was shown. `wiki` wants one
// proof; `ward` the vault's and DingTalk's.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { codeOfPerson, People } from '../../server/team/people.ts';
import type { Identity } from '../../server/team/providers/provider.ts';
import { SignIns } from '../../server/team/sign-ins.ts';
import type { ProviderId } from '../../src/protocol/providers.ts';

const BROWSER = 'browser';
let store: Store;
let people: People;
beforeEach(() => {
  store = openSqlite(':memory:');
  people = new People(store, 'anyone');
});
afterEach(() => store.close());

/** The sign-in `uid` of a browser. @param ward the second confirmation that the site of this name wants */
async function signInAt(client: 'wiki' | 'ward', { ward = 'dingtalk' as ProviderId, through = store, uid = 'u' } = {}) {
  const signIns = new SignIns(through, people, (one) => (one === 'ward' ? ward : undefined));
  await signIns.open(uid, { client, host: '' }, BROWSER);
  const now = () => signIns.of(uid, BROWSER);
  return {
    now,
    vault: async (who: string) =>
      signIns.prove(uid, { by: 'pop', identity: known(`key:${who}`), nonce: (await now()).nonce }),
    at: (by: ProviderId, who: string) => signIns.prove(uid, { by, identity: known(`${by}:union:${who}`) }),
    /** What the site is told. */
    finish: async () => ({ id: (await signIns.finish(await now())).id, amr: (await now()).amr }),
  };
}
const known = (...subjects: [string]): Identity => ({ subjects, name: '', member: false });
/** Li, who is known by a vault, by DingTalk and by WeChat. */
async function li(): Promise<string> {
  const { id } = await people.meet(known('key:li'));
  for (const provider of ['dingtalk', 'wechat']) await people.tie(id, known(`${provider}:union:li`));
  return id;
}

describe('at a site that wants one proof', () => {
  test.each([
    ['of the same person', 'li'],
    ['of somebody else', 'wang'],
  ])('the last counts, and alone: one %s', async (_whose, who) => {
    await li();
    const signIn = await signInAt('wiki');
    await signIn.vault('li');
    expect(await signIn.at('wechat', who)).toBe(true);
    const { id } = (await people.find(known(`wechat:union:${who}`))) ?? {};
    expect(await signIn.finish()).toEqual({ id, amr: ['wechat'] });
  });

  test('nothing is told before anything was shown', async () => {
    const signIn = await signInAt('wiki');
    await expect(signIn.finish()).rejects.toMatchObject({ code: 'sign-in-gone' });
  });

  test('nobody is named whom the operator has taken out meanwhile', async () => {
    const id = await li();
    const signIn = await signInAt('wiki');
    await signIn.vault('li');
    await people.remove(codeOfPerson(id));
    await expect(signIn.finish()).rejects.toMatchObject({ code: 'sign-in-gone' });
  });
});

describe('at a site that wants two', () => {
  test('they are two, of one person, in either order', async () => {
    const id = await li();
    for (const [n, order] of [['v', 'd'] as const, ['d', 'v'] as const].entries()) {
      const signIn = await signInAt('ward', { uid: `u${n}` });
      const show = { v: () => signIn.vault('li'), d: () => signIn.at('dingtalk', 'li') };
      expect(await show[order[0]]()).toBe(false);
      await expect(signIn.finish()).rejects.toMatchObject({ code: 'sign-in-gone' });
      expect(await show[order[1]]()).toBe(true);
      expect((await signIn.finish()).id).toBe(id);
    }
  });

  test('neither of which is the one that it wants by now, the sign-in is not over', async () => {
    await li();
    const before = await signInAt('ward');
    await before.vault('li');
    await before.at('dingtalk', 'li');
    const after = await signInAt('ward', { ward: 'wechat' });
    await expect(after.finish()).rejects.toMatchObject({ code: 'sign-in-gone' });
  });

  test('whoever shows another identity of the same provider begins anew as that person', async () => {
    const [id, wang] = [await li(), (await people.meet(known('dingtalk:union:wang'))).id];
    const signIn = await signInAt('ward');
    await signIn.at('dingtalk', 'wang');
    expect((await signIn.now()).person).toBe(wang);
    expect(await signIn.at('dingtalk', 'li')).toBe(false);
    expect(await signIn.now()).toMatchObject({ person: id, amr: ['dingtalk'] });
  });

  test('what nobody is known by goes with no third proof', async () => {
    await li();
    const signIn = await signInAt('ward');
    await signIn.at('dingtalk', 'nobody');
    await expect(signIn.at('wechat', 'li')).rejects.toMatchObject({ code: 'identity-apart' });
    await expect(signIn.finish()).rejects.toMatchObject({ code: 'sign-in-gone' });
  });
});

test.each([
  ['wiki', true],
  ['ward', false],
] as const)(
  'a proof at the %s counts though another step was faster, and says whether it was all',
  async (client, all) => {
    const id = await li();
    let overtaken = false;
    const through: Store = {
      ...store,
      async put(key, value, until, ifRev) {
        // A provider's failure, which the browser is told of, is written at that moment.
        if (key === 'sign-in:u' && ifRev > 0 && !overtaken) {
          overtaken = true;
          await store.put(key, JSON.stringify({ ...JSON.parse(value), amr: [], person: undefined }), until, ifRev);
        }
        return store.put(key, value, until, ifRev);
      },
    };
    const signIn = await signInAt(client, { through });
    expect(await signIn.vault('li')).toBe(all);
    expect(await signIn.now()).toMatchObject({ person: id, amr: ['pop'] });
  },
);
