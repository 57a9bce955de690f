// DingTalk's own code for a page that is open in it (JSAPI), valid once and for five minutes.
import { ScankeyError } from '../../protocol/errors.ts';

/** @throws ScankeyError `provider-refused` */
export async function codeFromDingTalk(corpId: string): Promise<string> {
  const { requestAuthCode$ } = await import('dingtalk-jsapi/api/runtime/permission/requestAuthCode.js');
  await import('dingtalk-jsapi/entry/mobile.js');
  try {
    return (await requestAuthCode$({ corpId })).code;
  } catch {
    throw new ScankeyError('provider-refused');
  }
}
