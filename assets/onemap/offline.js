/* Records that wait on this device: kept in IndexedDB, sent once when the server answers, kept with the reason where it refuses.
   Drafts of forms half filled in stand beside them, each for one person with one scope. */
(function () {
  "use strict";
  const NAME = "onemap", STORE = "records", DRAFTS = "drafts", FIRST_WAIT = 2000, LONGEST_WAIT = 120000;
  const TARGETS = "onemap-record-target", PAGES = /^onemap-record/, OWNER = "onemap-owner";
  const LONGEST_DRAFT = 7 * 86400000;
  let opened = null, memory = null, sending = false, timer = null, wait = FIRST_WAIT;

  function open() {
    if (opened) return opened;
    opened = new Promise((done, fail) => {
      if (!window.indexedDB) { fail(new Error("no storage")); return; }
      const asked = window.indexedDB.open(NAME, 2);
      asked.onupgradeneeded = () => {
        [[STORE, "id"], [DRAFTS, "key"]].forEach(([name, keyPath]) => {
          if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, { keyPath });
        });
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => { asked.result.close(); opened = null; };
        done(asked.result);
      };
      asked.onerror = () => fail(asked.error);
    }).catch(() => { memory = memory || { [STORE]: new Map(), [DRAFTS]: new Map() }; return null; });
    return opened;
  }

  /* Without storage (a private window, a forbidden one) records live as long as the page. */
  async function work(name, mode, act) {
    const base = await open();
    if (!base) return act(null);
    return new Promise((done, fail) => {
      const held = base.transaction(name, mode, mode === "readwrite" ? { durability: "strict" } : undefined);
      const asked = act(held.objectStore(name));
      held.oncomplete = () => done(asked ? asked.result : undefined);
      held.onerror = held.onabort = () => fail(held.error);
    });
  }

  /* Records that the device had no room for: they live as long as the page, and can be sent. */
  const unkept = new Map();

  const listed = (name) => work(name, "readonly", (store) => (store ? store.getAll() : [...memory[name].values()]));
  const written = (name, key, item) => work(name, "readwrite", (store) => (store ? store.put(item) : void memory[name].set(key, item)));
  const removed = (name, key) => work(name, "readwrite", (store) => (store ? store.delete(key) : void memory[name].delete(key)));
  const all = () => listed(STORE).catch(() => []).then((list) => [...list, ...unkept.values()].sort((a, b) => a.at - b.at));
  async function put(item) {
    if (unkept.has(item.id)) unkept.set(item.id, item); else await written(STORE, item.id, item);
  }
  async function drop(id) {
    if (!unkept.delete(id)) await removed(STORE, id);
  }

  /* What was typed about a target and not sent yet; only for whom it was typed, and for a week. */
  const keyOf = (owner, target) => owner + "|" + target;
  const draft = {
    async get(owner, target) {
      const found = (await listed(DRAFTS)).find((one) => one.key === keyOf(owner, target));
      return found && Date.now() - found.at < LONGEST_DRAFT ? found : null;
    },
    put: (owner, target, values, photos) => written(DRAFTS, keyOf(owner, target), { key: keyOf(owner, target), owner, target, values, photos, at: Date.now() }),
    drop: (owner, target) => removed(DRAFTS, keyOf(owner, target)),
  };

  /* The targets that the service worker keeps (worker.js): none is needed once its record has left the form. */
  async function forget() {
    if (window.caches) await caches.delete(TARGETS);
  }

  /* Another person, or the same one with another scope: what was kept for the one before goes; records that wait stay. */
  async function belongs(owner) {
    for (const one of await listed(DRAFTS)) {
      if (one.owner !== owner || Date.now() - one.at >= LONGEST_DRAFT) await removed(DRAFTS, one.key);
    }
    let before = null;
    try { before = window.localStorage.getItem(OWNER); } catch (error) { /* no storage: nothing was kept */ }
    if (before === owner) return false;
    await forget();
    if (before !== null && window.caches) {
      for (const name of (await caches.keys()).filter((one) => PAGES.test(one))) {
        const held = await caches.open(name);
        for (const kept of await held.keys()) if (new URL(kept.url).pathname === "/record") await held.delete(kept);
      }
    }
    try { window.localStorage.setItem(OWNER, owner); } catch (error) { /* no storage: asked again next time */ }
    return true;
  }

  function told() { document.dispatchEvent(new CustomEvent("onemap:waiting")); }

  /* Keep a record; its pictures are blobs. Says whether it outlives the page. */
  async function keep(record, photos, about) {
    const item = { id: record.id, record, photos, at: Date.now(), state: "waiting", error: null, field: null, ...about };
    let stays = true;
    try { await put(item); stays = memory === null; } catch (error) { unkept.set(item.id, item); stays = false; }
    told();
    return stays;
  }
  const atRisk = () => unkept.size > 0 || (memory !== null && memory[STORE].size > 0);
  window.addEventListener("beforeunload", (event) => { if (atRisk()) event.preventDefault(); });

  function text(blob) {
    return new Promise((done, fail) => {
      const reader = new FileReader();
      reader.onload = () => done(String(reader.result).split(",", 2)[1] || "");
      reader.onerror = () => fail(reader.error);
      reader.readAsDataURL(blob);
    });
  }

  const ended = new Map();

  /* One try. Gives "sent", "refused", "later" (an answer that says nothing) or "away" (none); the answer of the server in what. */
  async function send(item) {
    let answer, what = {};
    try {
      const photos = await Promise.all(item.photos.map(text));
      answer = await fetch("/visits?lang=" + encodeURIComponent(item.lang || "zh_CN"), {
        method: "POST", cache: "no-store",
        headers: { "Content-Type": "application/json", "X-Onemap-Request": "1", "X-Onemap-Actor": encodeURIComponent(item.actor) },
        body: JSON.stringify({ ...item.record, photos }),
      });
    } catch (error) { return { became: "away", what }; }
    try { what = await answer.json(); } catch (error) { /* an answer without words */ }
    // Only an answer of the product itself says yes or no; a proxy's page says nothing.
    if (answer.ok && what.id === item.id) {
      await drop(item.id);
      ended.set(item.id, { became: "sent", what });
      told();
      return ended.get(item.id);
    }
    if ([400, 403, 404, 409, 413, 422].includes(answer.status) && what.error) {
      await put({ ...item, state: "refused", error: what.error, field: what.field || null });
      ended.set(item.id, { became: "refused", what });
      told();
      return ended.get(item.id);
    }
    return { became: "later", what };
  }

  /* Send a record, one at a time; of one that was sent meanwhile, by this page or another, what became of it. */
  async function one(id) {
    const alone = (act) => (navigator.locks ? navigator.locks.request("onemap-send", act) : act());
    return alone(async () => {
      const now = (await all()).find((other) => other.id === id);
      if (now && now.state === "waiting") return send(now);
      return ended.get(id) || (now ? { became: "refused", what: { error: now.error, field: now.field } } : { became: "sent", what: {} });
    });
  }

  /* Send everything that waits, oldest first; comes back by itself with growing pauses until nothing waits. */
  async function flush() {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    let left = false;
    try {
      for (const item of (await all()).filter((each) => each.state === "waiting")) {
        const done = await one(item.id);
        if (done.became === "sent") { wait = FIRST_WAIT; document.dispatchEvent(new CustomEvent("onemap:sent", { detail: done.what })); }
        // A record that the server stumbles over does not hold up those behind it.
        if (done.became === "later" || done.became === "away") left = true;
        if (done.became === "away") break;
      }
    } catch (error) { left = true; } finally { sending = false; }
    if (left) {
      timer = setTimeout(flush, wait * (0.75 + Math.random() / 2));
      wait = Math.min(LONGEST_WAIT, wait * 2);
    }
  }

  async function counts() {
    const list = await all();
    return { waiting: list.filter((item) => item.state === "waiting").length, refused: list.filter((item) => item.state === "refused").length };
  }

  /* A UUID of version 7 (RFC 9562 5.7); crypto.randomUUID is not there without HTTPS. */
  function newId() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    let now = Date.now();
    for (let place = 5; place >= 0; place -= 1) { bytes[place] = now % 256; now = Math.floor(now / 256); }
    bytes[6] = (bytes[6] & 15) | 112;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  window.addEventListener("online", () => { wait = FIRST_WAIT; flush(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
  window.onemap = window.onemap || {};
  window.onemap.offline = { keep, all, put, drop, flush, one, counts, newId, text, atRisk, draft, forget, belongs };
  setTimeout(flush, 1200);
})();
