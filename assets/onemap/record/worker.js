/* Keeps the record page on the device, so that it opens without a network; never touches what is sent.
   Of the targets only the one in hand is kept, and only for the person and scope that asked for it. */
"use strict";
const CACHE = "onemap-record-2", TARGETS = "onemap-record-target";
const OWNER = "X-Onemap-Owner", OWNER_AT = "/record/owner";
const SHELL = [
  "/record", "/icons.css", "/assets/vendor/fonts.css", "/assets/onemap/tokens.css", "/assets/onemap/offline.js",
  "/assets/onemap/record/record.css", "/assets/onemap/record/place.js", "/assets/onemap/record/form.js", "/assets/onemap/record/page.js",
];
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((held) => held.addAll(SHELL)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (/^onemap-record/.test(name) && name !== CACHE && name !== TARGETS) await caches.delete(name);
  await self.clients.claim();
})()));

/* The language is all that the document depends on. */
function keyOf(url) {
  if (url.pathname === "/record") {
    const lang = url.searchParams.get("lang");
    return "/record" + (lang ? "?lang=" + lang : "");
  }
  if (url.pathname === "/record/target") return "/record/target?target=" + encodeURIComponent(url.searchParams.get("target") || "");
  return url.pathname;
}

const isTarget = (url) => url.pathname === "/record/target";
const isKept = (url) => url.origin === self.location.origin && (
  url.pathname === "/record" || isTarget(url) || url.pathname === "/icons.css" || url.pathname.startsWith("/assets/"));

/* An answer for somebody else than before: what was kept for the one before goes, the page's document too. */
async function known(found) {
  const owner = found.headers.get(OWNER);
  if (!owner) return;
  const held = await caches.open(CACHE), before = await held.match(OWNER_AT);
  if (before && await before.text() === owner) return;
  await caches.delete(TARGETS);
  for (const one of await held.keys()) if (new URL(one.url).pathname === "/record") await held.delete(one);
  await held.put(OWNER_AT, new Response(owner));
}

async function kept(url, key, found) {
  const held = await caches.open(isTarget(url) ? TARGETS : CACHE);
  if (found.ok && !found.redirected) {
    if (isTarget(url)) for (const one of await held.keys()) await held.delete(one);
    await held.put(key, found.clone());
  }
  // What the person may no longer see must not stay on the device.
  if ([401, 403, 404].includes(found.status)) await held.delete(key);
  if ([401, 403].includes(found.status)) await caches.delete(TARGETS);
}

async function answer(request, url) {
  const key = keyOf(url);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    // A navigation cannot be asked again with a signal; its address can.
    const found = await fetch(request.mode === "navigate" ? request.url : request, { signal: stop.signal, credentials: "same-origin" });
    // A device without room keeps nothing; what came still opens.
    try { await known(found); await kept(url, key, found); } catch (error) { if (stop.signal.aborted) throw error; }
    return found;
  } catch (error) {
    const held = await caches.open(isTarget(url) ? TARGETS : CACHE);
    const found = await held.match(key) || (url.pathname === "/record" ? await held.match("/record") : undefined);
    if (!found) throw error;
    // The page must know that this is what was true some time ago.
    const headers = new Headers(found.headers);
    headers.set("X-Onemap-Kept", "1");
    return new Response(found.body, { status: found.status, statusText: found.statusText, headers });
  } finally { clearTimeout(timer); }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === "GET" && isKept(url)) event.respondWith(answer(event.request, url));
});
