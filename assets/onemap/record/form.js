/* The form of one record: draws it, reads it, shows what must be mended. */
(function () {
  "use strict";

  /* How often the page itself asks the device where it is, and how long it waits in between. */
  const MOST_TRIES = 4, PAUSE_MS = 2000;

  function element(tag, className, ...content) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...content.filter((part) => part !== null && part !== undefined && part !== false));
    return made;
  }

  function icon(name) {
    const made = element("i", "ic ic-" + name);
    made.setAttribute("aria-hidden", "true");
    return made;
  }

  function button(className, act, ...content) {
    const made = element("button", className, ...content);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function list(name, options, value, empty) {
    const made = element("select", "field-input");
    made.name = name;
    if (empty !== null) made.append(new Option(empty, ""));
    options.forEach(([code, text]) => made.append(new Option(text, code)));
    made.value = value || "";
    return made;
  }

  let numbers = 0;
  function field(label, input, hint) {
    numbers += 1;
    input.id = input.id || "field-" + numbers;
    const head = element("label", "field-label", label);
    head.htmlFor = input.id;
    const made = element("div", "field", head, input);
    made.dataset.field = input.name;
    if (hint) {
      const told = element("p", "hint", hint);
      told.id = input.id + "-hint";
      input.setAttribute("aria-describedby", told.id);
      made.append(told);
    }
    return made;
  }

  /* One choice of several as big buttons; a group of radio buttons for the keyboard and screen readers. */
  function choices(name, label, options, value, columns, changed) {
    const group = element("fieldset", "field choices", element("legend", "field-label", label));
    group.dataset.field = name;
    const box = element("div", "choice-grid is-" + columns);
    options.forEach(([code, text]) => {
      const radio = element("input", "");
      radio.type = "radio";
      radio.name = name;
      radio.value = code;
      radio.checked = code === value;
      radio.addEventListener("change", () => changed(code));
      box.append(element("label", "choice", radio, element("span", "", text)));
    });
    group.append(box);
    return group;
  }

  function tick(name, text, checked) {
    const box = element("input", "");
    box.type = "checkbox";
    box.name = name;
    box.checked = Boolean(checked);
    const made = element("label", "tick", box, element("span", "", text));
    made.dataset.field = name;
    return made;
  }

  /* A picture's small likeness, drawn here: nothing is loaded from anywhere. */
  async function likeness(blob) {
    try {
      const picture = await createImageBitmap(blob);
      const scale = Math.min(1, 240 / Math.max(picture.width, picture.height));
      const canvas = element("canvas", "");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return canvas;
    } catch (error) { return icon("file-text"); }
  }

  /*
   * Draws the form into a place.
   *
   * about: words and lists of the page; target: what is visited (may be null without a network);
   * given: values of a record that is mended or changed; editing: whether it is a change of a sent one.
   */
  function draw(place, { about, target, given, editing, photos, say, report, typed }) {
    const state = { outcome: given.outcome || null, category: given.category || null, position: given.position || null, photos: [...(photos || [])], removed: [] };
    const changed = () => { if (typed) typed(); };
    const kind = target ? target.kind : given.kind;
    const form = element("form", "record-form");
    form.noValidate = true;
    form.addEventListener("submit", (event) => event.preventDefault());

    /* Position */
    const told = element("div", "location", icon("map-pin"), element("span", "location-text", ""));
    told.setAttribute("role", "status");
    let map = null;
    function showPosition(problem) {
      const position = state.position;
      const said = position ? window.onemap.place.sentence(position, target, say) : { text: say(problem || "no_fix"), outside: false };
      told.querySelector(".location-text").textContent = said.text;
      told.className = "location" + (position ? (said.outside ? " is-outside" : " is-inside") : " is-none");
      if (map) map.show(position);
      clear.hidden = !position;
    }
    const setPosition = (position) => { state.position = position; showPosition(); };
    const choosePosition = (position) => { setPosition(position); changed(); };
    const clear = button("btn", () => choosePosition(null), say("clear"));
    /* Asked for, a measured position takes the place of a tapped one; asked by the page itself, never. */
    async function locate(own) {
      const wanted = own !== true;
      told.querySelector(".location-text").textContent = say("locating");
      const needed = () => !state.position && form.isConnected;
      const measured = await window.onemap.place.measureUntil({ tries: MOST_TRIES, pauseMs: PAUSE_MS, needed, missed: showPosition });
      if (!measured) return;
      if (wanted || !state.position) setPosition(measured); else showPosition();
    }
    if (!editing) {
      map = target ? window.onemap.place.smallMap(target, about.words, ([lon, lat]) =>
        choosePosition({ lon: Math.round(lon * 1e7) / 1e7, lat: Math.round(lat * 1e7) / 1e7, how: "tapped" })) : null;
      const tools = element("div", "location-tools", window.isSecureContext ? button("btn", locate, icon("locate-fixed"), say("locate")) : null, clear);
      const section = element("section", "field", element("h2", "field-label", say("position")), told, map ? map.element : null, map ? element("p", "hint", say("tap")) : null, tools);
      section.dataset.field = "position";
      form.append(section);
    }

    /* Outcome */
    const options = about.outcomes.filter(([code]) => code !== "closed" || kind === "site");
    form.append(choices("outcome", say("outcome"), options, state.outcome, 2, (code) => { state.outcome = code; follow(); }));

    /* What the check of a lead came to */
    let checked = null;
    if (kind === "lead") {
      state.lead_result = editing || given.lead_result ? given.lead_result || null : null;
      checked = choices("lead_result", say("lead_result"), about.lead_results, state.lead_result, 3, (code) => { state.lead_result = code; });
      form.append(checked);
    }

    /* What is suspected */
    const rest = about.categories.filter(([code]) => !about.quick.includes(code));
    const other = list("category_other", rest, about.quick.includes(state.category) ? "" : state.category, say("other"));
    other.setAttribute("aria-label", say("other"));
    const quick = choices("category", say("category"), about.quick.map((code) => about.categories.find((one) => one[0] === code)), state.category, 3, (code) => { state.category = code; other.value = ""; });
    other.addEventListener("change", () => {
      state.category = other.value || null;
      quick.querySelectorAll("input").forEach((radio) => { radio.checked = false; });
    });
    quick.append(other);
    const premises = field(say("premises"), list("premises", about.premises, given.premises || (target && target.premises), say("choose")));
    const propose = tick("propose_case", say("propose"), given.propose_case);
    const shut = tick("close_site", say("close_site"), given.close_site);
    form.append(quick, premises, propose, shut);

    /* Photographs */
    const shelf = element("div", "photo-shelf");
    const picker = element("input", "visually-hidden");
    picker.type = "file";
    picker.accept = "image/jpeg,image/png,image/webp";
    picker.multiple = true;
    picker.id = "photo-picker";
    picker.tabIndex = -1;
    picker.setAttribute("aria-hidden", "true");
    const add = button("photo-add", () => picker.click(), icon("camera"), element("span", "visually-hidden", say("add_photo")));
    const already = (given.photo_ids || []).map((id) => ({ id }));
    const count = () => already.filter((one) => !state.removed.includes(one.id)).length + state.photos.length;
    async function showPhotos() {
      const shown = [];
      already.filter((one) => !state.removed.includes(one.id)).forEach((one) => {
        const picture = element("img", "");
        picture.src = "/visits/photos/" + one.id;
        picture.alt = say("photo_n", { n: shown.length + 1 });
        shown.push([picture, () => state.removed.push(one.id)]);
      });
      for (const blob of state.photos) shown.push([await likeness(blob), () => state.photos.splice(state.photos.indexOf(blob), 1)]);
      shelf.replaceChildren(...shown.map(([picture, drop], place) => {
        const off = button("photo-off", () => { drop(); showPhotos(); changed(); }, icon("x"));
        off.setAttribute("aria-label", say("remove_photo") + " " + (place + 1));
        return element("div", "photo", picture, off);
      }), add);
      add.hidden = count() >= about.limits.photos;
    }
    picker.addEventListener("change", () => {
      pictures.querySelectorAll(".problem").forEach((one) => one.remove());
      for (const file of picker.files) {
        if (count() >= about.limits.photos) break;
        if (file.size > about.limits.photo_bytes) { report("photos", say("too_big", { n: about.limits.photo_bytes / 1048576 })); continue; }
        if (!/^image\/(jpeg|png|webp)$/.test(file.type)) { report("photos", say("not_picture")); continue; }
        state.photos.push(file);
      }
      picker.value = "";
      showPhotos();
      changed();
    });
    const pictures = element("section", "field", element("h2", "field-label", say("photos") + " " + say("photos_most", { n: about.limits.photos })), shelf, picker);
    pictures.dataset.field = "photos";
    form.append(pictures);

    /* Words */
    const note = element("textarea", "field-input");
    note.name = "note";
    note.rows = 3;
    note.maxLength = about.limits.note;
    note.value = given.note || "";
    form.append(field(say("note"), note));
    const visits = element("input", "field-input");
    visits.name = "visits";
    visits.type = "number";
    visits.inputMode = "numeric";
    visits.min = 1;
    visits.max = about.limits.visits;
    visits.value = given.visits || 1;
    const mode = list("mode", about.modes, given.mode || (target && target.mode) || "patrol", null);
    form.append(element("div", "field-pair", field(say("mode"), mode), field(say("visits"), visits)));

    /* The registration form of S3 附件1 */
    const sheet = element("details", "sheet", element("summary", "", say("form")), element("p", "hint", say("form_hint")));
    const held = given.form || {};
    about.form.forEach((one) => {
      if (one.bool) { sheet.append(tick("form." + one.name, one.label, held[one.name])); return; }
      const masked = given.masked && held[one.name] && !one.words;
      const input = one.words ? list("form." + one.name, one.words, held[one.name], say("choose")) : element("input", "field-input");
      input.name = "form." + one.name;
      if (!one.words) {
        input.maxLength = one.most;
        input.autocomplete = "off";
        if (one.name === "phone") input.type = "tel";
        input.value = masked ? "" : held[one.name] || "";
        if (masked) input.placeholder = held[one.name];
      }
      sheet.append(field(one.label, input, masked ? say("masked") : null));
    });
    sheet.open = Object.keys(held).length > 0;
    form.append(sheet);

    function follow() {
      const found = state.outcome === "suspect" || state.outcome === "confirmed";
      quick.hidden = premises.hidden = !found;
      propose.hidden = state.outcome !== "confirmed";
      if (checked) {
        // Nobody got in: nothing was checked yet.
        checked.querySelectorAll("input").forEach((radio) => {
          radio.disabled = (state.outcome === "no_access" && radio.value !== "pending") || (state.outcome === "confirmed" && radio.value === "unfounded");
          if (radio.disabled && radio.checked) { radio.checked = false; state.lead_result = null; }
        });
      }
      shut.hidden = state.outcome !== "closed" || (target && !target.can_close && !given.close_site);
    }

    function readForm() {
      const read = {};
      about.form.forEach((one) => {
        const input = form.elements["form." + one.name];
        const before = held[one.name];
        if (one.bool) {
          if (editing ? input.checked !== Boolean(before) : input.checked) read[one.name] = input.checked;
        } else if (editing) {
          const masked = given.masked && before && !one.words;
          if (masked ? input.value !== "" : input.value !== (before || "")) read[one.name] = input.value;
        } else if (input.value.trim()) read[one.name] = input.value;
      });
      return read;
    }

    function values() {
      const found = state.outcome === "suspect" || state.outcome === "confirmed";
      return {
        ...(checked ? { lead_result: state.lead_result } : {}),
        outcome: state.outcome, mode: mode.value, visits: Number(visits.value), note: note.value,
        category: found ? state.category : null, premises: found ? premises.querySelector("select").value || null : null,
        form: readForm(), close_site: state.outcome === "closed" && !shut.hidden && shut.querySelector("input").checked,
        propose_case: state.outcome === "confirmed" && propose.querySelector("input").checked,
        ...(editing ? {} : { position: state.position }),
      };
    }

    /* The plain values of a record, or null with what is missing said. */
    function read() {
      if (!state.outcome) { report("outcome", say("need_outcome")); return null; }
      if (checked && !state.lead_result) { report("lead_result", say("need_result")); return null; }
      return values();
    }

    /* What a draft keeps: all of it but a position that was measured, which is measured again. */
    function draft() {
      const kept = values();
      if (kept.position && kept.position.how !== "tapped") kept.position = null;
      return kept;
    }

    /* Choose 发现疑似 and go to what is suspected; says whether it was chosen already. */
    function suspect() {
      const before = state.outcome === "suspect" || state.outcome === "confirmed";
      if (!before) {
        form.querySelector("input[name=outcome][value=suspect]").click();
        quick.querySelector("input").focus();
      }
      return before;
    }

    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    place.append(form);
    follow();
    showPhotos();
    if (!editing) {
      showPosition();
      if (!state.position && window.isSecureContext) locate(true);
    }
    return { form, read, draft, suspect, photos: () => [...state.photos], removed: () => [...state.removed] };
  }

  window.onemap = window.onemap || {};
  window.onemap.recordForm = { draw, element, icon, button, field, list };
})();
