// A phone whose page is closed is woken: companion, service worker and page are the real ones; between companion and worker stands a
// push service of ours, since the browsers' own cannot be reached from here.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PushService, pushService } from '../fakes/push-service.ts';
import { type World, world } from './world.ts';

let service: PushService;
let w: World;
beforeAll(async () => {
  service = await pushService();
  w = await world('chromium', { push: service });
  await w.remember();
});
afterAll(async () => {
  await w.close();
  service.close();
});

test('a phone that was closed is told once that something waits, and shows it when it is opened', async () => {
  const { page } = w.phone;
  await page.browserContext().overridePermissions(w.companion.origin, ['notifications']);
  const client = await page.createCDPSession();
  const registered = new Promise<string>((resolve) =>
    client.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations;
      if (first) resolve(first.registrationId);
    }),
  );
  await client.send('ServiceWorker.enable');
  await client.send('Network.enable');
  const registrationId = await registered;
  const deliver = (data: string) =>
    client.send('ServiceWorker.deliverPushMessage', { origin: w.companion.origin, registrationId, data });
  // What the browser would have got from its own push service.
  const { endpoint, p256dh, auth } = service.subscribe();
  await page.evaluate(
    (to, keys) => {
      PushManager.prototype.subscribe = async () =>
        ({ endpoint: to, toJSON: () => ({ endpoint: to, keys }) }) as unknown as PushSubscription;
    },
    endpoint,
    { p256dh, auth },
  );
  await w.phone.press('Settings');
  await w.phone.press('Computers');
  await w.phone.press('Turn on sign-in notifications');
  // The companion's first push, as the browser would hand it on.
  await deliver(await service.next());
  await w.phone.sees('Sign-in notifications are on');
  // A page that is left hangs up: whoever asks from then on finds nobody listening.
  const hungUp = new Promise((resolve) => client.once('Network.webSocketClosed', resolve));
  const other = await page.browser().newPage();
  await other.bringToFront();
  await hungUp;
  await page.goto('about:blank');
  await other.close();
  const begun = await w.begin('/plain');
  await w.says(begun.popup, 'Request sent to “Li’s phone”');
  expect(await service.next()).toBe('open');
  await deliver('open');
  // Asked again at once, the phone is not told again.
  await begun.page.reload();
  await begun.popup.close();
  const again = await w.desktop.openPopup(begun.page);
  await w.says(again, 'Request sent to “Li’s phone”');
  await page.bringToFront();
  await w.phone.visit(w.companion.origin);
  await w.phone.sees('Sign-in request. Unlock to review.');
  await w.phone.unlock();
  await w.phone.approve();
  await w.outcome();
  expect(w.sites.posted).toHaveLength(1);
  expect(service.pushed.map(({ text }) => text).filter((text) => text === 'open')).toHaveLength(1);
  expect(service.refused).toEqual([]);
  await client.detach();
});
