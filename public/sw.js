// Keeps the page usable without a network. The page itself names every file it needs, so nothing has to list them.
// One for each folder: an origin's caches are shared by all that is published there.
const CACHE = `page ${self.registration.scope}`;
// A visit waits so long for what is newer than what is kept. In milliseconds.
const PATIENCE = 3000;
const NAMED = /(?:href|src|data-js|data-wasm|data-later|data-course|data-words|data-fields|data-stuck|data-embedded|data-search|data-styles)="?([^"\s>]+)/g;
// Files whose name does not change with their content.
const FETCH_ALWAYS = /(?:(?:boot|choices|embedded|search)\.js|\.txt)$/;

// Fetches the page and what it names, forgets what it no longer names, and answers with the page.
async function refresh() {
  const page = await fetch("./", { cache: "no-cache" });
  if (!page.ok) return page;
  const scope = self.registration.scope;
  const urls = [...(await page.clone().text()).matchAll(NAMED)].map((match) => new URL(match[1], scope));
  const wanted = new Set(urls.filter((url) => url.href.startsWith(scope) && !url.hash).map(String));
  const cache = await caches.open(CACHE);
  const kept = new Set((await cache.keys()).map((request) => request.url));
  await cache.addAll([...wanted].filter((url) => !kept.has(url) || FETCH_ALWAYS.test(url)));
  await cache.put(scope, page.clone());
  for (const url of kept) if (!wanted.has(url) && url !== scope) await cache.delete(url);
  return page;
}

self.addEventListener("install", (event) => event.waitUntil(refresh().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  // Other pages of the folder, such as the truth page, come from the network.
  const visit = request.mode === "navigate" && /^(index\.html)?([?#]|$)/.test(request.url.replace(self.registration.scope, ""));
  const kept = caches.match(visit ? self.registration.scope : request, { ignoreSearch: true, cacheName: CACHE });
  if (!visit) return event.respondWith(kept.then((found) => found ?? fetch(request)));
  const newer = refresh();
  event.waitUntil(newer.catch(() => {}));
  const late = new Promise((done) => setTimeout(done, PATIENCE)).then(() => kept);
  event.respondWith(Promise.race([newer.catch(() => kept), late.then((found) => found ?? newer)]));
});
