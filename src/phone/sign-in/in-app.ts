// A code that was scanned with an app whose provider can say who its user is: the companion asks that provider, once the person wants it.
import { type ReadonlySignal, signal } from '@preact/signals';
import * as v from 'valibot';
import type { ask as askCompanion } from '../../protocol/ask.ts';
import { toBase64 } from '../../protocol/encoding.ts';
import { codeOf, type Code as ErrorCode, ScankeyError } from '../../protocol/errors.ts';
import type { ProviderId } from '../../protocol/providers.ts';
import { formatQrLink, parseQrLink, type QrLink, sessionId } from '../../protocol/qr-link.ts';
import { CompanionInfo } from '../../protocol/relay.ts';

export interface Surroundings {
  /** The maker of the app that this page is in. */
  app: ProviderId | undefined;
  ask: typeof askCompanion;
  /** What outlives the page's being left for the provider, in this tab alone. */
  tab: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  leaveFor(address: string): void;
  /** DingTalk's own code for this page. @throws ScankeyError `provider-refused` */
  codeFromDingTalk(corpId: string): Promise<string>;
}

export interface InApp {
  /** The code of which the app's provider can say who scanned it, once a tap may ask. */
  readonly askable: ReadonlySignal<{ provider: ProviderId; code: QrLink } | undefined>;
  readonly refused: ReadonlySignal<ErrorCode | undefined>;
  /** Looks whether this code asks who one is, and this app can tell. */
  look(code: QrLink): Promise<void>;
  /** The person's tap: asks the app's provider. The page is left for it and comes back without the code, which waits in this tab. */
  askProvider(): Promise<void>;
  /** Back from the provider, which has told the companion who this is: the code that was scanned. */
  back(): Promise<QrLink | undefined>;
}

const KEPT = 'scanned';
const sidOf = async (code: QrLink): Promise<string> => toBase64(await sessionId(code.secret));
const Way = v.union([
  v.object({ to: v.pipe(v.string(), v.url()) }),
  v.object({ corpId: v.string(), state: v.string() }),
]);

export function inAppOf({ app, ask, tab, leaveFor, codeFromDingTalk }: Surroundings): InApp {
  const askable = signal<{ provider: ProviderId; code: QrLink } | undefined>(undefined);
  const refused = signal<ErrorCode | undefined>(undefined);
  return {
    askable,
    refused,

    async look(code) {
      if (!app) return;
      try {
        const { providers = [] } = await ask(CompanionInfo, '/v1/companion');
        if (!providers.some(({ id, where }) => id === app && where.includes('app'))) return;
        const { identity } = await ask(v.object({ identity: v.boolean() }), `/v1/session/${await sidOf(code)}`);
        if (identity) askable.value = { provider: app, code };
      } catch {
        // Then it is a code as any other, for the phone's own browser.
      }
    },

    async askProvider() {
      const asked = askable.value;
      if (!asked) return;
      refused.value = undefined;
      try {
        const way = await ask(Way, `/v1/in-app/${asked.provider}`, { sid: await sidOf(asked.code) });
        const query =
          'to' in way
            ? ''
            : String(new URLSearchParams({ authCode: await codeFromDingTalk(way.corpId), state: way.state }));
        tab.setItem(KEPT, formatQrLink(asked.code));
        leaveFor('to' in way ? way.to : `/v1/callback/${asked.provider}?${query}`);
      } catch (error) {
        refused.value = codeOf(error, 'unreachable');
      }
    },

    async back() {
      const kept = tab.getItem(KEPT);
      tab.removeItem(KEPT);
      if (!app || kept === null) return undefined;
      const code = parseQrLink(kept);
      askable.value = { provider: app, code };
      try {
        await ask(v.object({}), '/v1/in-app/said', { sid: await sidOf(code) });
        return code;
      } catch (error) {
        const said = error instanceof ScankeyError && error.code !== 'provider-state';
        refused.value = said ? error.code : 'provider-cancelled';
        return undefined;
      }
    },
  };
}
