// Which browsers are part of an app that can read what is typed into them, by what they call themselves (R53).
import { expect, test } from 'vitest';
import { isInsideApp } from '../../src/phone/shell/in-app-browser.ts';

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const ANDROID = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)';
const VIEW =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36';

test.each([
  ['WeChat', `${IPHONE} Mobile/15E148 MicroMessenger/8.0.49(0x18003137) NetType/WIFI Language/zh_CN`],
  ['DingTalk', `${ANDROID} Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36 AliApp(DingTalk/7.6.0)`],
  ['Alipay', `${IPHONE} Mobile/15E148 AliApp(AP/10.6.0.6) AlipayClient/10.6.0.6`],
  ['QQ', `${IPHONE} Mobile/15E148 QQ/9.0.85.639 V1_IPH_SQ_9.0.85_1_APP_A`],
  ['Weibo', `${IPHONE} Mobile/15E148 Weibo (iPhone15,2__weibo__14.7.0__iphone__os17.5)`],
  ['Facebook', `${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/470.0.0.39.110;FBBV/612345678]`],
  ['Instagram', `${IPHONE} Mobile/15E148 Instagram 340.0.3.27.95 (iPhone15,2; iOS 17_5_1; en_US)`],
  ['Threads', `${IPHONE} Mobile/15E148 Barcelona 340.0.0.22.109 (iPhone15,2; iOS 17_5_1; en_US)`],
  ['Line', `${IPHONE} Mobile/15E148 Safari Line/14.9.0`],
  ['TikTok', `${IPHONE} Mobile/15E148 musical_ly_34.8.0 BytedanceWebview/d8a21c6`],
  ['X', `${IPHONE} Mobile/15E148 Twitter for iPhone/10.48`],
  ['X, Android', `${ANDROID} Chrome/126.0.0.0 Mobile Safari/537.36 TwitterAndroid`],
  ['LinkedIn', `${IPHONE} Mobile/15E148 [LinkedInApp]/9.29.7863`],
  ['Snapchat', `${IPHONE} Version/17.5 Mobile/15E148 Safari/604.1 Snapchat/12.94.0.41 (like Safari/8618.2.12)`],
  ['the Google app', `${IPHONE} GSA/324.0.648915268 Mobile/15E148 Safari/604.1`],
  ['KakaoTalk', `${ANDROID} Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36;KAKAOTALK 2410800`],
  ['Naver', `${IPHONE} Version/17.5 Mobile/15E148 Safari/604.1 NAVER(inapp; search; 2000; 12.6.2; 15PRO)`],
  ['Xiaohongshu', `${IPHONE} Mobile/15E148 xhsdiscover/8.48 NetType/WiFi`],
  ['Xiaohongshu, Android', `${ANDROID} Chrome/126.0.0.0 Mobile Safari/537.36 XHS/8480204 xiaohongshu`],
  ['Baidu', `${IPHONE} Mobile/15E148 SP-engine/3.12.0 main/1.0 baiduboxapp/13.62.0.10 (Baidu; P2 17.5)`],
  ['Pinterest', `${IPHONE} Mobile/15E148 [Pinterest/iOS]`],
  ['JD', `${IPHONE} Mobile/15E148 jdapp;iPhone;13.1.0;;;M/5.0`],
  ['Zalo', `${IPHONE} Mobile/15E148 Zalo iOS/475 ZaloTheme/light ZaloLanguage/en`],
  ['a WebView of Android', VIEW],
  ['a bare WKWebView', `${IPHONE} Mobile/15E148`],
  [
    'a bare WKWebView of an iPad',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)',
  ],
])('%s is an app', (_name, userAgent) => {
  expect(isInsideApp(userAgent, false)).toBe(true);
});

test.each([
  ['Safari', `${IPHONE} Version/18.3 Mobile/15E148 Safari/604.1`, false],
  ['Safari’s page on the home screen', `${IPHONE} Mobile/15E148`, true],
  ['Chrome on iOS', `${IPHONE} CriOS/126.0.6478.153 Mobile/15E148 Safari/604.1`, false],
  ['Firefox on iOS', `${IPHONE} FxiOS/127.1 Mobile/15E148 Safari/605.1.15`, false],
  ['Edge on iOS', `${IPHONE} Version/17.0 EdgiOS/126.0.2592.86 Mobile/15E148 Safari/604.1`, false],
  ['Chrome', `${ANDROID} Chrome/126.0.0.0 Mobile Safari/537.36`, false],
  ['Samsung Internet', `${ANDROID} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`, false],
  ['Firefox', 'Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0', false],
  [
    'Safari of a Mac',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
    false,
  ],
  ['Firefox of a Mac', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:128.0) Gecko/20100101 Firefox/128.0', false],
])('%s is a browser', (_name, userAgent, standalone) => {
  expect(isInsideApp(userAgent, standalone)).toBe(false);
});
