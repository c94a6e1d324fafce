/* 先行联系: a short sheet (when, how, with what result) that opens from a complaint in the list or from its drawer. */
(function () {
  "use strict";

  function make(tag, attributes, ...content) {
    const made = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([name, value]) => { if (value !== null) made.setAttribute(name, value); });
    made.append(...content);
    return made;
  }

  function words() {
    const holder = document.getElementById("contact-words");
    return holder ? JSON.parse(holder.dataset.words) : null;
  }

  function choices(name, label, options) {
    const box = make("div", { class: "contact-grid" }, ...options.map(([code, text]) =>
      make("label", { class: "contact-choice" }, make("input", { type: "radio", name, value: code }), make("span", {}, text))));
    return make("fieldset", {}, make("legend", {}, label), box);
  }

  async function post(body, said, offline) {
    try {
      const lang = document.documentElement.lang === "en" ? "?lang=en" : "";
      const answer = await fetch("/street/lead" + lang, {
        method: "POST", headers: { "Content-Type": "application/json", "X-Onemap-Request": "1" }, body: JSON.stringify(body),
      });
      const told = await answer.json();
      said.textContent = told.sentence || told.error;
      said.classList.toggle("tone-bad", !answer.ok);
      if (answer.ok) window.dash_clientside.set_props("revision", { data: "/street/lead " + Date.now() });
      return answer.ok ? told : null;
    } catch (error) {
      said.textContent = offline;
      said.classList.add("tone-bad");
      return null;
    }
  }

  function open(lead, name) {
    const say = words();
    if (!say) return;
    const when = make("input", { type: "datetime-local", name: "at", value: say.now, max: say.now, required: "", id: "contact-at" });
    const said = make("p", { class: "contact-said", role: "alert" });
    const save = make("button", { type: "submit", class: "btn is-primary" }, say.save);
    const away = make("button", { type: "button", class: "btn" }, say.cancel);
    const foot = make("footer", {}, save, away);
    const form = make("form", { method: "dialog" },
      make("h2", { id: "contact-title" }, say.title, " ", make("small", { class: "num" }, name)),
      make("label", { class: "contact-when", for: "contact-at" }, make("span", {}, say.when)), when,
      choices("how", say.how, say.hows), choices("result", say.result, say.results), make("p", { class: "hint" }, say.hint), said, foot);
    form.noValidate = true;
    const sheet = make("dialog", { class: "contact-sheet", "aria-labelledby": "contact-title" }, form);
    sheet.addEventListener("close", () => sheet.remove());
    sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
    away.addEventListener("click", () => sheet.close());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const chosen = new FormData(form);
      if (!chosen.get("how") || !chosen.get("result") || !when.value) {
        said.textContent = say.choose;
        said.classList.add("tone-bad");
        return;
      }
      if (save.disabled) return;
      save.disabled = true;
      const zone = say.zone.slice(0, 3) + ":" + say.zone.slice(3);
      const told = await post({ lead, step: "contacted", at: when.value + zone, how: chosen.get("how"), result: chosen.get("result") }, said, say.offline);
      save.disabled = false;
      if (!told) return;
      // What was written can be taken back here, before the sheet is shut.
      const undo = make("button", { type: "button", class: "btn" }, say.undo);
      undo.addEventListener("click", async () => {
        undo.disabled = true;
        const taken = await post({ lead, step: "undo", batch: told.batch }, said, say.offline);
        if (taken) undo.remove(); else undo.disabled = false;
      });
      away.textContent = say.close;
      away.classList.add("is-primary");
      form.querySelectorAll("input").forEach((input) => { input.disabled = true; });
      foot.replaceChildren(undo, away);
      away.focus();
    });
    document.body.append(sheet);
    sheet.showModal();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-contact]");
    if (button) open(button.dataset.contact, button.dataset.name);
  });
})();
