/* The rules page: finds and filters, opens a rule, previews a change, saves it, takes it back. */
(function () {
  "use strict";
  const { element, button } = window.onemap.forms;
  let page, words, opened = null, kind = "", marks = new Set(), sought = "", undoing = null, together = null;

  const byId = (id) => document.getElementById(id);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  const say = (name, values) => fill(words[name], values || {});

  const ask = (path, body) => window.onemap.forms.ask(`/rules${path}?${new URLSearchParams({ lang: page.dataset.lang, as_of: page.dataset.asOf })}`, body, say("offline"));

  /* the list */
  function sift() {
    let any = false;
    page.querySelectorAll(".rules-group").forEach((group) => {
      let shown = 0;
      const wanted = !kind || group.dataset.kind === kind;
      group.querySelectorAll(".rules-item").forEach((item) => {
        const own = new Set(item.dataset.marks.split(" "));
        const fits = wanted && [...marks].every((mark) => own.has(mark)) && sought.split(/\s+/).every((word) => item.dataset.text.includes(word));
        item.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      group.hidden = !shown;
      any = any || shown > 0;
    });
    page.querySelector(".rules-none").hidden = any;
    if (together) together();
  }

  /* What the filters leave of the rules that bind nobody yet. */
  const unadopted = () => [...page.querySelectorAll(".rules-item:not([hidden])")].filter((item) => item.dataset.marks.split(" ").includes("reference"))
    .map((item) => item.querySelector(".rules-row").dataset.rule);

  function press(chip) {
    if ("mark" in chip.dataset) {
      if (marks.has(chip.dataset.mark)) marks.delete(chip.dataset.mark); else marks.add(chip.dataset.mark);
      chip.setAttribute("aria-pressed", String(marks.has(chip.dataset.mark)));
    } else {
      kind = chip.dataset.kind;
      page.querySelectorAll(".rules-chip[data-kind]").forEach((other) => other.setAttribute("aria-pressed", String(other === chip)));
    }
    sift();
  }

  /* the drawer */
  async function open(id) {
    opened = id;
    undoing = null;
    page.querySelectorAll(".rules-row").forEach((row) => {
      if (row.dataset.rule === id) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current");
    });
    const place = byId("rules-drawer");
    byId("rules-side").hidden = !!id;
    place.hidden = !id;
    page.classList.toggle("is-open", !!id);
    const address = new URL(window.location.href);
    address.hash = id || "";
    window.history.replaceState(window.history.state, "", address);
    if (!id) { place.replaceChildren(); return; }
    place.replaceChildren(element("p", "quiet", say("working")));
    try {
      const found = await ask("/item/" + encodeURIComponent(id));
      if (opened === id) drawn(found);
    } catch (error) { place.replaceChildren(close(), failed(error)); }
  }

  const failed = (error) => { const told = element("p", "rules-failed", error.message); told.setAttribute("role", "alert"); return told; };
  function close() {
    const made = button("", "rules-close", () => { const row = page.querySelector('.rules-row[aria-current]'); open(null); if (row) row.focus(); });
    made.setAttribute("aria-label", say("close"));
    return made;
  }

  function drawn(rule) {
    const place = byId("rules-drawer");
    const facts = element("dl", "rules-about", ...rule.facts.flatMap(([name, text]) => [element("dt", "", name), element("dd", "", text)]));
    const heading = element("h2", "", rule.name);
    heading.tabIndex = -1;
    place.replaceChildren(
      element("div", "rules-drawer-head", heading, close()),
      element("div", "rules-badges", element("span", "rules-badge " + (rule.adopted ? "is-adopted" : "is-reference"), say(rule.adopted ? "adopted" : "reference")),
        rule.ours ? element("span", "rules-badge is-ours", say("ours")) : null, element("code", "quiet", rule.id)),
      element("blockquote", "rules-clause", element("small", "", say("clause")), rule.clause), facts, adoption(rule), changing(rule), history(rule));
    heading.focus();
  }

  function field(label, input, hint) {
    return element("label", "rules-input", element("span", "", label), input, hint ? element("small", "quiet", hint) : null);
  }
  function input(type, value) {
    const made = element("input", "rules-field");
    made.type = type;
    made.value = value === undefined ? "" : value;
    if (type === "number") made.step = "any";
    return made;
  }
  function lines(value) {
    const made = element("textarea", "rules-field");
    made.rows = 3;
    made.value = value;
    return made;
  }
  function select(choices, value) {
    const made = element("select", "rules-field", ...choices.map(([code, text]) => { const one = element("option", "", text); one.value = code; return one; }));
    made.value = value;
    return made;
  }

  function adoption(rule) {
    const made = element("section", "rules-part", element("h3", "", say("adoption")));
    if (!rule.adoptions.length) made.append(element("p", "quiet", say("not_adopted")));
    rule.adoptions.forEach((one) => {
      const told = element("div", "rules-told");
      made.append(element("div", "rules-adoption", element("b", "", one.adopter), element("span", "quiet", one.where), element("span", "num", one.to ? say("until", one) : say("since", one)),
        element("span", one.document ? "" : "quiet", one.document || say("no_document")),
        rule.editable ? undoer(one.batch, told, one.together > 1 ? say("undo_together", { n: one.together }) : say("undo_ask")) : null), told);
    });
    if (!rule.editable) return made;
    const place = element("div", "");
    made.append(element("div", "rules-actions", button(say("adopt"), "btn", () => adopting(() => [rule.id], rule.today, place, say("adopt"))),
      rule.adopted ? button(say("end"), "btn", () => ending(rule, place)) : null), place);
    return made;
  }

  function adopting(rules, today, place, wording) {
    const inputs = { adopter: input("text"), document: input("text"), valid_from: input("date", today), valid_to: input("date") };
    const told = element("div", "rules-told");
    const read = () => ({ rules: rules(), ...Object.fromEntries(Object.entries(inputs).map(([name, one]) => [name, one.value])) });
    place.replaceChildren(element("div", "rules-form", field(say("adopter"), inputs.adopter), field(say("document"), inputs.document),
      field(say("from"), inputs.valid_from), field(say("to"), inputs.valid_to),
      element("div", "rules-actions", button(say("preview"), "btn", () => effect({ rules: rules() }, told)),
        button(wording, "btn btn-primary", () => saved("/adopt", read(), told)), button(say("cancel"), "btn", () => place.replaceChildren())), told));
    inputs.adopter.focus();
  }

  function ending(rule, place) {
    const last = input("date", rule.today), told = element("div", "rules-told");
    place.replaceChildren(element("div", "rules-form", field(say("end"), last), element("div", "rules-actions",
      button(say("end"), "btn btn-primary", () => saved("/end", { rule: rule.id, last_day: last.value }, told)), button(say("cancel"), "btn", () => place.replaceChildren())), told));
    last.focus();
  }

  function changing(rule) {
    if (!rule.editable || !rule.fields.length) return null;
    const place = element("div", "");
    return element("section", "rules-part", element("h3", "", say("edit")), element("div", "rules-actions", button(say("edit"), "btn", () => editing(rule, place))), place);
  }

  function editing(rule, place) {
    const readers = rule.fields.map((one) => control(one));
    const reason = input("text"), from = input("date", rule.today), told = element("div", "rules-told");
    const before = new Map(readers.map((one) => [one.name, JSON.stringify(one.read())]));
    /* Only what was touched is sent: what somebody else changed meanwhile in other fields stays. */
    const read = () => Object.fromEntries(readers.map((one) => [one.name, one.read()]).filter(([name, value]) => JSON.stringify(value) !== before.get(name)));
    const body = () => ({ rule: rule.id, changes: read(), valid_from: from.value, reason: reason.value, mark: rule.mark });
    place.replaceChildren(element("div", "rules-form", ...readers.map((one) => one.shown), field(say("valid_from"), from), field(say("reason"), reason),
      element("div", "rules-actions", button(say("preview"), "btn", () => effect(body(), told)),
        button(say("restore"), "btn", () => { readers.forEach((one) => one.reset()); effect(body(), told); }),
        button(say("save"), "btn btn-primary", () => save(body, told)), button(say("cancel"), "btn", () => place.replaceChildren())), told));
    place.querySelector("input, select").focus();
  }

  /* A change is saved only after its effect was shown for the same values. */
  async function save(body, told) {
    const asked = body();
    if (!Object.keys(asked.changes).length) { told.replaceChildren(element("p", "quiet", say("same"))); return; }
    if (told.dataset.seen !== JSON.stringify([asked.rule, asked.changes, asked.valid_from])) { await effect(asked, told); return; }
    saved("/change", asked, told);
  }

  function control(one) {
    const hint = one.kind === "systems" || one.default === one.value || one.name === "note" ? "" : say("default", { value: shownDefault(one) });
    if (one.kind === "systems") {
      const rows = one.systems.map(([code, text]) => [code, input("number", (one.value || {})[code]), text]);
      const shown = element("fieldset", "rules-systems", element("legend", "", one.label), ...rows.map(([, made, text]) => field(text, made)));
      return { name: one.name, shown, read: () => Object.fromEntries(rows.filter(([, made]) => made.value !== "").map(([code, made]) => [code, made.value])),
        reset: () => rows.forEach(([code, made]) => { made.value = (one.default || {})[code] || ""; }) };
    }
    /* Words stand in the reader's language; left as they are, the words held go back. */
    const words = one.kind === "text" ? new Map([[one.shown_default, one.default], [one.shown, one.value]]) : null, value = words ? one.shown : one.value;
    const made = one.kind === "choice" ? select(one.choices, value) : one.name === "note" ? lines(value) : input(one.kind, value);
    const shown = field(one.label, made, hint);
    if (one.name === "note") shown.classList.add("is-wide");
    return { name: one.name, shown, read: () => (words && words.has(made.value) ? words.get(made.value) : made.value),
      reset: () => { made.value = words ? one.shown_default : one.default; } };
  }
  function shownDefault(one) {
    const choice = (one.choices || []).find(([code]) => code === one.default);
    return choice ? choice[1] : one.kind === "text" ? one.shown_default : one.default;
  }

  async function effect(body, told) {
    told.replaceChildren(element("p", "quiet", say("working")));
    told.setAttribute("role", "status");
    try {
      const found = await ask("/effect", body);
      const dated = found.rows.some((row) => row.due_before || row.due_after);
      const head = element("tr", "", ...["", say("before"), say("after"), ...(dated ? [say("due")] : [])].map((text) => element("th", "", text)));
      const rows = found.rows.map((row) => element("tr", "", element("td", "", element("b", "", row.label), element("small", "quiet", row.place)),
        element("td", "", row.before), element("td", "state-" + row.state, row.after), dated ? element("td", "num", row.due_before === row.due_after ? row.due_after : row.due_before + " → " + row.due_after) : null));
      told.replaceChildren(element("h4", "", say("effect")), element("ul", found.worse ? "rules-effect is-late" : "rules-effect", ...found.sentences.map((text) => element("li", "", text))),
        rows.length ? element("table", "rules-rows", element("thead", "", head), element("tbody", "", ...rows)) : null, found.more ? element("p", "quiet", say("more", { n: found.more })) : "");
      told.dataset.seen = JSON.stringify([body.rule, body.changes, body.valid_from]);
      told.scrollIntoView({ block: "nearest" });
    } catch (error) { told.replaceChildren(failed(error)); }
  }

  async function saved(path, body, told) {
    try { await ask(path, body); window.location.reload(); } catch (error) { told.replaceChildren(failed(error)); }
  }

  /* Takes back what one batch wrote; asks once. */
  function undoer(batch, told, question) {
    const made = button(say("undo"), "btn", () => {
      if (undoing !== made) { undoing = made; made.removeAttribute("aria-label"); made.textContent = question; made.classList.add("btn-danger"); return; }
      saved("/undo", { batch }, told);
    });
    return made;
  }

  function history(rule) {
    const made = element("section", "rules-part", element("h3", "", say("history")));
    if (!rule.history.length) made.append(element("p", "quiet", say("no_history")));
    if (rule.editable && rule.history.filter((one) => !one.undone && !one.replaced).length > 1) made.append(element("p", "quiet", say("carried")));
    rule.history.forEach((one) => {
      const told = element("div", "rules-told");
      const line = element("div", "rules-version" + (one.undone || one.replaced ? " is-past" : ""), element("b", "num", say("since", one)), ...one.changes.map((text) => element("span", "", text)),
        element("span", "", one.reason), element("small", "quiet num", one.at + " · " + one.who), one.undone ? element("small", "quiet", say("undone")) : one.replaced ? element("small", "quiet", say("replaced")) : null);
      if (rule.editable && !one.undone) {
        line.append(undoer(one.batch, told, say("undo_ask")));
      }
      made.append(line, told);
    });
    return made;
  }

  function adoptingTogether() {
    const place = byId("rules-adopt");
    if (!place) return;
    const form = element("div", ""), first = button("", "btn btn-primary", () => adopting(unadopted, page.dataset.asOf, form, first.textContent));
    together = () => {
      const n = unadopted().length;
      first.textContent = n ? say("adopt_shown", { n }) : say("none_to_adopt");
      first.disabled = !n;
      form.replaceChildren();
    };
    place.replaceChildren(first, form);
    together();
  }

  function days() {
    const place = byId("rules-days");
    if (!place) return;
    const refused = element("div", "rules-told");
    page.querySelectorAll(".rules-undo-day").forEach((old) => {
      const made = undoer(old.dataset.batch, refused, say("undo_ask"));
      made.setAttribute("aria-label", old.getAttribute("aria-label"));
      made.classList.add("rules-undo-day");
      old.replaceWith(made);
    });
    place.before(refused);
    const day = input("date"), last = input("date"), kindOf = select([["off", place.dataset.off], ["on", place.dataset.on]], "off"), name = input("text"), told = element("div", "rules-told");
    place.replaceChildren(element("div", "rules-form", field(place.dataset.day, day), field(place.dataset.last, last), field(place.dataset.off + " / " + place.dataset.on, kindOf), field(place.dataset.name, name),
      element("div", "rules-actions", button(place.dataset.add, "btn", () => saved("/days", { day: day.value, last_day: last.value, working: kindOf.value === "on", name: name.value }, told))), told));
  }

  function start() {
    const found = document.querySelector(".rules-page");
    if (!found || found === page) return window.dash_clientside.no_update;
    page = found;
    words = JSON.parse(page.dataset.words);
    kind = ""; marks = new Set(); sought = ""; together = null;
    const search = input("search"), place = byId("rules-search");
    search.placeholder = place.dataset.words;
    search.setAttribute("aria-label", place.dataset.words);
    search.addEventListener("input", () => { sought = search.value.trim().toLowerCase(); sift(); });
    place.append(search);
    page.addEventListener("click", (event) => {
      const row = event.target.closest(".rules-row"), chip = event.target.closest(".rules-chip");
      if (row) open(row.dataset.rule); else if (chip) press(chip);
    });
    page.addEventListener("keydown", (event) => { if (event.key === "Escape" && opened) open(null); });
    adoptingTogether();
    days();
    const asked = decodeURIComponent(window.location.hash.slice(1));
    if (asked && page.querySelector('.rules-row[data-rule="' + CSS.escape(asked) + '"]')) {
      open(asked);
      page.querySelector('.rules-row[aria-current]').scrollIntoView({ block: "center" });
    }
    return window.dash_clientside.no_update;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.onemap_rules = { start };
})();
