// The providers whose word counts for who somebody is, one row each: schemas, pages and the companion take ids and names from here.
import * as v from 'valibot';

interface Row {
  /** What the provider calls itself, by language; languages without a name of their own take the English one. */
  names: Readonly<{ en: string } & Partial<Record<string, string>>>;
  /** User agent of the browser inside the provider's own app. */
  app: RegExp;
}

export const PROVIDERS = {
  // WeCom's user agent names WeChat, too.
  wechat: { names: { en: 'WeChat', zh: '微信' }, app: /^(?!.*wxwork).*MicroMessenger/i },
  dingtalk: { names: { en: 'DingTalk', zh: '钉钉', 'zh-TW': '釘釘' }, app: /DingTalk/i },
  wecom: { names: { en: 'WeCom', zh: '企业微信', 'zh-TW': '企業微信' }, app: /wxwork/i },
  feishu: { names: { en: 'Feishu', zh: '飞书', 'zh-TW': '飛書' }, app: /Feishu|Lark/i },
} as const satisfies Record<string, Row>;

export type ProviderId = keyof typeof PROVIDERS;
/** Where an extension's visit to a provider ends at the companion: its receipt is the fragment. */
export const VISITED = '/v1/kept/done';

export const PROVIDER_IDS = Object.keys(PROVIDERS) as readonly ProviderId[];
export const ProviderId: v.GenericSchema<unknown, ProviderId> = v.picklist(PROVIDER_IDS);

/** Companions may know more of them than we do. */
export const isProvider = (id: string): id is ProviderId => Object.hasOwn(PROVIDERS, id);

/** A list of ids that a companion made, which may be newer than we are: those that are known here. */
export const ProviderIds = v.pipe(
  v.array(v.string()),
  v.transform((ids) => ids.filter(isProvider)),
);

/** The provider's name for readers of `language` (BCP 47). */
export function nameOfProvider(id: ProviderId, language: string): string {
  const { names }: Row = PROVIDERS[id];
  return names[language] ?? names[language.replace(/-.*/, '')] ?? names.en;
}

/** The provider whose app this browser is a part of. */
export const providerOfApp = (userAgent: string): ProviderId | undefined =>
  PROVIDER_IDS.find((id) => PROVIDERS[id].app.test(userAgent));
