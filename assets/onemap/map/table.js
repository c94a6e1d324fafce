// The table that says the same as a layer: for the keyboard, the screen reader, and without WebGL2.

import { filled, icon, make } from "./dom.js";
import { go } from "./view.js";
import { filtersOf, getJson } from "./wire.js";

export class Table {
  constructor(config) {
    this.config = config;
    this.element = make("section", { class: "map-table", hidden: true });
    this.layer = null;
    this.asked = { page: 0, sort: "", down: 1 };
  }

  get isOpen() {
    return !this.element.hidden;
  }

  async open(layer, words, lang, focus = true) {
    this.element.hidden = false;
    await this.show(layer, words, lang);
    if (focus) this.element.querySelector("select")?.focus({ preventScroll: true });
  }

  close() {
    this.element.hidden = true;
  }

  async show(layer, words, lang) {
    if (layer !== this.layer) this.asked = { page: 0, sort: "", down: 1 };
    Object.assign(this, { layer, words, lang });
    this.request?.abort();
    this.request = new AbortController();
    const query = filtersOf(window.location.search);
    Object.entries({ ...this.asked, lang }).forEach(([key, value]) => query.set(key, value));
    try {
      const { json } = await getJson(`${this.config.base}table/${layer}?${query}`, this.request.signal);
      this.draw(json);
    } catch (error) {
      if (error.name !== "AbortError") this.draw({ columns: [], rows: [], total: 0, page: 0, pages: 1, failed: error.message });
    }
  }

  draw(found) {
    const { words, lang } = this;
    const layers = this.config.words[lang].layers;
    const choose = make("select", { "aria-label": words.layers, onchange: (event) => this.show(event.currentTarget.value, words, lang) },
      ...layers.map((one) => make("option", { value: one.name, selected: one.name === this.layer, text: one.title })));
    const close = this.only ? null : make("button", {
      type: "button", class: "map-button", "aria-label": words.close, title: words.close,
      onclick: () => this.element.dispatchEvent(new CustomEvent("shut")),
    }, icon("x"));
    const count = make("span", { class: "map-table-count", role: "status", text: found.failed || filled(words.rows, { n: found.total }) });
    const body = found.rows.length ? this.table(found) : make("p", { class: "map-table-empty", text: found.failed || words.noRows });
    this.element.replaceChildren(make("div", { class: "map-table-head" }, choose, count, close), body, ...this.pages(found));
  }

  table({ title, columns, rows }) {
    const sorted = this.asked.sort;
    const head = columns.map((column) => make("th", {
      scope: "col", class: column.number ? "is-number" : null,
      "aria-sort": column.field === sorted ? (this.asked.down ? "descending" : "ascending") : null,
    }, make("button", { type: "button", text: column.header, onclick: () => this.sort(column.field) })));
    const lines = rows.map(({ select, cells }) => make("tr", {}, ...cells.map((text, at) => {
      const number = columns[at].number ? "is-number" : null;
      if (at > 0) return make("td", { class: number, text });
      return make("th", { scope: "row" }, make("button", { type: "button", class: "map-table-go", text, onclick: () => this.choose(select) }));
    })));
    return make("div", { class: "map-table-scroll", tabindex: "0", role: "region", "aria-label": title },
      make("table", {}, make("caption", { class: "sr-only", text: title }), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...lines)));
  }

  sort(field) {
    this.asked = { page: 0, sort: field, down: this.asked.sort === field ? 1 - this.asked.down : 1 };
    this.show(this.layer, this.words, this.lang);
  }

  choose(select) {
    const [kind, id] = [select.slice(0, select.indexOf(":")), select.slice(select.indexOf(":") + 1)];
    if (kind === "street" || kind === "neighbourhood") go({ area: id, select: null });
    else go({ select });
  }

  pages({ page, pages }) {
    if (pages < 2) return [];
    const turn = (to, name, label) => make("button", {
      type: "button", class: "map-button", disabled: to < 0 || to >= pages, "aria-label": label, title: label,
      onclick: () => { this.asked.page = to; this.show(this.layer, this.words, this.lang); },
    }, icon(name));
    return [make("div", { class: "map-table-pages" }, turn(page - 1, "chevron-left", this.words.before),
      make("span", { class: "num", text: `${page + 1} / ${pages}` }), turn(page + 1, "chevron-right", this.words.after))];
  }
}
