// The table of providers: a companion may be newer than the extension, and apps name each other in their user agents.
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { Companion } from '../../src/extension/view.ts';
import { nameOfProvider, PROVIDER_IDS, providerOfApp } from '../../src/protocol/providers.ts';
import { CompanionInfo } from '../../src/protocol/relay.ts';

test('a provider that only a newer companion knows is left out where its answer comes in', () => {
  const answer = {
    v: 1,
    phoneOrigin: 'https://keys.example',
    trial: false,
    providers: [
      { id: 'of-tomorrow', where: ['page'] },
      { id: 'dingtalk', where: ['page', 'app'] },
      { id: 'constructor', where: ['page'] },
    ],
  };
  expect(v.parse(CompanionInfo, answer).providers).toEqual([{ id: 'dingtalk', where: ['page', 'app'] }]);
});

test('one that an older version has stored is not shown either', () => {
  const stored = { relay: 'https://keys.example', phoneOrigin: null, providers: ['of-tomorrow', 'wecom'] };
  expect(v.parse(Companion, stored).providers).toEqual(['wecom']);
});

test.each([
  ['MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN', 'wechat'],
  ['MicroMessenger/7.0.1 wxwork/4.1.22', 'wecom'],
  ['wxwork/4.1.22 (MicroMessenger/6.2)', 'wecom'],
  ['AliApp(DingTalk/7.6.0)', 'dingtalk'],
  ['Lark/7.20.0', 'feishu'],
  ['Chrome/140.0 Mobile', undefined],
])('the browser of %s belongs to %s', (agent, provider) => {
  expect(providerOfApp(`Mozilla/5.0 (Linux; Android 14) ${agent}`)).toBe(provider);
});

test('each has a name for every reader', () => {
  for (const id of PROVIDER_IDS) expect(nameOfProvider(id, 'fr-CA')).toBe(nameOfProvider(id, 'en'));
  expect(nameOfProvider('wecom', 'zh-CN')).toBe('企业微信');
  expect(nameOfProvider('wecom', 'zh-TW')).toBe('企業微信');
});
