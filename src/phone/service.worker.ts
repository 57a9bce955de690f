// The service worker: every file of one build, kept at installation and served from then on; whatever the companion answers to
// is never kept. A shared link is handed to the page in the fragment, which no server sees.
declare const FILES: readonly string[];
declare const BUILD: string;
interface ServiceScope extends EventTarget {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
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
    await cache.addAll(['/', ...FILES].map((path) => new Request(path, { cache: 'reload' })));
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
