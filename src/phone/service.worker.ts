// The service worker: every file of one build, kept at installation and served from then on; whatever the companion answers to
// is never kept. A shared link is handed to the page in the fragment, which no server sees.

import { chooseLanguage, speaker } from '../ui/locales/i18n.ts';
import { NOTICES } from '../ui/notices.ts';

declare const FILES: readonly string[];
declare const BUILD: string;
interface Client {
  readonly url: string;
  readonly visibilityState: string;
  postMessage(message: unknown): void;
  focus(): Promise<unknown>;
}
interface ServiceScope extends EventTarget {
  skipWaiting(): Promise<void>;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: object): Promise<Client[]>;
    openWindow(url: string): Promise<unknown>;
  };
  readonly registration: ServiceWorkerRegistration;
  readonly location: Location;
}
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const service = globalThis as unknown as ServiceScope;
const CACHE = `scankey-${BUILD}`;

service.addEventListener('install', (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    // A name with a hash in it is one file for ever: what the page has loaded already is not loaded again.
    await cache.addAll([new Request('/', { cache: 'reload' }), ...FILES.map((path) => new Request(path))]);
  };
  (event as Lasting).waitUntil(keep());
});

service.addEventListener('activate', (event) => {
  const clean = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await service.clients.claim();
  };
  (event as Lasting).waitUntil(clean());
});

service.addEventListener('message', (event) => {
  if ((event as MessageEvent).data === 'update') void service.skipWaiting();
});

/** What a push carries is "open", or the nonce of a first one, which proves that pushes come through. It confirms nothing. */
async function pushed(text: string): Promise<void> {
  const pages = await service.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (text !== 'open') for (const page of pages) page.postMessage({ push: text });
  // Browsers want something to be seen for each push. One notice, however many come.
  const say = speaker(NOTICES, () => chooseLanguage([navigator.language], Object.keys(NOTICES)));
  const [title, body] = text === 'open' ? [say('asks'), say('look')] : ['Scankey', say('ready')];
  await service.registration.showNotification(title, { body, tag: 'scankey', icon: '/icons/128.png' });
}

service.addEventListener('push', (event) => {
  const { data } = event as Event & { data: { text(): string } | null };
  (event as Lasting).waitUntil(pushed(data?.text() ?? 'open'));
});

/** A tap on the notice opens the page, and no more (R10). */
service.addEventListener('notificationclick', (event) => {
  const { notification } = event as Event & { notification: Notification };
  notification.close();
  const show = async () => {
    const [page] = await service.clients.matchAll({ type: 'window', includeUncontrolled: true });
    await (page ? page.focus() : service.clients.openWindow('/'));
  };
  (event as Lasting).waitUntil(show());
});

async function kept(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

/** A link shared to the installed page: only the part behind `#` goes on, and not over the network. */
async function shared(request: Request): Promise<Response> {
  const form = await request.formData().catch(() => new FormData());
  const texts = [...form.values()].map(String).join(' ');
  const [, fragment = 'NOTHING'] = /#([A-Z2-7]+)/.exec(texts) ?? [];
  return Response.redirect(`/#${fragment}`, 303);
}

service.addEventListener('fetch', (event) => {
  const { request, respondWith } = event as Fetching;
  const answer = respondWith.bind(event as Fetching);
  const url = new URL(request.url);
  if (url.origin !== service.location.origin) return;
  if (url.pathname === '/share' && request.method === 'POST') answer(shared(request));
  else if (request.method !== 'GET') return;
  else if (request.mode === 'navigate' && url.pathname === '/') answer(kept(request, '/'));
  else if (FILES.includes(url.pathname)) answer(kept(request, url.pathname));
});
