/* The import page: sends a file, shows the preview, takes the good rows, undoes a batch. */
(function () {
  "use strict";
  const { element, button } = window.onemap.forms;
  let page, words, current = null, chosen = null, sheet = "", undoing = null;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  const say = (name, values) => fill(words[name], values || {});
  const byId = (id) => document.getElementById(id);

  async function ask(path, options) {
    const lang = "lang=" + encodeURIComponent(page.dataset.lang);
    let answer;
    try {
      answer = await fetch(path + "?" + lang, {
        ...options, cache: "no-store", headers: { "X-Onemap-Request": "1", ...(options && options.headers) },
      });
    } catch (error) {
      throw new Error(say("offline"));
    }
    let told = {};
    try { told = await answer.json(); } catch (error) { /* an answer without words */ }
    if (!answer.ok) throw new Error(told.error || say("offline"));
    return told;
  }

  const post = (path, body) => ask(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });

  function show(...content) {
    const place = byId("import-result");
    place.replaceChildren(...content);
  }

  function failed(error) {
    const again = button(say("again"), "btn", pick);
    show(element("div", "import-failed", element("b", "", say("failed")), element("p", "", error.message), again));
    again.focus();
  }

  function busy(text) {
    const bar = element("div", "import-busy", element("i", ""), element("span", "", text));
    bar.setAttribute("role", "progressbar");
    show(bar);
  }

  async function preview(file) {
    if (file && file.size > Number(page.dataset.most)) {
      failed(new Error(say("too_large", { n: Math.floor(Number(page.dataset.most) / 1048576) })));
      return;
    }
    const form = new FormData();
    if (file) { chosen = file; sheet = ""; form.append("file", file); } else form.append("token", current.token);
    form.append("sheet", sheet);
    form.append("kind", byId("import-kind").value);
    form.append("level", byId("import-level").value);
    busy(say("reading", { file: file ? file.name : current.file }));
    try {
      current = await ask("/import/preview", { method: "POST", body: form });
    } catch (error) { failed(error); return; }
    if (current.sheets) { sheets(current); return; }
    byId("import-level-field").hidden = current.kind !== "areas";
    drawn(current);
  }

  /* A file with several sheets or layers: the person says which; the file is not sent again. */
  function sheets(found) {
    const choices = element("div", "import-actions", ...found.sheets.map((name) => button(name, "btn", () => {
      sheet = name;
      preview(null);
    })));
    show(element("div", "import-file", element("b", "", found.file)), element("p", "", found.sentence), choices,
      element("div", "import-actions", button(say("again"), "btn", pick)));
    choices.firstChild.focus();
  }

  function drawn(found) {
    const counts = found.counts;
    const parts = [["good", counts.good], ["changed", counts.changed], ["same", counts.same], ["refused", counts.refused], ["to_confirm", counts.to_confirm]];
    const bar = element("div", "import-bar", ...parts.filter(([, n]) => n).map(([name, n]) => {
      const piece = element("i", "is-" + name);
      piece.style.flexGrow = n;
      return piece;
    }));
    bar.setAttribute("role", "img");
    bar.setAttribute("aria-label", parts.map(([name, n]) => say(name) + " " + n).join("，"));
    const numbers = element("div", "import-counts", ...parts.filter(([name, n]) => n || name === "good").map(([name, n]) =>
      element("span", "is-" + name, element("b", "num", n.toLocaleString("en")), " " + say(name))));
    const head = element("div", "import-file", element("b", "", found.file),
      element("span", "quiet", say("kind_is", { kind: found.kind_name })),
      element("span", "num quiet", say("read", { n: counts.read.toLocaleString("en") })));
    const takes = counts.good + counts.changed;
    const confirm = element("input", "");
    confirm.type = "checkbox";
    confirm.id = "import-confirm";
    const primary = button("", "btn btn-primary", () => take(confirm.checked));
    const label = () => {
      const n = takes + (confirm.checked ? counts.to_confirm : 0);
      primary.textContent = n ? say("take", { n: n.toLocaleString("en") }) : say("nothing");
      primary.disabled = !n;
    };
    confirm.addEventListener("change", label);
    label();
    const actions = element("div", "import-actions", primary);
    if (counts.refused) {
      const link = element("a", "btn", say("download"));
      link.href = "/import/refused/" + found.token + "?lang=" + page.dataset.lang;
      link.setAttribute("download", "");
      actions.append(link);
    }
    actions.append(button(say("again"), "btn", pick));
    const check = counts.to_confirm
      ? element("label", "import-confirm", confirm, say("confirm", { n: counts.to_confirm })) : null;
    show(...[head, bar, numbers, notes(found.notes), table(found), check, actions].filter(Boolean));
    primary.focus();
  }

  function notes(list) {
    return list.length ? element("ul", "import-notes", ...list.map((text) => element("li", "", text))) : null;
  }

  function table(found) {
    const groups = [["refused", found.refused, found.counts.refused], ["confirm", found.confirm, found.counts.to_confirm]];
    const rows = [];
    groups.forEach(([name, list, total]) => {
      if (!total) return;
      rows.push(element("tr", "import-group is-" + name, spanning(say(name + "_head", { n: total }))));
      list.forEach((one) => rows.push(element("tr", "",
        element("td", "num", String(one.row)),
        element("td", "", one.field + " ", element("mark", "is-" + name, one.found === "" ? say("empty") : one.found)),
        element("td", "", one.sentence))));
      if (total > list.length) rows.push(element("tr", "quiet", spanning(say("more", { n: total - list.length }))));
    });
    if (found.counts.changed) {
      rows.push(element("tr", "import-group is-changed", spanning(say("changes_head", { n: found.counts.changed }))));
      found.changes.forEach((one) => rows.push(element("tr", "",
        element("td", "num", String(one.row)), element("td", "", one.field),
        element("td", "", element("s", "quiet", one.old || say("empty")), " → ", one.new || say("empty")))));
    }
    if (!rows.length) return null;
    const head = element("thead", "", element("tr", "", ...["row", "content", "problem"].map((name) => element("th", "", say(name)))));
    return element("div", "import-table", element("table", "", head, element("tbody", "", ...rows)));
  }

  function spanning(text) {
    const cell = element("td", "", text);
    cell.colSpan = 3;
    return cell;
  }

  async function take(confirm) {
    const taken = current;
    busy(say("taking"));
    try {
      const told = await post("/import/take", { token: taken.token, hash: taken.hash, confirm });
      const link = element("a", "btn btn-primary", say("map_link"));
      link.href = "/";
      const actions = element("div", "import-actions", link, button(say("again"), "btn", pick));
      if (taken.counts.refused) {
        const refused = element("a", "btn", say("download"));
        refused.href = "/import/refused/" + taken.token + "?lang=" + page.dataset.lang;
        refused.setAttribute("download", "");
        actions.append(refused);
      }
      show(element("div", "import-done", element("b", "", say("done")), element("p", "", told.sentence), actions));
      link.focus();
    } catch (error) { failed(error); }
    batches();
  }

  async function batches() {
    const place = byId("import-batches");
    if (!place) return;
    try {
      const told = await ask("/import/batches");
      if (!told.batches.length) { place.replaceChildren(element("p", "quiet", say("no_batches"))); return; }
      place.replaceChildren(...told.batches.map(batch));
    } catch (error) { place.replaceChildren(element("p", "quiet", error.message)); }
  }

  function batch(one) {
    const line = element("div", "import-batch" + (one.undone ? " is-undone" : ""),
      element("b", "", one.kind), element("span", "num quiet", one.at),
      element("span", "quiet", one.file), element("span", "quiet num", say("batch_rows", one)));
    if (one.undone) line.append(element("span", "quiet", say("undone", { at: one.undone })));
    else {
      const asked = undoing === one.id;
      line.append(button(asked ? say("undo_ask") : say("undo"), asked ? "btn btn-danger" : "btn", async () => {
        if (undoing !== one.id) { undoing = one.id; batches(); return; }
        undoing = null;
        try { await post("/import/undo", { batch: one.id }); } catch (error) { failed(error); }
        batches();
      }));
    }
    return line;
  }

  function pick() {
    const field = document.createElement("input");
    field.type = "file";
    field.accept = page.dataset.accept;
    field.addEventListener("change", () => { if (field.files.length) preview(field.files[0]); });
    field.click();
    window.onemap.lastPicker = field;
  }

  function start() {
    const found = document.querySelector(".import-page");
    if (!found || found === page) return window.dash_clientside.no_update;
    page = found;
    words = JSON.parse(page.dataset.words);
    const drop = byId("import-drop");
    drop.addEventListener("click", pick);
    ["dragover", "dragleave", "drop"].forEach((name) => page.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("is-over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) preview(event.dataTransfer.files[0]);
    }));
    byId("import-kind").addEventListener("change", () => {
      byId("import-level-field").hidden = byId("import-kind").value !== "areas";
      if (current) preview(null);
    });
    byId("import-level").addEventListener("change", () => { if (current) preview(null); });
    batches();
    document.addEventListener("onemap:revision", batches);
    return window.dash_clientside.no_update;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.onemap_import = { start };
  window.onemap = window.onemap || {};
  window.onemap.importing = { preview };
})();
