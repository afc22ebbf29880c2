// The field app with no network: its page and what the build says it needs are kept; everything of the API goes to
// the network alone, because what a phone holds for itself it keeps in its own database.
const CACHE = "hopline-field-1";
const PAGE = "/field/";
const MANIFEST = "/field/build.json";
const ENTRY = "field.html";

async function needed() {
  const manifest = await (await fetch(MANIFEST, { cache: "no-store" })).json();
  const files = new Set();
  const open = [ENTRY];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const part = manifest[name];
    if (part === undefined || files.has(part.file)) continue;
    files.add(part.file);
    for (const file of [...(part.css ?? []), ...(part.assets ?? [])]) files.add(file);
    open.push(...(part.imports ?? []), ...(part.dynamicImports ?? []));
  }
  files.delete(ENTRY);
  return [PAGE, "/favicon.svg", "/field/app.webmanifest", ...[...files].map((file) => `/${file}`)];
}

/** Files of a build are named after what is in them, so only those that are not there yet are fetched. */
async function fill() {
  const cache = await caches.open(CACHE);
  const wanted = await needed();
  const there = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  const isNew = (url) => !url.startsWith("/static/") || !there.has(url);
  await cache.addAll(wanted.filter((url) => !url.endsWith(".html") && isNew(url)));
  const kept = new Set(wanted.map((url) => new URL(url, self.location.origin).href));
  for (const request of await cache.keys()) if (!kept.has(request.url)) await cache.delete(request);
}

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

/** A new build brings new files. They are fetched behind the page, which does not wait for them. */
async function refill(answered) {
  if ((await answered).ok) await fill();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") {
    const answered = page(request);
    event.respondWith(answered);
    event.waitUntil(refill(answered).catch(() => undefined)); // the next navigation tries again
  } else event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});
