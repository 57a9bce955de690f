// Codes that WeChat's service account gives, drawn by several companions of one team.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProviderError } from '../../server/team/providers/provider.ts';
import { wechat } from '../../server/team/providers/wechat.ts';
import { type Fake, startFake } from '../fakes/fake.ts';

const account = { 'app-id': 'wx1', secret: 'right', token: 'events' };
let fake: Fake;
beforeAll(async () => {
  fake = await startFake('wechat.ts', { account: { id: 'wx1', secret: 'right', token: 'events' }, website: {} });
});
afterAll(() => fake.stop());

const companion = (change: object = {}) => {
  const { codes } = wechat({ account: { ...account, ...change }, hosts: { api: fake.origin, open: fake.origin } });
  return (scene: string) => codes?.draw(scene, 300).catch((error: ProviderError) => error.said) ?? 'none';
};
const asked = async () => (await fake.record()).filter(({ path }) => path === '/cgi-bin/stable_token').length;

test('are drawn by each of two companions in turn: neither takes WeChat’s token from the other', async () => {
  const [one, other] = [companion(), companion()];
  for (const draw of [one, other, one, other]) expect(await draw('scene')).toMatch(/^http:\/\/weixin/);
  expect(await asked()).toBe(2);
});

test('are drawn on when somebody has made another token, or WeChat’s clock has run on', async () => {
  const draw = companion();
  await draw('scene');
  const forced = { grant_type: 'client_credential', appid: 'wx1', secret: 'right', force_refresh: true };
  await fetch(`${fake.origin}/cgi-bin/stable_token`, { method: 'POST', body: JSON.stringify(forced) });
  expect(await draw('scene')).toMatch(/^http:/);
  await fake.mood({ ahead: 7_300_000 });
  expect(await draw('scene')).toMatch(/^http:/);
  await fake.mood({ ahead: 0 });
});

test.each([
  ['a wrong secret', { secret: 'wrong' }, '40125'],
  ['another app', { 'app-id': 'wx2' }, '40013'],
])('are not with %s', async (_what, change, said) => {
  expect(await companion(change)('scene')).toBe(said);
});

test.each([
  ['GET', undefined, 43002],
  ['POST', '{', 47001],
  ['POST', '{"grant_type":"client_credential","appid":"wx1"}', 41004],
  ['POST', '{"grant_type":"authorization_code","appid":"wx1","secret":"right"}', 40002],
])('and WeChat’s stand-in refuses %s %s as it does', async (method, body, errcode) => {
  const answer = await fetch(`${fake.origin}/cgi-bin/stable_token`, { method, ...(body ? { body } : {}) });
  expect(await answer.json()).toMatchObject({ errcode });
});
