// Codes of a WeChat service account's that our own page draws, and the events by which WeChat says who has scanned one.
import { createHash, timingSafeEqual } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';
import type { Question } from './ask.ts';
import { type Codes, ProviderError } from './provider.ts';

/** One call of api.weixin.qq.com. @throws ProviderError with WeChat's own number */
export type Call = <T>(path: string, question: Question, schema: v.GenericSchema<unknown, T>) => Promise<T>;

const Token = v.object({ access_token: v.optional(v.string()) });
const Ticket = v.object({ url: v.optional(v.string()) });
const Message = v.object({
  xml: v.object({ FromUserName: v.string(), Event: v.string(), EventKey: v.string() }),
});

/** Half as long as WeChat says that a token holds. */
const TOKEN_MS = 3_600_000;
/** The token was replaced by another one meanwhile, or is over. */
const STALE = ['40001', '42001'];

export function codesOf(account: { 'app-id': string; secret: string; token: string }, call: Call): Codes {
  let appToken: { value: string; until: number } | undefined;
  const tokenOfAccount = async (): Promise<string> => {
    if (appToken && appToken.until > Date.now()) return appToken.value;
    const query = { grant_type: 'client_credential', appid: account['app-id'], secret: account.secret };
    const { access_token } = await call('cgi-bin/token', { query }, Token);
    if (!access_token) throw new ProviderError('provider-down', 'garbled');
    appToken = { value: access_token, until: Date.now() + TOKEN_MS };
    return appToken.value;
  };

  return {
    async draw(scene, seconds) {
      const query = { access_token: await tokenOfAccount() };
      const json = {
        expire_seconds: seconds,
        action_name: 'QR_STR_SCENE',
        action_info: { scene: { scene_str: scene } },
      };
      const { url } = await call('cgi-bin/qrcode/create', { query, json }, Ticket).catch((error: unknown) => {
        if (error instanceof ProviderError && STALE.includes(error.said)) appToken = undefined;
        throw error;
      });
      if (!url) throw new ProviderError('provider-down', 'garbled');
      return url;
    },
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
