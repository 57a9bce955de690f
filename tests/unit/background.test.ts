// The background worker as a whole, in a browser that fires its events: what becomes of what is under way when one comes.
import { beforeAll, expect, test, vi } from 'vitest';
import { storedPairings } from '../../src/background/pairing-store.ts';
import * as storage from '../../src/background/storage.ts';
import { newBrowserSession } from '../../src/protocol/session/browser.ts';
import browser, { event } from '../fakes/browser.ts';
import { POLICY } from '../fakes/extension-pages.ts';
import { fakeTabs, SITE } from '../fakes/tabs.ts';
import { pairingOf, RELAY, recordFor, surround } from './background-in-memory.ts';

const TAB = 1;
const own = { id: 'scankey', url: 'extension://scankey/popup.html' };
const page = { id: 'scankey', url: `${SITE}/login`, tab: { id: TAB, incognito: false }, frameId: 0 };
const runtime = {
  id: 'scankey',
  getURL: (path: string) => `extension://scankey/${path}`,
  getPlatformInfo: async () => ({}),
  reload: vi.fn(),
  onMessage: event<[object, object]>(),
  onInstalled: event(),
  onUpdateAvailable: event(),
  onStartup: event(),
};
const alarms = { create: vi.fn(async () => {}), clear: async () => true, onAlarm: event<[object]>() };

beforeAll(async () => {
  // A page that is watched says nothing new.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await surround();
  const tabs = fakeTabs();
  tabs.show(TAB, []);
  Object.assign(browser, { runtime, alarms });
  Object.assign((browser as unknown as { tabs: object }).tabs, { onRemoved: event() });
  // A companion that lets everybody wait.
  vi.stubGlobal(
    'WebSocket',
    class {
      send() {}
      close() {}
    },
  );
  const record = await recordFor(TAB);
  record.view.session = newBrowserSession(Date.now());
  await storage.writeSignIn(record);
  await import('../../src/background/background.ts');
  return () => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  };
});

test('a change of the policy ends what it does not allow, and nothing else; another companion has another code', async () => {
  const before = await vi.waitUntil(storage.readNext);
  const change = async (policy: object) => {
    await browser.storage.managed.set({ ...POLICY, companion: '', allowedSites: [], nearOnly: false, ...policy });
    await browser.storage.onChanged.fire({}, 'managed');
    const [signIn] = await storage.readSignIns();
    return signIn?.view.session;
  };
  for (const allowed of [{}, { language: 'ja' }, { organisation: 'Others' }, { noPairing: true }, { nearOnly: true }])
    expect(await change(allowed), JSON.stringify(allowed)).toMatchObject({ state: 'created' });
  expect(await storage.readNext()).toEqual(before);
  expect(await change({ forbiddenSites: [new URL(SITE).hostname] })).toMatchObject({
    ...{ state: 'failed', code: 'site-not-allowed' },
  });
  expect(await storage.readNext()).toEqual(before);
  await change({ nearOnly: 'yes' });
  expect(await storage.readNext()).toBeUndefined();
  await browser.storage.managed.clear();
  await browser.storage.onChanged.fire({}, 'managed');
  expect((await storage.readNext())?.sid).not.toBe(before.sid);
});

test('an update waits for a typed login that is kept in memory alone, and comes once that is gone', async () => {
  const typed = { t: 'typed', saves: 'new', username: 'li', password: 'Blue-Heron-7', mark: 'first', alert: '' };
  const phones = vi.spyOn(storedPairings, 'all').mockResolvedValue([await pairingOf('one')]);
  await runtime.onMessage.fire(typed, page);
  await vi.waitUntil(() => phones.mock.settledResults.length > 0);
  await runtime.onUpdateAvailable.fire();
  expect(runtime.reload).not.toHaveBeenCalled();
  expect(alarms.create).toHaveBeenCalledWith('update', { delayInMinutes: 0.5 });
  await runtime.onMessage.fire({ t: 'drop-offer', tabId: TAB }, own);
  await alarms.onAlarm.fire({ name: 'update' });
  expect(runtime.reload).toHaveBeenCalledOnce();
});

test('an update waits for a visit to a provider, which a person is at, and comes once that is over', async () => {
  runtime.reload.mockClear();
  const asked = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('nobody is there'));
  const leave = vi.spyOn(browser.permissions, 'contains');
  const update = vi.fn();
  Object.assign((browser as unknown as { tabs: object }).tabs, { update });
  // It begins with the person's leave to see where it ends.
  await runtime.onMessage.fire({ t: 'split-key', do: 'make', tabId: TAB, origin: SITE, provider: 'wechat' }, own);
  await vi.waitUntil(() => leave.mock.calls.length > 0);
  await runtime.onUpdateAvailable.fire();
  expect(runtime.reload).not.toHaveBeenCalled();
  await browser.permissions.request({ origins: [`${RELAY}/*`] });
  await vi.advanceTimersByTimeAsync(1_000);
  await vi.waitUntil(() => update.mock.calls.length > 0);
  expect(asked).toHaveBeenCalled();
  await alarms.onAlarm.fire({ name: 'update' });
  expect(runtime.reload).toHaveBeenCalledOnce();
  asked.mockRestore();
  leave.mockRestore();
  await browser.permissions.remove({ origins: [`${RELAY}/*`] });
});
