// Who one is, as the phone finds out what it is asked for and says it: by the vault's key, or by the provider of the app that it is in.
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { inAppOf } from '../../src/phone/sign-in/in-app.ts';
import { identityOf } from '../../src/phone/sign-in/prove-identity.ts';
import type { ask as askCompanion } from '../../src/protocol/ask.ts';
import { ScankeyError } from '../../src/protocol/errors.ts';
import { isIdentity } from '../../src/protocol/identity-proof.ts';
import type { ProviderId } from '../../src/protocol/providers.ts';
import { formatQrLink } from '../../src/protocol/qr-link.ts';
import { LINK, ORIGIN, SID } from './computer-in-memory.ts';

const SITE = { issuer: ORIGIN, id: 'ID', client: 'wiki', nonce: 'AAAA', name: 'Wiki', host: 'wiki.example' };

/** A companion that answers by path, and throws what is an error; what it was asked, in order. */
function companion(answers: Record<string, unknown>) {
  const asked: [string, unknown][] = [];
  const ask: typeof askCompanion = async (schema, url, body) => {
    asked.push([String(url), body]);
    const answer = answers[String(url)];
    if (answer instanceof Error) throw answer;
    return v.parse(schema, answer);
  };
  return { asked, ask };
}

describe('a sign-in', () => {
  const identity = (shown: object) => {
    const { ask } = companion({ '/v1/sign-in/ID': shown });
    return identityOf({ companion: ORIGIN, ask, identityOr: (made) => made() });
  };

  test('is named by the companion, not by the computer that asks', async () => {
    expect(await identity(SITE).read('ID')).toEqual(SITE);
  });

  test.each([
    ['another companion', { issuer: 'https://other.example' }],
    ['another sign-in', { id: 'ANOTHER' }],
  ])('that turns out to be for %s is not shown', async (_what, more) => {
    const reading = identity({ ...SITE, ...more }).read('ID');
    await expect(reading).rejects.toThrow(expect.objectContaining({ code: 'bad-message' }));
  });

  test('is answered by the vault’s key, for that one alone', async () => {
    const { key, signature } = await identity(SITE).byVault(SITE);
    expect(await isIdentity(SITE, key, signature)).toBe(true);
    for (const other of [{ id: 'ANOTHER' }, { client: 'ward' }, { nonce: 'BBBB' }, { issuer: 'https://other.example' }])
      expect(await isIdentity({ ...SITE, ...other }, key, signature)).toBe(false);
  });

  test('is answered by the app’s provider for the session that it was asked in', async () => {
    const { ask, asked } = companion({ '/v1/in-app/ticket': { ticket: 'T' } });
    const { byApp } = identityOf({ companion: ORIGIN, ask, identityOr: (made) => made() });
    expect(await byApp(SID, SITE)).toEqual({ ticket: 'T' });
    expect(asked).toEqual([['/v1/in-app/ticket', { sid: SID, signIn: 'ID' }]]);
  });
});

