// Codes of a WeChat service account's that our own page draws, and the events by which WeChat says who has scanned one.
import { createHash, timingSafeEqual } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';
import type { Question } from './ask.ts';
import { type Codes, ProviderError } from './provider.ts';

/** One call of api.weixin.qq.com. @throws ProviderError with WeChat's own number */
export type Call = <T>(path: string, question: Question, schema: v.GenericSchema<unknown, T>) => Promise<T>;

const Token = v.object({ access_token: v.optional(v.string()), expires_in: v.optional(v.number(), 0) });
const Ticket = v.object({ url: v.optional(v.string()) });
const Message = v.object({
  xml: v.object({ FromUserName: v.string(), Event: v.string(), EventKey: v.string() }),
});

/** The token was replaced by another one meanwhile, or is over. */
const STALE = ['40001', '42001'];

export function codesOf(account: { 'app-id': string; secret: string; token: string }, call: Call): Codes {
  let appToken: { value: string; until: number } | undefined;
  /** The same for all who ask for it, until it is nearly over: none takes it from another (`getStableAccessToken`). */
  const tokenOfAccount = async (): Promise<string> => {
    if (appToken && appToken.until > Date.now()) return appToken.value;
    const json = { grant_type: 'client_credential', appid: account['app-id'], secret: account.secret };
    const { access_token, expires_in } = await call('cgi-bin/stable_token', { json }, Token);
    if (!access_token) throw new ProviderError('provider-down', 'garbled');
    // Half as long as it still holds: the last minutes of one are the first of the next.
    appToken = { value: access_token, until: Date.now() + expires_in * 500 };
    return appToken.value;
  };

  const drawn = async (scene: string, seconds: number): Promise<string> => {
    const query = { access_token: await tokenOfAccount() };
    const json = {
      expire_seconds: seconds,
      action_name: 'QR_STR_SCENE',
      action_info: { scene: { scene_str: scene } },
    };
    const { url } = await call('cgi-bin/qrcode/create', { query, json }, Ticket);
    if (!url) throw new ProviderError('provider-down', 'garbled');
    return url;
  };

  return {
    draw: (scene, seconds) =>
      drawn(scene, seconds).catch((error: unknown) => {
        if (!(error instanceof ProviderError && STALE.includes(error.said))) throw error;
        appToken = undefined;
        return drawn(scene, seconds);
      }),
    // sha1 over the sorted token, timestamp (in seconds) and nonce.
    stampOf({ signature, timestamp, nonce }) {
      if (!signature || !timestamp || !/^\d{1,12}$/.test(timestamp) || !nonce) return undefined;
      const expected = createHash('sha1').update([account.token, timestamp, nonce].sort().join('')).digest();
      const given = Buffer.from(signature, 'hex');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      return { time: Number(timestamp) * 1000, nonce };
    },
    scanOf(message) {
      let parsed: unknown;
      try {
        parsed = new XMLParser({ parseTagValue: false, processEntities: false }).parse(message);
      } catch {
        return undefined;
      }
      const read = v.safeParse(Message, parsed);
      if (!read.success) return undefined;
      const { FromUserName, Event, EventKey } = read.output.xml;
      // Who follows the account by this scan, and who did before.
      const prefix = { subscribe: 'qrscene_', SCAN: '' }[Event];
      if (prefix === undefined || !EventKey.startsWith(prefix)) return undefined;
      const identity = { subjects: [`wechat:${account['app-id']}:${FromUserName}`], name: '', member: false } as const;
      return { scene: EventKey.slice(prefix.length), identity };
    },
  };
}
