/**
 * The service worker: after the first visit all of the page's own files come from the browser's store. `FILES` and
 * `VERSION` are put in by the build; another version has another store, and the old one goes.
 */
declare const FILES: readonly string[];
declare const VERSION: string;

interface Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetched extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
const scope = globalThis as unknown as {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Event) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetched) => void): void;
};
const NAME = `partial-pooling ${scope.registration.scope} ${VERSION}`;

scope.addEventListener('install', (event) => {
  const load = async () => {
    await (await caches.open(NAME)).addAll(FILES.map((file) => new Request(file, { cache: 'reload' })));
    await scope.skipWaiting();
  };
  event.waitUntil(load());
});

scope.addEventListener('activate', (event) => {
  const tidy = async () => {
    const old = (await caches.keys()).filter(
      (name) => name.startsWith(`partial-pooling ${scope.registration.scope} `) && name !== NAME,
    );
    await Promise.all(old.map((name) => caches.delete(name)));
    await scope.clients.claim();
  };
  event.waitUntil(tidy());
});

scope.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET') return;
  event.respondWith(
    caches
      .open(NAME)
      .then(async (store) => (await store.match(event.request, { ignoreSearch: true })) ?? fetch(event.request)),
  );
});
