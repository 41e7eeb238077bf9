// Pages always come from the network and are never kept: they are private. Without a network, the offline page.
// Static files are kept, and asked for again unless their name says that they cannot change.
const VERSION = "{{ stylesheet_version }}";
const OFFLINE = "{% url 'offline' %}";
const KEPT = [OFFLINE, "{% url 'stylesheet' stylesheet_version %}", "{% static 'icons/icon.svg' %}"];
const STATIC = ["{{ static_prefix }}", "/styles/"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name !== VERSION;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

async function fromStore(request) {
  const kept = await caches.match(request);
  if (kept?.headers.get("Cache-Control")?.includes("immutable")) return kept;
  try {
    const fresh = await fetch(request);
    if (fresh.ok) (await caches.open(VERSION)).put(request, fresh.clone());
    return fresh;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  else if (STATIC.some((prefix) => url.pathname.startsWith(prefix))) event.respondWith(fromStore(request));
});
