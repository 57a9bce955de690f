// All providers that there are: what a team's file may say of each, and those that it sets up.
import * as v from 'valibot';
import type { ProviderId } from '../../../src/protocol/providers.ts';
import { DingTalkSettings, dingtalk } from './dingtalk.ts';
import { FeishuSettings, feishu } from './feishu.ts';
import type { Provider } from './provider.ts';
import { WeChatSettings, wechat } from './wechat.ts';
import { WeComSettings, wecom } from './wecom.ts';

const SETTINGS = {
  wechat: v.optional(WeChatSettings),
  dingtalk: v.optional(DingTalkSettings),
  wecom: v.optional(WeComSettings),
  feishu: v.optional(FeishuSettings),
} satisfies Record<ProviderId, v.GenericSchema>;
export const ProviderSettings = v.strictObject(SETTINGS);
export type ProviderSettings = v.InferOutput<typeof ProviderSettings>;

export type Providers = ReadonlyMap<string, Provider>;

export function providersOf(settings: ProviderSettings): Providers {
  const all = {
    wechat: settings.wechat && wechat(settings.wechat),
    dingtalk: settings.dingtalk && dingtalk(settings.dingtalk),
    wecom: settings.wecom && wecom(settings.wecom),
    feishu: settings.feishu && feishu(settings.feishu),
  } satisfies Record<ProviderId, Provider | undefined>;
  return new Map(Object.values(all).flatMap((one) => (one ? [[one.id, one] as const] : [])));
}
