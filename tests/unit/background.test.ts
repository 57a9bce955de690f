// The background worker as a whole, in a browser that fires its events: what becomes of what is under way when one comes.
import { beforeAll, expect, test, vi } from 'vitest';
import { storedPairings } from '../../src/background/pairing-store.ts';
import * as storage from '../../src/background/storage.ts';
import browser, { event } from '../fakes/browser.ts';
import { POLICY } from '../fakes/extension-pages.ts';
import { fakeTabs, SITE } from '../fakes/tabs.ts';
import { pairingOf, recordFor, surround } from './background-in-memory.ts';

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
  const record = await recordFor(TAB, { keys: null });
  Object.assign(record.view, { endedAt: Date.now(), session: { ...record.view.session, state: 'failed' } });
  await storage.writeSignIn(record);
  await import('../../src/background/background.ts');
  return () => void vi.useRealTimers();
});

test('a change of the policy ends the sign-ins, and another code lies ready', async () => {
  const before = await vi.waitUntil(storage.readNext);
  expect(await storage.readSignIns()).toHaveLength(1);
  await browser.storage.onChanged.fire({}, 'local');
  expect(await storage.readSignIns()).toHaveLength(1);
  await browser.storage.managed.set({ ...POLICY, companion: '' });
  await browser.storage.onChanged.fire({}, 'managed');
  expect(await storage.readSignIns()).toEqual([]);
  const after = await storage.readNext();
  expect(after?.sid).toBeTruthy();
  expect(after?.sid).not.toBe(before.sid);
  await browser.storage.managed.clear();
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
