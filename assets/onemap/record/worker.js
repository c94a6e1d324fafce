/* Keeps the record page on the device, so that it opens without a network; never touches what is sent. */
"use strict";
const CACHE = "onemap-record";
const SHELL = [
  "/record", "/icons.css", "/assets/vendor/fonts.css", "/assets/onemap/tokens.css", "/assets/onemap/offline.js",
  "/assets/onemap/record/record.css", "/assets/onemap/record/place.js", "/assets/onemap/record/form.js", "/assets/onemap/record/page.js",
];
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((held) => held.addAll(SHELL)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/* The language is all that the document depends on. */
function keyOf(url) {
  if (url.pathname === "/record") {
    const lang = url.searchParams.get("lang");
    return "/record" + (lang ? "?lang=" + lang : "");
  }
  if (url.pathname === "/record/target") return "/record/target?target=" + encodeURIComponent(url.searchParams.get("target") || "");
  return url.pathname;
}

const isKept = (url) => url.origin === self.location.origin && (
  url.pathname === "/record" || url.pathname === "/record/target" || url.pathname === "/icons.css" || url.pathname.startsWith("/assets/"));

async function answer(request, url) {
  const held = await caches.open(CACHE), key = keyOf(url);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    // A navigation cannot be asked again with a signal; its address can.
    const found = await fetch(request.mode === "navigate" ? request.url : request, { signal: stop.signal, credentials: "same-origin" });
    if (found.ok && !found.redirected) await held.put(key, found.clone());
    // What the person may no longer see must not stay on the device.
    if (found.status === 404 || found.status === 403) await held.delete(key);
    return found;
  } catch (error) {
    const kept = await held.match(key) || (url.pathname === "/record" ? await held.match("/record") : undefined);
    if (!kept) throw error;
    // The page must know that this is what was true some time ago.
    const headers = new Headers(kept.headers);
    headers.set("X-Onemap-Kept", "1");
    return new Response(kept.body, { status: kept.status, statusText: kept.statusText, headers });
  } finally { clearTimeout(timer); }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === "GET" && isKept(url)) event.respondWith(answer(event.request, url));
});
