// The buttons on the map and the line that says where it comes from.

import { icon, make } from "./dom.js";

export function button(name, label, press) {
  return make("button", { type: "button", class: "map-button", "aria-label": label, title: label, onclick: press }, icon(name));
}

export class Controls {
  constructor({ words, wall, zoomIn, zoomOut, home, layers, table, full }) {
    this.fullButton = button("maximize", words.full, full);
    this.layersButton = button("layers", words.layers, layers);
    this.layersButton.dataset.toggleHere = "layers";
    this.tableButton = button("table-2", words.table, table);
    this.tableButton.setAttribute("aria-pressed", "false");
    this.element = make("div", { class: "map-controls", role: "group", "aria-label": words.controls, hidden: wall },
      make("div", { class: "map-group" }, this.layersButton, this.tableButton),
      make("div", { class: "map-group" }, button("plus", words.zoomIn, zoomIn), button("minus", words.zoomOut, zoomOut), button("house", words.home, home)),
      make("div", { class: "map-group" }, this.fullButton));
  }
}

/** 审图号, where the outlines come from, 界线为示意, 演示数据. */
export function notices(texts) {
  return make("p", { class: "map-notices" }, ...texts.filter(Boolean).map((text) => make("span", { text })));
}
