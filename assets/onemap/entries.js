/* What a person ticks and enters on the score page: makes the inputs of a folded form, sends it, shows the page anew; takes an entry back. */
(function () {
  "use strict";

  async function send(holder, body) {
    try {
      const answer = await fetch(holder.dataset.path + "?lang=" + encodeURIComponent(holder.dataset.lang), {
        method: "POST", headers: { "Content-Type": "application/json", "X-Onemap-Request": "1" }, body: JSON.stringify(body),
      });
      const told = await answer.json();
      return answer.ok ? { done: told.sentence } : { wrong: told.error || holder.dataset.offline };
    } catch (error) {
      return { wrong: holder.dataset.offline };
    }
  }

  function fields(form) {
    form.querySelectorAll(".entry-field:not([data-made])").forEach((span) => {
      const { name, type, value, inputmode, of } = span.dataset;
      const input = document.createElement("input");
      const label = document.createElement("label");
      input.type = type;
      input.name = name;
      input.value = type === "date" ? form.dataset.today : value;
      if (type === "date") input.max = form.dataset.today;
      if (inputmode) input.inputMode = inputmode;
      input.maxLength = 200;
      input.id = "entry-" + name + "-" + of;
      label.htmlFor = input.id;
      label.textContent = span.textContent;
      span.dataset.made = "1";
      span.replaceChildren(label, input);
    });
  }

  document.addEventListener("toggle", (event) => {
    if (event.target.matches && event.target.matches("details.entry") && event.target.open) {
      fields(event.target.querySelector(".entry-form"));
      const first = event.target.querySelector("input");
      if (first) first.focus();
    }
  }, true);

  document.addEventListener("click", async (event) => {
    const tick = event.target.closest("button.tick");
    if (tick) {
      tick.setAttribute("aria-checked", String(tick.getAttribute("aria-checked") !== "true"));
      const chosen = [...document.querySelectorAll("button.tick[aria-checked='true']")].map((one) => one.dataset.tick);
      window.dash_clientside.set_props("score-ticks", { value: chosen });
      return;
    }
    const save = event.target.closest(".entry-save");
    const undo = event.target.closest(".entry-undo");
    if (save) {
      const form = save.closest(".entry-form");
      const body = {};
      Object.entries(form.dataset).forEach(([name, value]) => { if (name.startsWith("fixed")) body[name.slice(5).toLowerCase()] = value; });
      form.querySelectorAll("input").forEach((input) => { body[input.name] = input.value.trim(); });
      save.disabled = true;
      const { done, wrong } = await send(form, body);
      save.disabled = false;
      const said = form.querySelector(".entry-said");
      said.textContent = done || wrong;
      said.classList.toggle("tone-bad", Boolean(wrong));
      if (done) window.location.reload();
    } else if (undo) {
      if (!undo.dataset.sure) {
        undo.dataset.sure = "1";
        undo.textContent = undo.dataset.ask;
        return;
      }
      undo.disabled = true;
      const { done, wrong } = await send(undo, { batch: undo.dataset.batch });
      undo.disabled = false;
      undo.textContent = done || wrong;
      if (done) window.location.reload();
    }
  });
})();
