/* The meeting screen: rings on the map, picking grids, the forms, the papers, and showing it full screen. */
(function () {
  "use strict";
  const KEYS = ["meeting", "snapshot", "step", "hotspot", "lang"];
  const HEAT = [[233, 236, 235], [253, 224, 190], [244, 165, 100], [214, 96, 50], [150, 34, 10]];
  const { element, button } = window.onemap.forms;
  let page = null, words = {}, stop = null, opener = null;

  const byId = (id) => document.getElementById(id);
  const say = (name, values) => (words[name] || name).replace(/\{(\w+)\}/g, (whole, key) => (values && key in values ? values[key] : whole));
  const query = () => new URLSearchParams(window.location.search);
  const picked = () => (query().get("grids") || "").split(",").filter(Boolean);
  const pick = (codes) => window.onemap.url.with({ grids: [...new Set(codes)].slice(0, 200).join(",") || null });

  function input(type, value, limit) {
    const made = element("input");
    made.type = type;
    made.value = value || "";
    if (limit) made.maxLength = limit;
    return made;
  }
  function lines(limit) {
    const made = element("textarea");
    made.rows = 2;
    made.maxLength = limit;
    return made;
  }
  const option = ([code, text]) => { const one = element("option", "", text); one.value = code; return one; };
  function select(choices, value) {
    const made = element("select", "", ...choices.map(option));
    if (value !== undefined) made.value = value;
    return made;
  }
  function field(label, control, className) { return element("label", "meeting-field " + (className || ""), element("span", "", label), control); }
  function ticks(label, choices, on, className) {
    const boxes = choices.map(([code, text]) => { const box = input("checkbox"); box.value = code; box.checked = on.includes(code); return [box, element("label", "", box, text)]; });
    const shown = element("fieldset", className || "", element("legend", "", label), element("div", "meeting-ticks", ...boxes.map(([, made]) => made)));
    return { shown, read: () => boxes.filter(([box]) => box.checked).map(([box]) => box.value), set: (codes) => boxes.forEach(([box]) => { box.checked = codes.includes(box.value); }) };
  }
  const failed = (error) => { const told = element("p", "meeting-failed", error.message); told.setAttribute("role", "alert"); return told; };

  const ask = (path, body, more) => window.onemap.forms.ask("/meeting" + path + "?" + new URLSearchParams({ lang: page.dataset.lang, ...more }), body, say("offline"));

  /* A sentence that everybody sees for a while, then the new state of the page. */
  function done(told) {
    const place = byId("meeting-said");
    place.textContent = told.sentence || "";
    setTimeout(() => { if (place.textContent === told.sentence) place.textContent = ""; }, 6000);
    window.dash_clientside.set_props("revision", { data: "meeting " + Date.now() });
  }
  function visit(changes) {
    const now = new URLSearchParams();
    if (query().get("lang")) now.set("lang", query().get("lang"));
    Object.entries(changes).forEach(([key, value]) => now.set(key, value));
    window.location.assign("/meeting?" + now);
  }
  async function act(control, place, work) {
    control.disabled = true;
    place.replaceChildren(element("p", "quiet", say("working")));
    try { await work(); place.replaceChildren(); } catch (error) { place.replaceChildren(failed(error)); }
    control.disabled = false;
  }

  /* Dialogs. */
  function dialog(title, ...content) {
    const place = byId("meeting-dialog"), heading = element("h2", "", title, button("×", "btn btn-square", shut));
    heading.lastChild.setAttribute("aria-label", say("close"));
    const inside = element("div", "", heading, ...content);
    inside.setAttribute("role", "dialog");
    inside.setAttribute("aria-modal", "true");
    inside.setAttribute("aria-label", title);
    if (place.hidden) opener = document.activeElement;
    place.replaceChildren(inside);
    place.hidden = false;
    (inside.querySelector("input, select, textarea") || heading.lastChild).focus();
    return inside;
  }
  function shut() {
    const place = byId("meeting-dialog");
    if (!place || place.hidden) return;
    place.hidden = true;
    place.replaceChildren();
    opener?.focus?.();
  }
  function held(event) {
    if (event.key === "Escape" && !byId("meeting-dialog").hidden) { shut(); event.preventDefault(); event.stopPropagation(); }
    if (event.key !== "Tab" || byId("meeting-dialog").hidden) return;
    const all = [...byId("meeting-dialog").querySelectorAll("button, input, select, textarea, a[href]")].filter((one) => !one.disabled);
    const [first, last] = [all[0], all[all.length - 1]];
    if (event.shiftKey && document.activeElement === first) { last.focus(); event.preventDefault(); }
    else if (!event.shiftKey && document.activeElement === last) { first.focus(); event.preventDefault(); }
  }

  /* The periods whose facts are frozen. */
  function periods(offer) {
    const [start, end, first, last] = ["start", "end", "before_start", "before_end"].map((name) => input("date", offer[name]));
    end.max = offer.today;
    const shift = (text, years, months) => { const day = new Date(text + "T00:00Z"), wanted = day.getUTCDate(); day.setUTCDate(1); day.setUTCMonth(day.getUTCMonth() - months - years * 12);
      day.setUTCDate(Math.min(wanted, new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate())); return day.toISOString().slice(0, 10); };
    const quick = element("div", "meeting-actions", element("span", "quiet", say("quick")),
      button(say("month"), "btn", () => { const day = new Date(start.value + "T00:00Z"); day.setUTCDate(0); last.value = day.toISOString().slice(0, 10); first.value = last.value.slice(0, 8) + "01"; }),
      button(say("year"), "btn", () => { first.value = shift(start.value, 1, 0); last.value = shift(end.value, 1, 0); }));
    const pair = (name, one, other) => [field(say(name) + " " + say("from"), one, "is-half"), field(say(name) + " " + say("to"), other, "is-half")];
    const boundaries = select([["now", say("boundaries_now")], ["then", say("boundaries_then")]], offer.boundaries || "now");
    return { shown: [...pair("period", start, end), ...pair("before", first, last), field(say("boundaries"), boundaries, "is-half"), quick], read: () => ({ boundaries: boundaries.value, start: start.value, end: end.value, before_start: first.value, before_end: last.value }) };
  }

  function opening(place) {
    const offer = JSON.parse(place.dataset.offer), asked = periods(offer), told = element("div");
    const go = button(say("open"), "btn is-primary", () => act(go, told, async () => { const made = await ask("/open", { meeting: offer.meeting, ...asked.read() }); visit({ meeting: made.meeting, snapshot: made.snapshot, step: "1" }); }));
    place.replaceChildren(...asked.shown, element("div", "meeting-actions", go), told);
  }

  function creating(place) {
    const offer = JSON.parse(place.dataset.offer), none = [["", say("choose")]];
    const day = input("date", offer.today), name = input("text", "", 240), level = select(offer.levels), street = select(offer.streets.length === 1 ? offer.streets : [...none, ...offer.streets]);
    const where = field(say("street"), street, "is-third"), who = element("div", "meeting-form is-inner"), told = element("div");
    let convener, members, invited;
    // A street's meeting is its own units', and may invite the district's.
    const called = () => {
      const ofStreet = level.value === "street", units = ofStreet ? offer.units[street.value] || [] : offer.agencies;
      // The same units meet again: who was called last time is called again, unless somebody says otherwise.
      const last = offer.last[ofStreet ? street.value : ""] || { convener: "", members: [], invited: [], day: "" };
      where.hidden = !ofStreet;
      convener = select([...none, ...units]);
      if (units.some(([code]) => code === last.convener)) convener.value = last.convener;
      members = ticks(say("members"), units, last.members);
      invited = ticks(say("invited"), [...units, ...(ofStreet ? offer.agencies : offer.governments)], last.invited);
      who.replaceChildren(last.day ? element("p", "quiet", say("as_last", last)) : "", field(say("convener"), convener, "is-half"), members.shown, invited.shown);
    };
    for (const choice of [level, street]) choice.addEventListener("change", called);
    called();
    const go = button(say("create"), "btn is-primary", () => act(go, told, async () => {
      const made = await ask("/new", { day: day.value, name: name.value, level: level.value, street: level.value === "street" ? street.value : "", convener: convener.value, members: members.read(), invited: invited.read() });
      visit({ meeting: made.meeting });
    }));
    place.replaceChildren(field(say("name"), name), field(say("date"), day, "is-third"), field(say("level"), level, "is-third"), where, who, element("div", "meeting-actions", go), told);
  }

  function retake() {
    const facts = JSON.parse(page.dataset.periods), asked = periods(facts), told = element("div");
    const go = button(say("retake"), "btn is-primary", () => act(go, told, async () => {
      const made = await ask("/open", { meeting: page.dataset.meeting, ...asked.read() });
      const next = () => visit({ meeting: made.meeting, snapshot: made.snapshot, step: query().get("step") || "3" });
      const list = element("ul", "", ...made.changes.map((text) => element("li", "", text)));
      dialog(say("changed"), list, element("div", "meeting-actions", button(say("go_on"), "btn is-primary", next)));
    }));
    dialog(say("retake"), element("p", "quiet", say("retake_told")), element("div", "meeting-form", ...asked.shown), element("div", "meeting-actions", go, button(say("cancel"), "btn", shut)), told);
  }

  async function attend() {
    const told = element("div");
    try {
      const found = await ask("/attend/" + encodeURIComponent(page.dataset.meeting));
      const present = ticks(say("present"), found.called.map(([code, name]) => [code, name]), found.called.filter(([, , came]) => came).map(([code]) => code)), minutes = input("text", found.minutes_number, 60);
      const go = button(say("save"), "btn is-primary", () => act(go, told, async () => { done(await ask("/attend", { meeting: page.dataset.meeting, present: present.read(), minutes_number: minutes.value })); shut(); }));
      dialog(say("attend"), present.shown, field(say("minutes"), minutes), element("div", "meeting-actions", go, button(say("cancel"), "btn", shut)), told);
    } catch (error) { dialog(say("attend"), failed(error)); }
  }

  /* Deciding. */
  let draft = {}, typing = null;
  function deciding(place) {
    const offer = JSON.parse(place.dataset.offer), spot = offer.hotspot;
    const grouped = (value) => { const made = element("select", "", option(["", say("choose")]), ...offer.agencies.map(([name, codes]) => { const one = element("optgroup", "", ...codes.map(option)); one.label = name; return one; })); made.value = value || ""; return made; };
    const kind = select(offer.kinds, draft.kind), text = lines(500), standard = lines(500), owner = grouped(draft.owner || (spot && offer.owners[spot.lead])), due = input("date", draft.due);
    due.min = offer.today;
    text.value = draft.text || "";
    standard.value = draft.standard || "";
    const near = new Set([...Object.values(offer.owners), ...offer.present]);
    const helpers = offer.agencies.flatMap(([, codes]) => codes).filter(([code]) => near.has(code));
    const support = ticks(say("support"), helpers, draft.support || (spot ? spot.support.map((system) => offer.owners[system]).filter(Boolean) : []));
    const about = select([["", say("no_spot")], ...offer.hotspots.map(([rank, name]) => [String(rank), rank + " " + name])], draft.about === undefined ? (spot ? String(spot.rank) : "") : draft.about);
    about.dataset.about = "1";
    const place_ = element("div", "meeting-picked is-rest"), told = element("div");
    const shown = () => { const codes = picked(); place_.replaceChildren(element("span", "", codes.length ? say("grids", { n: codes.length }) : say("no_grids")), ...codes.slice(0, 12).map((code) => element("code", "", code)), codes.length > 12 ? "…" : "",
      spot ? button(say("take_grids"), "btn", () => { about.value = String(spot.rank); keep(); pick(spot.members); }) : ""); };
    const keep = () => { draft = { kind: kind.value, text: text.value, standard: standard.value, owner: owner.value, due: due.value, support: support.read(), about: about.value }; };
    // Another hotspot, other agencies: what was proposed for the last one goes.
    about.addEventListener("change", () => { keep(); draft = { ...draft, owner: undefined, support: undefined }; window.onemap.url.with({ hotspot: about.value || null }); });
    place.addEventListener("input", (event) => { if (event.target !== about) keep(); });
    place.onpicked = shown;
    const go = button(say("decide"), "btn is-primary", () => act(go, told, async () => {
      const answer = await ask("/decide", { meeting: offer.meeting, snapshot: offer.snapshot, kind: kind.value, text: text.value, done_when: standard.value, owner: owner.value, support: support.read(), due_on: due.value, grids: picked(), hotspot: about.value ? Number(about.value) : null });
      draft = {};
      window.onemap.url.with({ grids: null });
      done(answer);
    }));
    place.replaceChildren(field(say("kind"), kind, "is-third"), field(say("owner"), owner, "is-third"), field(say("due"), due, "is-third"), field(say("text"), text, "is-half"), field(say("done_when"), standard, "is-half"),
      field(say("spot"), about, "is-third"), place_, support.shown, element("div", "meeting-actions", go), told);
    shown();
    // Whatever somebody else writes meanwhile draws the form anew: who is typing goes on where they were.
    const controls = () => [...place.querySelectorAll("input, select, textarea")];
    if (typing && document.activeElement === document.body) {
      const here = controls()[typing.at], { selectionStart, selectionEnd } = typing.control;
      here?.focus({ preventScroll: true });
      if (here?.tagName === "TEXTAREA") here.setSelectionRange(selectionStart, selectionEnd);
    }
    place.addEventListener("focusin", (event) => { const at = controls().indexOf(event.target); typing = at < 0 ? null : { at, control: event.target }; });
    place.addEventListener("focusout", () => setTimeout(() => { if (place.isConnected && !place.contains(document.activeElement)) typing = null; }));
    const now = controls().indexOf(document.activeElement);
    typing = now < 0 ? null : { at: now, control: document.activeElement };
  }

  async function answering(id, title) {
    const text = lines(500), told = element("div");
    let held;
    try { held = await ask("/decision/" + encodeURIComponent(id)); } catch (error) { dialog(say("answer"), failed(error)); return; }
    // What another unit answered already is there to be added to, not to be lost.
    text.value = held.feedback;
    const go = button(say("save"), "btn is-primary", () => act(go, told, async () => { done(await ask("/answer", { id, version: held.version, feedback: text.value })); shut(); }));
    dialog(say("answer"), element("p", "quiet", title), field(say("answer_text"), text), element("div", "meeting-actions", go, button(say("cancel"), "btn", shut)), told);
  }

  /* The tables behind the sentences. */
  async function evidence() {
    let found;
    try { found = await ask("/evidence/" + [page.dataset.meeting, page.dataset.snapshot].map(encodeURIComponent).join("/")); } catch (error) { dialog(say("evidence"), failed(error)); return; }
    const shown = found.tables.map((one) => element("section", "", element("h3", "", one.title), element("p", "quiet", one.told),
      element("table", "meeting-table", element("thead", "", element("tr", "", ...one.heads.map((head) => { const cell = element("th", "", head); cell.scope = "col"; return cell; }))),
        element("tbody", "", ...one.rows.map((row) => element("tr", "", ...row.map((text) => element("td", /^[\d.,/%–—]+$/.test(text) ? "num" : "", text))))))));
    const body = element("div", "meeting-evidence-tables", ...(shown.length ? shown : [element("p", "quiet", say("no_evidence"))]));
    body.tabIndex = 0;
    dialog(say("evidence"), body).classList.add("is-wide");
  }

  async function editing(id) {
    const told = element("div");
    let held;
    try { held = await ask("/decision/" + encodeURIComponent(id)); } catch (error) { dialog(say("edit"), failed(error)); return; }
    const owner = element("select", "", ...held.agencies.map(([name, codes]) => { const one = element("optgroup", "", ...codes.map(option)); one.label = name; return one; }));
    const kind = select(held.kinds, held.kind), text = lines(500), standard = lines(500), due = input("date", held.due_on);
    owner.value = held.owner;
    text.value = held.text;
    standard.value = held.done_when;
    const all = held.agencies.flatMap(([, codes]) => codes), near = new Set([...(JSON.parse(byId("meeting-form")?.dataset.offer || "{}").present || []), ...held.support]);
    const support = ticks(say("support"), all.filter(([code]) => near.has(code)), held.support), more = select([["", say("choose")], ...all.filter(([code]) => !near.has(code))], "");
    const go = button(say("save"), "btn is-primary", () => act(go, told, async () => {
      done(await ask("/change", { id, version: held.version, kind: kind.value, text: text.value, done_when: standard.value, owner: owner.value, due_on: due.value, support: [...support.read(), ...(more.value ? [more.value] : [])] }));
      shut();
    }));
    const place = held.grids.length ? element("p", "quiet", say("grids", { n: held.grids.length })) : null;
    dialog(say("edit"), element("div", "meeting-form", field(say("kind"), kind, "is-third"), field(say("owner"), owner, "is-third"), field(say("due"), due, "is-third"), field(say("text"), text, "is-half"), field(say("done_when"), standard, "is-half"),
      held.support.length || near.size ? support.shown : null, field(say("more_support"), more, "is-half"), place), element("div", "meeting-actions", go, button(say("cancel"), "btn", shut)), told);
  }

  /* A press that cannot be meant by accident: the second one does it. What was asked outlives a redrawn register, whose button is another. */
  const sworn = new Map();
  async function sure(control, question, work) {
    const { undo = "", act = "", id = "" } = control.dataset, what = [undo, act, id, control.getAttribute("aria-label") || ""].join(" ");
    if (!(sworn.get(what) > Date.now())) {
      const words = control.textContent;
      sworn.set(what, Date.now() + 4000);
      control.textContent = question;
      control.classList.add("is-sure");
      setTimeout(() => { if (control.isConnected && control.classList.contains("is-sure") && !control.disabled) { control.textContent = words; control.classList.remove("is-sure"); } }, 4000);
      return;
    }
    sworn.delete(what);
    control.disabled = true;
    try { done(await work()); } catch (error) { done({ sentence: error.message }); control.disabled = false; }
  }

  /* The papers: for whom, one after the other, with progress and a stop; who confirmed which; the packs of the streets. */
  const nap = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const stages = (made, n, N) => { made.max = N || 1; made.value = n; };
  function saved(answer, blob, fallback) {
    const told = answer.headers.get("Content-Disposition") || "", name = /filename\*=UTF-8''([^;]+)/.exec(told), plain = /filename="?([^";]+)/.exec(told);
    const link = element("a", "btn", say("saved"));
    link.href = URL.createObjectURL(blob);
    link.download = name ? decodeURIComponent(name[1]) : plain ? plain[1] : fallback;
    return link;
  }
  async function fetched(path, fallback, signal) {
    let answer;
    try { answer = await fetch(path, { cache: "no-store", signal }); } catch (error) { throw error.name === "AbortError" ? error : new Error(say("offline")); }
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error || say("failed"));
    return saved(answer, await answer.blob(), fallback);
  }
  function paperBody(street) { return { snapshot: page.dataset.snapshot, meeting: page.dataset.meeting, ...(street ? { street } : {}) }; }

  async function papers(street = "") {
    let found;
    try { found = await ask("/papers", null, paperBody(street)); } catch (error) { dialog(say("papers"), failed(error)); return; }
    let halt = null;
    const bar = element("progress"), count = element("span", "quiet"), red = input("checkbox"), number = input("text", "", 60), list = found.packs ? [...found.papers, found.packs] : found.papers;
    stages(bar, 0, found.papers.length);
    bar.setAttribute("aria-label", say("papers"));

    /* The state of one paper: 演示数据, 草稿 with the way to confirm it, or who confirmed it with the way back. */
    function state(one, kind, label, changed) {
      const place = element("span", "meeting-paper-state");
      const show = () => {
        if (found.demo) { place.replaceChildren(element("span", "quiet", say("demo"))); return; }
        const press = (text, sure_, work) => { const made = button(text, "btn", () => sure(made, sure_, work)); made.setAttribute("aria-label", text + " " + label); return made; };
        const turn = async (path, body, took) => { const told = await ask("/papers/" + path, { ...paperBody(street), ...body }); took(told); show(); heading(); changed?.(); return told; };
        if (one.confirmed) {
          place.replaceChildren(element("span", "meeting-confirmed", say("confirmed", one.confirmed)), ...(found.may_confirm ? [press(say("withdraw"), say("undo_ask"), () => turn("withdraw", { id: one.confirmed.id }, () => { one.confirmed = null; }))] : []));
        } else {
          place.replaceChildren(element("span", "meeting-draft", say("draft")), ...(found.may_confirm ? [press(say("confirm"), say("confirm_ask"), () => turn("confirm", { kind, digest: found.digest }, (told) => { one.confirmed = told.confirmed; }))] : []));
        }
      };
      show();
      return place;
    }

    const rows = found.papers.map((paper) => {
      const place = element("span"), made = element("li", "", element("span", "", paper.label, element("small", "", paper.extension)), state(paper, paper.kind, paper.label, () => place.replaceChildren(again())), place);
      const run = async () => {
        place.replaceChildren(element("span", "quiet", say("working")));
        const more = { lang: page.dataset.lang, ...(street ? { street } : {}), ...(paper.red_head && paper.confirmed && red.checked ? { red_head: "1", number: number.value } : {}) };
        const path = "/meeting/paper/" + [page.dataset.snapshot, page.dataset.meeting, paper.kind].map(encodeURIComponent).join("/") + "?" + new URLSearchParams(more);
        try {
          const link = await fetched(path, paper.kind + "." + paper.extension, halt?.signal);
          link.setAttribute("aria-label", say("saved") + " " + paper.label);
          place.replaceChildren(link);
          return link;
        } catch (error) { place.replaceChildren(error.name === "AbortError" ? again() : element("span", "meeting-failed", error.message)); return null; }
      };
      const again = () => { const one = button(say("make"), "btn", async () => { const link = await run(); if (link) link.click(); }); one.setAttribute("aria-label", say("make") + " " + paper.label); return one; };
      place.append(again());
      if (paper.red_head) [red, number].forEach((control) => control.addEventListener("input", () => place.replaceChildren(again())));
      return { made, run };
    });
    const halting = button(say("stop"), "btn", () => halt?.abort());
    halting.hidden = true;
    const all = button(say("make_all"), "btn is-primary", async () => {
      halt = new AbortController();
      all.disabled = true;
      halting.hidden = false;
      let n = 0;
      bar.value = 0;
      for (const row of rows) {
        if (halt.signal.aborted) break;
        if (await row.run()) n += 1;
        bar.value += 1;
        count.textContent = say("made", { n, N: rows.length });
      }
      all.disabled = false;
      halting.hidden = true;
      halt = null;
    });

    const reader = select([["", say("whole")], ...found.streets], street);
    reader.addEventListener("change", () => papers(reader.value));
    const chosen = found.streets.length ? field(say("reader"), reader) : null;
    const head = element("div", "meeting-reader is-red", element("label", "meeting-red", red, say("red_head")), field(say("number"), number));
    function heading() { head.hidden = found.demo || !list.some((one) => one.red_head && one.confirmed); }
    heading();
    const inside = dialog(say("papers"), element("div", "meeting-reader", chosen, element("p", "quiet", say("papers_told", { n: page.dataset.number }))), head, element("ul", "meeting-papers", ...rows.map((row) => row.made)), element("div", "meeting-actions", all, halting, bar, count),
      found.packs ? packs(found, state(found.packs, "packs", say("packs"))) : null);
    inside.classList.add("is-papers");
  }

  /* The archive of the packs is made behind the page: asked how far it is, stopped, fetched once. A dialog that is shut stops it. */
  function packs(found, state) {
    const several = found.streets.length > 0, place = element("div", "meeting-actions"), bar = element("progress"), told = element("span", "quiet");
    const shown = element("section", "meeting-packs", element("div", "", element("h3", "", say(several ? "packs" : "packs_one")), element("p", "quiet", say("packs_told"))), element("div", "meeting-pack-state", state), place, bar);
    let token = null, stopped = false;
    bar.hidden = true;
    bar.setAttribute("aria-label", say("packs"));
    const idle = (...more) => { token = null; bar.hidden = true; const made = button(say("make"), "btn", begin); made.setAttribute("aria-label", say("make") + " " + say(several ? "packs" : "packs_one")); place.replaceChildren(made, ...more); };
    async function begin() {
      stopped = false;
      const halting = button(say("cancel"), "btn", () => { stopped = true; });
      told.textContent = say("working");
      bar.removeAttribute("value");
      bar.hidden = false;
      place.replaceChildren(halting, told);
      try {
        token = (await ask("/packs", paperBody(""))).token;
        for (;;) {
          await nap(700);
          if (stopped || !shown.isConnected) { told.textContent = (await ask("/packs/" + token + "/stop", {})).sentence; idle(told); return; }
          const now = await ask("/packs/" + token);
          if (now.of) { stages(bar, now.done, now.of); told.textContent = say("packs_go", { n: now.done, N: now.of }); }
          if (now.state === "failed") throw new Error(now.error);
          if (now.state === "done") break;
        }
        const link = await fetched("/meeting/packs/" + token + "/file", "packs.zip");
        link.setAttribute("aria-label", say("saved") + " " + say("packs"));
        ask("/packs/" + token + "/stop", {}).catch(() => {});
        idle();
        place.prepend(link);
        link.click();
      } catch (error) { idle(failed(error)); }
    }
    idle();
    return shown;
  }

  /* The map: rings over it, picks in it. */
  async function mapReady() {
    for (let n = 0; n < 600 && page?.isConnected; n += 1) {
      const place = document.querySelector(".meeting-map .map[data-ready]");
      if (place && window.onemap?.map?.element === place) return window.onemap.map;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return null;
  }

  async function overMap(signal) {
    const one = await mapReady();
    if (!one || signal.aborted || !one.map) return;
    const spots = JSON.parse(one.element.dataset.hotspots), words_ = one.element.dataset.ring;
    const rings = spots.map((spot) => {
      const badge = element("button", "num", String(spot.rank)), ring = element("div", "meeting-ring is-" + spot.class, element("i"), badge);
      badge.type = "button";
      badge.dataset.go = JSON.stringify({ hotspot: String(spot.rank), ...(query().get("step") === "4" ? {} : { step: "3" }) });
      badge.setAttribute("aria-label", words_.replace("{rank}", spot.rank).replace("{name}", spot.name));
      one.element.append(ring);
      const boxes = spot.members.map((code) => one.areas.fid(code)).filter((fid) => fid !== undefined).map((fid) => one.areas.box(fid)).filter(Boolean);
      const box = boxes.length ? boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]) : [spot.lon, spot.lat, spot.lon, spot.lat];
      return { ring, badge, box, rank: String(spot.rank) };
    });
    const least = parseFloat(getComputedStyle(document.documentElement).fontSize) * 1.5;
    const follow = () => rings.forEach(({ ring, badge, box }) => {
      const [low, high] = [one.map.project([box[0], box[1]]), one.map.project([box[2], box[3]])];
      const radius = Math.max(least, Math.hypot(high.x - low.x, high.y - low.y) / 2 * 0.86);
      ring.style.transform = `translate(${(low.x + high.x) / 2}px, ${(low.y + high.y) / 2}px)`;
      Object.assign(ring.firstChild.style, { width: radius * 2 + "px", height: radius * 2 + "px" });
      Object.assign(badge.style, { left: radius * 0.71 + "px", top: -radius * 0.71 + "px" });
    });
    // What a ring covers is taken: the names of the streets find their place beside it.
    one.map.addImage("ring-room", { width: 1, height: 1, data: new Uint8Array(4) });
    one.map.addSource("ring-room", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    one.map.addLayer({ id: "ring-room", type: "symbol", source: "ring-room", layout: { "icon-image": "ring-room", "icon-size": ["get", "size"], "icon-allow-overlap": true, "icon-padding": 2 } });
    const apart = () => one.map.getSource("ring-room").setData({ type: "FeatureCollection", features: rings.map(({ ring, box }) => ({
      type: "Feature", properties: { size: parseFloat(ring.firstChild.style.width) }, geometry: { type: "Point", coordinates: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] },
    })) });
    const shown = () => {
      const now = query(), codes = picked();
      rings.forEach(({ ring, badge, rank }) => {
        ring.toggleAttribute("data-current", (now.get("hotspot") || (now.get("step") === "4" ? "" : "1")) === rank);
        badge.dataset.go = JSON.stringify({ hotspot: rank, ...(now.get("step") === "4" ? {} : { step: "3" }) });
      });
      const level = one.paint.geometry, fids = codes.map((code) => one.areas.fid(code)).filter((fid) => fid !== undefined);
      for (const kind of ["casing", "select"]) one.map.setFilter(`${kind}-${level}`, ["in", ["get", "fid"], ["literal", fids]]);
      const form = byId("meeting-form");
      form?.onpicked?.();
    };
    one.map.on("move", follow);
    one.map.on("resize", follow);
    one.map.on("moveend", apart);
    document.addEventListener("onemap:url", shown, { signal });
    window.addEventListener("popstate", () => setTimeout(shown), { signal });
    document.addEventListener("onemap:pick", (event) => {
      if (query().get("step") !== "4" || event.detail.level !== one.paint.geometry) return;
      const codes = picked();
      pick(codes.includes(event.detail.code) ? codes.filter((code) => code !== event.detail.code) : [...codes, event.detail.code]);
    }, { signal });
    follow();
    apart();
    shown();
    offerDensity(one);
  }

  /* The smooth picture of the events instead of the classes: one byte a cell, from the north-west. */
  function densityOf(found) {
    const bytes = Uint8Array.from(atob(found.cells), (one) => one.charCodeAt(0)), canvas = document.createElement("canvas");
    Object.assign(canvas, { width: found.columns, height: found.rows });
    const context = canvas.getContext("2d"), drawn = context.createImageData(found.columns, found.rows);
    bytes.forEach((step, n) => {
      const share = Math.max(step - 1, 0) / 254, at = share * (HEAT.length - 1), low = HEAT[Math.floor(at)], high = HEAT[Math.ceil(at)];
      drawn.data.set([0, 1, 2].map((one) => low[one] + (high[one] - low[one]) * (at % 1)), n * 4);
      drawn.data[n * 4 + 3] = step ? 255 : 0;
    });
    context.putImageData(drawn, 0, 0);
    return canvas;
  }
  function offerDensity(one) {
    if (!one.element.dataset.density) return;
    const found = JSON.parse(one.element.dataset.density), press = button("", "map-button", toggle), note = element("p", "meeting-density", found.told);
    press.append(element("i", "ic ic-flame"));
    press.title = found.name;
    press.setAttribute("aria-label", found.name);
    press.setAttribute("aria-pressed", "false");
    note.hidden = true;
    note.setAttribute("role", "status");
    one.element.querySelector(".map-controls .map-group").append(press);
    (one.element.querySelector(".map-foot") || one.element).append(note);
    function toggle() {
      const on = press.getAttribute("aria-pressed") !== "true", fill = one.paint.geometry + "-fill";
      if (!one.map.getSource("density")) {
        const { west, south, east, north } = found;
        one.map.addSource("density", { type: "canvas", canvas: densityOf(found), animate: false, coordinates: [[west, north], [east, north], [east, south], [west, south]] });
        one.map.addLayer({ id: "density", type: "raster", source: "density", paint: { "raster-opacity": 0.85, "raster-resampling": "linear", "raster-fade-duration": 0 } }, one.map.getStyle().layers.find((layer) => layer.type === "line")?.id);
      }
      press.setAttribute("aria-pressed", String(on));
      one.map.setLayoutProperty("density", "visibility", on ? "visible" : "none");
      if (one.map.getLayer(fill)) one.map.setPaintProperty(fill, "fill-opacity", on ? 0 : 1);
      note.hidden = !on;
      one.element.classList.toggle("is-density", on);
    }
  }

  function lasso(control) {
    const one = window.onemap.map, on = control.getAttribute("aria-pressed") !== "true";
    control.setAttribute("aria-pressed", String(on));
    document.querySelector(".meeting-lasso")?.remove();
    if (!on || !one?.map) return;
    const sheet = element("div", "meeting-lasso"), box = element("i");
    let from = null;
    const at = (event) => { const edge = sheet.getBoundingClientRect(); return [event.clientX - edge.left, event.clientY - edge.top]; };
    sheet.addEventListener("pointerdown", (event) => { from = at(event); sheet.setPointerCapture(event.pointerId); sheet.append(box); Object.assign(box.style, { left: "0", top: "0", width: "0", height: "0" }); });
    sheet.addEventListener("pointermove", (event) => {
      if (!from) return;
      const [x, y] = at(event);
      Object.assign(box.style, { left: Math.min(x, from[0]) + "px", top: Math.min(y, from[1]) + "px", width: Math.abs(x - from[0]) + "px", height: Math.abs(y - from[1]) + "px" });
    });
    sheet.addEventListener("pointerup", (event) => {
      const to = at(event), [first, count] = one.areas.levels[one.paint.geometry] || [0, 0], codes = [];
      for (let fid = first; fid < first + count; fid += 1) {
        const place = one.areas.label(fid);
        if (!place) continue;
        const { x, y } = one.map.project(place);
        if (x >= Math.min(from[0], to[0]) && x <= Math.max(from[0], to[0]) && y >= Math.min(from[1], to[1]) && y <= Math.max(from[1], to[1])) codes.push(one.areas.codes[fid]);
      }
      sheet.remove();
      control.setAttribute("aria-pressed", "false");
      if (codes.length) pick([...picked(), ...codes]);
    });
    one.element.append(sheet);
  }

  function present(control) {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
    control.blur();
  }
  function presented() {
    const on = Boolean(document.fullscreenElement), control = page.querySelector("[data-present]");
    document.documentElement.toggleAttribute("data-present", on);
    if (!control) return;
    control.setAttribute("aria-pressed", String(on));
    control.querySelector("span").textContent = say(on ? "present_off" : "present_on");
  }

  function pressed(event) {
    const ring = event.target.closest(".meeting-ring button");
    if (ring && query().get("step") === "4") {
      // Another hotspot, other agencies: what was proposed for the last one goes.
      draft = { ...draft, about: ring.textContent, owner: undefined, support: undefined };
      const about = byId("meeting-form")?.querySelector("[data-about]");
      if (about) about.value = ring.textContent;
    }
    const control = event.target.closest("[data-papers],[data-evidence],[data-present],[data-retake],[data-attend],[data-act],[data-undo],[data-lasso],[data-unpick]");
    if (!control || control === document.documentElement) return;
    const { dataset } = control;
    if ("papers" in dataset) papers();
    else if ("evidence" in dataset) evidence();
    else if ("present" in dataset) present(control);
    else if ("retake" in dataset) retake();
    else if ("attend" in dataset) attend();
    else if ("lasso" in dataset) lasso(control);
    else if ("unpick" in dataset) pick([]);
    else if (dataset.act === "answer") answering(dataset.id, control.closest("tr").querySelector("td").title);
    else if (dataset.act === "edit") editing(dataset.id);
    else if (dataset.act === "close") sure(control, say("close_ask"), () => ask("/close", { id: dataset.id }));
    else if (dataset.undo) sure(control, say("undo_ask"), () => ask("/undo", { batch: dataset.undo }));
  }

  function linked(event) {
    const code = event.target.closest?.("[data-street]")?.dataset.street;
    page.querySelectorAll("[data-street]").forEach((one) => one.classList.toggle("is-linked", one.dataset.street === code));
  }

  function furnish() {
    for (const [id, build] of [["meeting-open", opening], ["meeting-new", creating], ["meeting-form", deciding]]) {
      const place = byId(id);
      if (place && place.dataset.built !== "1") { place.dataset.built = "1"; build(place); }
      if (!place && id === "meeting-form") typing = null;
    }
  }

  function part(search) {
    const now = new URLSearchParams(search), kept = new URLSearchParams();
    KEYS.forEach((key) => { if (now.get(key)) kept.set(key, now.get(key)); });
    return "?" + kept.toString();
  }

  function start() {
    const found = document.querySelector(".meeting");
    if (!found || found === page) return window.dash_clientside.no_update;
    stop?.abort();
    stop = new AbortController();
    const { signal } = stop;
    page = found;
    draft = {};
    words = JSON.parse(page.dataset.words);
    page.addEventListener("click", pressed, { signal });
    page.addEventListener("mouseover", linked, { signal });
    document.addEventListener("keydown", held, { signal, capture: true });
    document.addEventListener("fullscreenchange", presented, { signal });
    const watch = new MutationObserver(furnish);
    watch.observe(page, { childList: true, subtree: true });
    signal.addEventListener("abort", () => watch.disconnect());
    furnish();
    overMap(signal);
    return window.dash_clientside.no_update;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.onemap_meeting = {
    start,
    split: (search, before) => { const next = part(search || ""); return next === part(before || "") ? window.dash_clientside.no_update : next; },
  };
})();
