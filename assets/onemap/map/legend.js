// The legend and the switches of the layers.

import { colorOf, faded } from "./colors.js";
import { icon, make } from "./dom.js";
import { ink } from "./style.js";
import { inks } from "./symbols.js";
import { go } from "./view.js";

const SVG = "http://www.w3.org/2000/svg";

export class Legend {
  constructor(config) {
    this.config = config;
    this.element = make("div", { class: "map-legend" });
    this.switches = make("div", { class: "map-layers", id: "layers", role: "group", hidden: true });
    this.opener = null;
  }

  get isOpen() {
    return !this.switches.hidden;
  }

  toggle(open = !this.isOpen) {
    if (open) this.opener = document.activeElement;
    this.switches.hidden = !open;
    document.querySelectorAll("[data-toggle=layers]").forEach((button) => button.setAttribute("aria-expanded", String(open)));
    if (open) this.switches.querySelector("input:checked, input")?.focus({ preventScroll: true });
    else if (this.switches.contains(document.activeElement) || document.activeElement === document.body) {
      this.opener?.focus?.({ preventScroll: true });
    }
  }

  draw({ view, paint, layers, words, areas }) {
    this.element.replaceChildren(this.collapse(words), this.entries({ view, paint, layers, words }));
    this.drawSwitches({ view, paint, layers, words, areas });
  }

  collapse(words) {
    return make("button", {
      type: "button", class: "map-legend-toggle", "aria-expanded": String(this.element.hasAttribute("data-open")), "aria-label": words.legend,
      onclick: (event) => {
        const open = this.element.toggleAttribute("data-open");
        event.currentTarget.setAttribute("aria-expanded", String(open));
      },
    }, icon("list"), make("span", { text: words.legend }));
  }

  /** One row a layer: what it is, then its classes. */
  entries({ view, paint, layers, words }) {
    const list = make("ul", { class: "map-legend-list" });
    const row = (title, entries) => list.append(make("li", {}, make("b", { text: title }), ...entries));
    const entry = (sign, text) => make("span", {}, sign, text);
    if (this.config.wall) {
      for (const layer of layers.filter((one) => view.points.includes(one.name))) {
        row(layer.title, [entry(this.symbol(layer, layer.classes[0], view.theme), layer.shape === "diamond" ? layer.classes[0].label : layer.title)]);
      }
      return list;
    }
    const areas = paint.classes.filter((one) => one.in_legend).map((one) => entry(this.swatch(one, view.theme), one.label));
    if (view.area) areas.push(entry(this.swatch({ color: "neutral" }, view.theme), words.outside));
    row(paint.title, areas);
    for (const layer of layers.filter((one) => one.geometry === "point" && view.points.includes(one.name))) {
      row(layer.title, layer.classes.filter((one) => one.in_legend).map((one) => entry(this.symbol(layer, one, view.theme), one.label)));
    }
    return list;
  }

  swatch(one, theme) {
    const color = colorOf(this.config, one.color, theme);
    const style = one.pattern
      ? { background: `repeating-linear-gradient(45deg, ${color} 0 2px, ${faded(color, 0.3)} 2px 6px)` }
      : { background: color };
    return make("i", { class: one.color === "neutral" ? "map-swatch is-neutral" : "map-swatch", style, "aria-hidden": "true" });
  }

  symbol(layer, one, theme) {
    const drawn = document.createElementNS(SVG, "svg");
    drawn.setAttribute("viewBox", "0 0 24 24");
    drawn.setAttribute("aria-hidden", "true");
    const add = (tag, attributes) => {
      const part = document.createElementNS(SVG, tag);
      Object.entries(attributes).forEach(([name, value]) => part.setAttribute(name, value));
      drawn.append(part);
    };
    if (layer.shape === "dot") {
      const color = colorOf(this.config, one.color, theme);
      const fill = one.filled ? color : ink(theme).outline;
      if (one.ring) add("circle", { cx: 12, cy: 12, r: 9, fill: "none", stroke: color, "stroke-width": 1.8 });
      add("circle", { cx: 12, cy: 12, r: 5 * one.size, fill, stroke: one.filled ? "none" : color, "stroke-width": 1.8 });
    } else {
      const { fill, stroke } = inks(this.config, one, theme);
      const path = layer.shape === "diamond" ? "M12 2l10 10-10 10L2 12z" : "M12 4.5l7.5 14h-15z";
      add("path", { d: path, fill, stroke, "stroke-width": 1.8, "stroke-linejoin": "round" });
    }
    return drawn;
  }

  drawSwitches({ view, paint, layers, words, areas }) {
    const held = this.switches.contains(document.activeElement) ? document.activeElement.value : null;
    const group = (title, children) => make("fieldset", {}, make("legend", { text: title }), ...children);
    const paints = layers.filter((one) => one.geometry !== "point" && (!areas || areas.has(one.geometry))
      && !(view.area && one.geometry === "street"));
    const points = layers.filter((one) => one.geometry === "point");
    const choose = (layer) => make("label", {},
      make("input", {
        type: "radio", name: "map-paint", value: layer.name, checked: layer.name === paint.name,
        onchange: () => go({ paint: layer.name === this.config.paint ? null : layer.name, ...(layer.geometry === "grid" ? { by: null } : {}) }),
      }), make("span", { text: layer.title }));
    const tick = (layer) => make("label", {},
      make("input", {
        type: "checkbox", value: layer.name, checked: view.points.includes(layer.name),
        onchange: (event) => {
          const wanted = points.map((one) => one.name)
            .filter((name) => (name === layer.name ? event.currentTarget.checked : view.points.includes(name)));
          const usual = points.every((one) => one.shown === wanted.includes(one.name));
          go({ layers: usual ? null : wanted.join(",") || "none" });
        },
      }), make("span", { text: layer.title }));
    this.switches.setAttribute("aria-label", words.layers);
    this.switches.replaceChildren(group(words.paints, paints.map(choose)), group(words.points, points.map(tick)));
    if (held) this.switches.querySelector(`input[value="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  }
}
