// The providers that a team's file sets up.
import type { Providers } from '../settings.ts';
import { dingtalk } from './dingtalk.ts';
import { feishu } from './feishu.ts';
import type { Provider, ProviderId } from './provider.ts';
import { wechat } from './wechat.ts';
import { wecom } from './wecom.ts';

export function providersOf(config: Providers): ReadonlyMap<ProviderId, Provider> {
  const all: (Provider | undefined)[] = [
    config.wechat && wechat(config.wechat),
    config.dingtalk && dingtalk(config.dingtalk),
    config.wecom && wecom(config.wecom),
    config.feishu && feishu(config.feishu),
  ];
  return new Map(all.flatMap((one) => (one ? [[one.id, one] as const] : [])));
}
