/* The record page: what is visited, the form, what waits on the device, what became of a record. */
(function () {
  "use strict";
  const root = document.getElementById("record");
  if (!root) return;
  const { draw, element, icon, button, field, list } = window.onemap.recordForm;
  const offline = window.onemap.offline;
  const about = JSON.parse(root.dataset.about);
  const query = new URLSearchParams(window.location.search);
  const lang = "lang=" + encodeURIComponent(about.lang);
  const CLOCK = "onemap-clock";

  const say = (name, values) => about.words[name].replace(/\{(\w+)\}/g, (whole, part) => (values && part in values ? values[part] : whole));

  /* The product's clock: how far it is from the device's is learnt from every fresh answer. */
  function offset() {
    try { return Number(window.localStorage.getItem(CLOCK)) || 0; } catch (error) { return 0; }
  }
  function learn(now) {
    const told = Date.parse(now);
    if (Number.isNaN(told)) return;
    try { window.localStorage.setItem(CLOCK, String(told - Date.now())); } catch (error) { /* no storage: the device's own clock */ }
  }

  async function ask(path, options) {
    let answer;
    try {
      answer = await fetch(path + (path.includes("?") ? "&" : "?") + lang, { cache: "no-store", ...options });
    } catch (error) { throw Object.assign(new Error(say("server_away")), { away: true }); }
    let told = {};
    try { told = await answer.json(); } catch (error) { /* an answer without words */ }
    if (!answer.ok) throw Object.assign(new Error(told.error || say("server_away")), { field: told.field, status: answer.status, away: !told.error });
    if (told.now && !answer.headers.get("X-Onemap-Kept")) learn(told.now);
    return told;
  }
  const post = (path, body) => ask(path, { method: "POST", headers: { "Content-Type": "application/json", "X-Onemap-Request": "1" }, body: JSON.stringify(body) });

  /* Frame */
  const banner = element("div", "banner");
  banner.setAttribute("role", "status");
  const heading = element("h1", "", say("title"));
  const subject = element("span", "subject");
  const back = element("a", "close-link", icon("x"));
  back.href = home();
  back.setAttribute("aria-label", say("close"));
  const head = element("header", "record-head", element("div", "record-title", heading, subject), back);
  const body = element("main", "record-body");
  const foot = element("footer", "record-foot");
  root.append(banner, head, body, foot);
  if (about.demo) head.append(element("span", "demo-mark", say("demo")));

  function home() {
    const kept = new URLSearchParams();
    ["area", "lang", "as_of"].forEach((name) => { if (query.get(name)) kept.set(name, query.get(name)); });
    return "/street" + (kept.toString() ? "?" + kept : "");
  }
  function here(changes) {
    const kept = new URLSearchParams();
    ["area", "lang"].forEach((name) => { if (query.get(name)) kept.set(name, query.get(name)); });
    Object.entries(changes).forEach(([name, value]) => kept.set(name, value));
    return "/record?" + kept.toString().replace(/%3A/g, ":");
  }

  function report(name, message) {
    body.querySelectorAll(".problem").forEach((one) => one.remove());
    const told = element("p", "problem", icon("triangle-alert"), message);
    told.setAttribute("role", "alert");
    const place = name && (body.querySelector('[data-field="' + CSS.escape(name) + '"]') || body.querySelector('[data-field="form.' + CSS.escape(name) + '"]'));
    if (place) {
      const sheet = place.closest("details");
      if (sheet) sheet.open = true;
      place.append(told);
      const input = place.querySelector("input:not(.visually-hidden), select, textarea, button");
      if (input) input.focus();
    } else body.prepend(told);
    told.scrollIntoView({ block: "center" });
  }

  /* What waits */
  async function showWaiting() {
    const { waiting, refused } = await offline.counts();
    const away = navigator.onLine === false;
    const parts = [];
    if (away) parts.push(icon("wifi-off"), element("span", "", say(offline.atRisk() ? "server_away" : "offline")));
    if (waiting) parts.push(element("b", "waiting-count", say("waiting", { n: waiting })));
    if (refused) parts.push(element("b", "refused-count", say("refused_n", { n: refused })));
    if (waiting || refused) {
      const open = button("banner-open", () => { window.location.assign(here({ waiting: "1" })); }, say("see"));
      open.setAttribute("aria-label", say("see") + " " + say("queue"));
      parts.push(open);
    }
    banner.replaceChildren(...parts);
    banner.hidden = !parts.length;
    const primary = foot.querySelector(".is-submit");
    if (primary) primary.querySelector("span").textContent = say(away ? "keep" : "submit");
    if (query.has("waiting")) drawQueue();
  }

  async function drawQueue() {
    heading.textContent = say("queue");
    const rows = (await offline.all()).map((item) => {
      const outcome = about.outcomes.find(([code]) => code === item.record.outcome);
      const actions = element("div", "queue-actions");
      if (item.state === "refused") {
        const mend = element("a", "btn", say("mend"));
        mend.href = here({ queue: item.id });
        actions.append(mend);
      }
      const drop = button("btn", async () => {
        if (drop.dataset.sure) { await offline.drop(item.id); showWaiting(); return; }
        drop.dataset.sure = "1";
        drop.textContent = say("drop_ask");
      }, say("drop"));
      actions.append(drop);
      return element("li", "queue-item is-" + item.state, element("b", "", (item.label || item.record.target.id) + " · " + (outcome ? outcome[1] : "")),
        element("span", "hint", new Date(item.record.at).toLocaleString(about.lang === "en" ? "en" : "zh-CN", { timeZone: "Asia/Shanghai" })),
        item.error ? element("p", "problem", icon("triangle-alert"), item.error) : null, actions);
    });
    body.replaceChildren(element("p", "hint", say("on_device")), element("ul", "queue", ...rows));
    const link = element("a", "btn is-primary", say("back_to_list"));
    link.href = home();
    foot.replaceChildren(button("btn", () => offline.flush(), icon("upload"), say("send_now")), link);
  }

  /* A new record, or a refused one that is mended */
  async function drawNew(name, item) {
    const [kind, id] = [name.slice(0, name.indexOf(":")), name.slice(name.indexOf(":") + 1)];
    let target = null;
    body.replaceChildren(element("p", "hint", "…"));
    try { target = await ask("/record/target?target=" + encodeURIComponent(name)); } catch (error) {
      if (!error.away) { body.replaceChildren(); report(null, error.message); await drawChooser(true, item); return; }
    }
    subject.textContent = target ? target.label : id;
    body.replaceChildren();
    if (!window.isSecureContext) body.append(element("p", "notice", icon("info"), say("insecure")));
    if (!target) body.append(element("p", "notice", icon("wifi-off"), say("unknown_offline", { target: id })));
    else body.append(element("p", "target-line", [target.kind_name, target.place, target.status].filter(Boolean).join(" · ")));
    const before = item ? null : await offline.draft.get(about.owner, name).catch(() => null);
    const given = item ? { ...item.record, kind } : { ...(before ? before.values : {}), kind };
    const kept = element("p", "notice is-draft", icon("inbox"), element("span", "", ""), button("btn", clear, say("clear_form")));
    kept.hidden = true;
    body.append(kept);
    const tellDraft = (words) => { kept.querySelector("span").textContent = words; kept.hidden = false; };
    const form = draw(body, { about, target, given, editing: false, photos: item ? item.photos : before ? before.photos : [], say, report, typed: item ? null : typed });
    if (before) tellDraft(say("draft_back", { time: new Date(before.at + offset()).toLocaleString(about.lang === "en" ? "en" : "zh-CN", { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" }) }));
    let saving = null, over = false;
    /* What is typed is on the device a moment later: a reload, a closed tab or an empty battery loses nothing. */
    function typed() {
      clearTimeout(saving);
      saving = setTimeout(saveDraft, 250);
    }
    async function saveDraft() {
      clearTimeout(saving);
      saving = null;
      if (over) return;
      try { await offline.draft.put(about.owner, name, form.draft(), form.photos()); tellDraft(say("draft_kept")); } catch (error) { /* no storage: the form lives as long as the page */ }
    }
    async function clear() {
      await endDraft();
      window.location.replace(window.location.href);
    }
    async function endDraft() {
      over = true;
      clearTimeout(saving);
      if (!item) await offline.draft.drop(about.owner, name).catch(() => { /* none was kept */ });
    }
    const hidden = () => { if (saving) saveDraft(); };
    document.addEventListener("visibilitychange", hidden);
    window.addEventListener("pagehide", hidden);
    if (target && target.agency) body.append(element("p", "hint", say("to") + " " + target.agency));
    let busy = false;
    async function submit() {
      if (busy) return;
      const read = form.read();
      if (!read) return;
      busy = true;
      const record = { id: offline.newId(), at: madeAt(item), target: { kind, id }, ...read };
      try {
        const stays = await offline.keep(record, form.photos(), { actor: about.actor, lang: about.lang, label: target ? target.label : id });
        if (item) await offline.drop(item.id);
        else await endDraft();
        primary.classList.add("is-busy");
        const done = await offline.one(record.id);
        if (done.became === "refused") {
          // It stays on the device with its reason; what stands here is its mending.
          item = (await offline.all()).find((one) => one.id === record.id);
          report(done.what.field, done.what.error);
        } else {
          if (done.became === "sent") await offline.forget();
          drawDone(done, name, record, stays);
        }
        if (done.became === "later" || done.became === "away") offline.flush();
      } catch (error) { report(null, say("no_storage")); } finally { busy = false; primary.classList.remove("is-busy"); }
    }
    const primary = button("btn is-primary is-submit", submit, icon("check"), element("span", "", say("submit")));
    foot.replaceChildren(primary, button("btn", () => { if (form.suspect()) submit(); }, say("report")));
    showWaiting();
  }

  /* A mended record keeps its time, unless the clock was ahead when it was made. */
  function madeAt(item) {
    const now = Date.now() + offset();
    return new Date(item ? Math.min(Date.parse(item.record.at) || now, now) : now).toISOString();
  }

  function drawDone(done, name, record, stays) {
    const sent = done.became === "sent";
    const rest = element("div", "done-links");
    (done.what.offers || []).forEach((offer) => {
      rest.append(button("btn", () => drawLetter(offer.href, rest), icon("file-text"), offer.label));
    });
    if (sent) {
      const look = element("a", "btn", icon("eye"), say("look"));
      look.href = here({ visit: record.id });
      rest.append(look);
    }
    const card = element("section", "done", icon(sent ? "circle-check" : "cloud-off"), element("h2", "", say(sent ? "sent" : stays ? "kept_title" : "open_title")), element("p", "", sent ? done.what.sentence || say("sent_later") : say(stays ? "kept" : "kept_open")), rest);
    card.tabIndex = -1;
    body.replaceChildren(card);
    if (!sent) {
      body.append(element("p", "hint", say("on_device")));
      followKept(card, record);
    }
    const again = element("a", "btn", say("again"));
    again.href = here({});
    const list_ = element("a", "btn is-primary", say("back_to_list"));
    list_.href = home();
    foot.replaceChildren(list_, again);
    card.focus();
  }

  /* What was kept says so until the server has it; then it says that, and can be looked at. */
  function followKept(card, record) {
    async function look() {
      if (!card.isConnected) { document.removeEventListener("onemap:waiting", look); return; }
      if ((await offline.all()).some((one) => one.id === record.id)) return;
      document.removeEventListener("onemap:waiting", look);
      drawDone({ became: "sent", what: { sentence: say("sent_later") } }, "", record);
    }
    document.addEventListener("onemap:waiting", look);
  }

  async function drawLetter(href, place) {
    try {
      const told = await ask(href);
      const letter = element("article", "letter", element("h3", "", told.title), element("p", "", say("letter_to", { to: told.to })),
        element("p", "", say("letter_text", { ...told, agencies: told.agencies.join(about.lang === "en" ? ", " : "、") })), element("p", "", say("letter_from", { from: told.from || "—" })));
      const old = place.parentElement.querySelector(".letter");
      if (old) old.remove();
      place.before(letter);
    } catch (error) { report(null, error.message); }
  }

  /* A sent record: look, change, take back */
  async function drawVisit(id) {
    heading.textContent = say("edit_title");
    let seen, target = null;
    try { seen = await ask("/visits/" + encodeURIComponent(id)); } catch (error) { report(null, error.message); foot.replaceChildren(); return; }
    try { target = await ask("/record/target?target=" + encodeURIComponent(seen.target)); } catch (error) { /* the record stands without it */ }
    subject.textContent = target ? target.label : seen.grid || "";
    body.replaceChildren(element("p", "target-line", [target && target.kind_name, target && target.place, seen.at].filter(Boolean).join(" · ")));
    if (seen.lead) body.append(element("p", "notice", icon("info"), say("lead", seen.lead)));
    const given = { ...seen, photo_ids: seen.photos, kind: seen.target.split(":", 1)[0] };
    const form = draw(body, { about, target, given, editing: true, photos: [], say, report });
    const reason = element("input", "field-input");
    reason.name = "reason";
    reason.maxLength = about.limits.reason;
    body.append(field(say("reason"), reason, seen.free ? null : say("reason_hint")));
    const history = element("ol", "history", ...seen.history.map((change) => element("li", "",
      element("b", "", change.action), " ", element("span", "", change.who), " ", element("time", "hint", change.at),
      change.reason ? element("p", "", change.reason) : null,
      change.action === seen.history[0].action && change === seen.history[0] ? null : element("ul", "", ...change.fields.map((one) => element("li", "", one.name + "：" + one.old + " → " + one.new))))));
    body.append(element("section", "field", element("h2", "field-label", say("history")), history));
    let busy = false;
    async function save() {
      const read = busy ? null : form.read();
      if (!read) return;
      const changes = {};
      ["outcome", "mode", "visits", "close_site", "propose_case"].forEach((name) => { if (read[name] !== seen[name]) changes[name] = read[name]; });
      if (read.lead_result && read.lead_result !== seen.lead_result) changes.lead_result = read.lead_result;
      if (read.note !== seen.note) changes.note = read.note;
      ["category", "premises"].forEach((name) => { if ((read[name] || null) !== (seen[name] || null) && (seen.lead || changes.outcome)) changes[name] = read[name]; });
      if (Object.keys(read.form).length) changes.form = read.form;
      if (form.removed().length) changes.remove_photos = form.removed();
      busy = true;
      try {
        const photos = await Promise.all(form.photos().map(offline.text));
        await post("/visits/" + encodeURIComponent(id) + "/edit", { ...changes, photos, reason: reason.value || null });
        await drawVisit(id);
        window.scrollTo(0, 0);
      } catch (error) { report(error.field, error.message || say("unreadable_photo")); } finally { busy = false; }
    }
    const undo = button("btn", async () => {
      if (!undo.dataset.sure) { undo.dataset.sure = "1"; undo.lastElementChild.textContent = say("undo_ask"); return; }
      try {
        const told = await post("/visits/" + encodeURIComponent(id) + "/undo", { reason: reason.value || null });
        if (told.stands) { drawVisit(id); window.scrollTo(0, 0); return; }
        const link = element("a", "btn is-primary", say("back_to_list"));
        link.href = home();
        body.replaceChildren(element("section", "done", icon("undo-2"), element("p", "", told.sentence)));
        foot.replaceChildren(link);
      } catch (error) { delete undo.dataset.sure; undo.lastElementChild.textContent = say("undo"); report(error.field, error.message); }
    }, icon("undo-2"), element("span", "", say("undo")));
    foot.replaceChildren(button("btn is-primary", save, icon("check"), element("span", "", say("save"))), undo);
  }

  /* No target named: choose one */
  async function drawChooser(below, item) {
    if (!below) body.replaceChildren();
    if (!window.isSecureContext) body.append(element("p", "notice", icon("info"), say("insecure")));
    let areas = [], today = [];
    try { ({ areas, today = [] } = await ask("/record/areas?area=" + encodeURIComponent(query.get("area") || ""))); } catch (error) { report(null, error.message); }
    const more = item ? { queue: item.id } : {};
    const places = today.map((one) => {
      const link = element("a", "place-link", element("span", "", element("b", "", one.title), element("small", "", one.fact)), element("em", "is-" + one.tone, one.when));
      link.href = here({ target: one.target, ...more });
      return element("li", "", link);
    });
    const choice = list("grid", areas.map((one) => [one.code, one.label === one.code ? one.code + " " + one.place : one.place + " " + one.label]), "", say("choose"));
    body.append(element("section", "field", element("h2", "", say("no_target")), field(say("choose_grid"), choice)));
    if (!areas.length && !body.querySelector(".problem")) report(null, say("none_here"));
    if (places.length) body.append(element("section", "field", element("h2", "", say("today")), element("ul", "place-list", ...places)));
    foot.replaceChildren(button("btn is-primary", () => { if (choice.value) window.location.assign(here({ target: "grid:" + choice.value, ...more })); else choice.focus(); }, say("start")));
  }

  async function start() {
    document.title = say("title");
    await offline.belongs(about.owner).catch(() => { /* no storage: nothing was kept */ });
    await showWaiting();
    document.addEventListener("onemap:waiting", showWaiting);
    window.addEventListener("online", showWaiting);
    window.addEventListener("offline", showWaiting);
    const name = query.get("target");
    if (query.has("waiting")) return;
    if (query.get("visit")) await drawVisit(query.get("visit"));
    else if (query.get("queue")) {
      const item = (await offline.all()).find((one) => one.id === query.get("queue"));
      // A record whose target the server does not know may be given another one.
      if (item) await drawNew(name && name.includes(":") ? name : item.record.target.kind + ":" + item.record.target.id, item);
      else await drawChooser();
    } else if (name && name.includes(":")) await drawNew(name, null);
    else await drawChooser();
    root.dataset.ready = "1";
  }

  if (window.isSecureContext && navigator.serviceWorker) {
    navigator.serviceWorker.register("/service-worker.js", { scope: "/record" }).catch(() => { /* without it the page only needs the network to open */ });
  }
  start();
})();
