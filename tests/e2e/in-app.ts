// A phone page inside somebody else's app: the same phone, whose browser says that it is that app, and whose maker's own parts are
// there. What cannot be had here, the app itself, is its user agent and, for DingTalk, the bridge that its pages speak through.
import type { Page } from 'puppeteer';
import type { Fake } from '../fakes/fake.ts';
import { PATIENCE } from './companion.ts';
import type { Phone } from './phone.ts';

const ANDROID =
  'Mozilla/5.0 (Linux; Android 14; V2309A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0 Mobile Safari/537.36';
const AGENTS = {
  wechat: `${ANDROID} XWEB/1300 MMWEBSDK/2024 MicroMessenger/8.0.50(0x2800) WeChat/arm64 Language/zh_CN`,
  wecom: `${ANDROID} wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh`,
  dingtalk: `${ANDROID} AliApp(DingTalk/7.6.10) com.alibaba.android.rimet/0 Language/zh_CN`,
  feishu: `${ANDROID} Lark/7.20 LarkLocale/zh_CN ChannelName/Feishu`,
} as const;
export type AppName = keyof typeof AGENTS;

/** A page in the app on this phone. DingTalk's page asks its bridge for codes, which the fake makes as the app would. */
export async function inApp(phone: Phone, app: AppName, fake: Fake): Promise<Page> {
  const page = await phone.page.browser().newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
  await page.setUserAgent({ userAgent: AGENTS[app] });
  page.on('pageerror', (error) => phone.violations.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) phone.violations.push(message.text());
  });
  if (app !== 'dingtalk') return page;
  await page.exposeFunction('codeOfDingTalk', async (corpId: string) => {
    if (corpId !== 'dingcorp1') return undefined;
    return ((await fake.does('code', { kind: 'app' })) as { code: string }).code;
  });
  await page.evaluateOnNewDocument(() => {
    type Done = (value: unknown) => void;
    const bridge = async (success: Done, fail: Done, service: string, method: string, params: { corpId: string }) => {
      if (`${service}.${method}` !== 'runtime.permission.requestAuthCode') return fail({ errorCode: 3 });
      const { codeOfDingTalk } = window as unknown as { codeOfDingTalk(corpId: string): Promise<string | undefined> };
      const code = await codeOfDingTalk(params.corpId);
      return code ? success({ code }) : fail({ errorCode: 3, errorMessage: '1002,corpId不合法' });
    };
    Object.assign(window, { nuva: { isReady: true, require: () => bridge } });
  });
  return page;
}