describe('inside an app', () => {
  const INFO = { v: 1, phoneOrigin: ORIGIN, trial: false };
  const provider = (where: string[]) => ({ '/v1/companion': { ...INFO, providers: [{ id: 'wechat', where }] } });
  const asksNot = { [`/v1/session/${SID}`]: { identity: false } };
  const asksWho = { [`/v1/session/${SID}`]: { identity: true } };

  function inside(answers: Record<string, unknown>, app: ProviderId | undefined, kept?: string) {
    const { ask, asked } = companion(answers);
    const tab = new Map(kept === undefined ? [] : [['scanned', kept]]);
    const left: string[] = [];
    const all = inAppOf({
      ...{ app, ask },
      tab: {
        getItem: (key) => tab.get(key) ?? null,
        setItem: (key, value) => void tab.set(key, value),
        removeItem: (key) => void tab.delete(key),
      },
      leaveFor: (address) => void left.push(address),
      codeFromDingTalk: async (corpId) => `code of ${corpId}`,
    });
    return { ...all, asked, tab, left };
  }

  test.each<[string, Record<string, unknown>, ProviderId | undefined, boolean]>([
    ['can be asked who one is', { ...provider(['app']), ...asksWho }, 'wechat', true],
    ['cannot where the companion has another', { ...provider(['app']), ...asksWho }, 'dingtalk', false],
    ['cannot where it is for web pages only', { ...provider(['web']), ...asksWho }, 'wechat', false],
    ['is not asked for a code that asks for a password', { ...provider(['app']), ...asksNot }, 'wechat', false],
    ['is not asked where the companion does not answer', provider(['app']), 'wechat', false],
    ['is not asked by a page outside of any', { ...provider(['app']), ...asksWho }, undefined, false],
  ])('its provider %s', async (_what, answers, app, can) => {
    const one = inside(answers, app);
    await one.look(LINK);
    if (!app) expect(one.asked).toEqual([]);
    expect(one.askable.value).toEqual(can ? { provider: 'wechat', code: LINK } : undefined);
  });

  test.each<[ProviderId, object, string]>([
    ['wechat', { to: 'https://open.example/authorize?state=s' }, 'https://open.example/authorize?state=s'],
    ['dingtalk', { corpId: 'corp', state: 's' }, '/v1/callback/dingtalk?authCode=code+of+corp&state=s'],
  ])('%s is asked by leaving the page, and the code waits in this tab alone', async (app, way, address) => {
    const info = { ...INFO, providers: [{ id: app, where: ['app'] }] };
    const one = inside({ '/v1/companion': info, ...asksWho, [`/v1/in-app/${app}`]: way }, app);
    await one.look(LINK);
    expect(one.left).toEqual([]);
    await one.askProvider();
    expect(one.left).toEqual([address]);
    expect([...one.tab.values()]).toEqual([formatQrLink(LINK)]);
    expect(one.asked.at(-1)).toEqual([`/v1/in-app/${app}`, { sid: SID }]);
  });

  test('a tap before there is anything to ask asks nobody', async () => {
    const one = inside({}, 'wechat');
    await one.askProvider();
    expect([one.asked, one.left, one.refused.value]).toEqual([[], [], undefined]);
  });

  test('a provider that cannot be asked is told, and the page stays', async () => {
    const one = inside(
      { ...provider(['app']), ...asksWho, '/v1/in-app/wechat': new ScankeyError('rate-limited') },
      'wechat',
    );
    await one.look(LINK);
    await one.askProvider();
    expect([one.refused.value, one.left, one.tab.size]).toEqual(['rate-limited', [], 0]);
  });

  test.each([
    ['goes on where the companion knows who it was', {}, undefined],
    ['stops where the person turned back', new ScankeyError('provider-state'), 'provider-cancelled'],
    ['stops where the provider refused', new ScankeyError('provider-refused'), 'provider-refused'],
    ['stops where nothing is heard', new TypeError('no network'), 'provider-cancelled'],
  ])('back from it, the sign-in %s', async (_what, said, refused) => {
    const one = inside({ '/v1/in-app/said': said }, 'wechat', formatQrLink(LINK));
    expect(await one.back()).toEqual(refused ? undefined : LINK);
    expect(one.refused.value).toBe(refused);
    // It can be asked again, by another tap; what lay in the tab is gone.
    expect([one.askable.value?.provider, one.tab.size]).toEqual(['wechat', 0]);
  });

  test('a page outside of any app does not go on with what lies in its tab', async () => {
    const one = inside({ '/v1/in-app/said': {} }, undefined, formatQrLink(LINK));
    expect(await one.back()).toBeUndefined();
    expect([one.asked, one.tab.size]).toEqual([[], 0]);
  });

  test('a page that nobody came back to does nothing', async () => {
    const one = inside({}, 'wechat');
    expect(await one.back()).toBeUndefined();
    expect([one.asked, one.askable.value]).toEqual([[], undefined]);
  });
});
