// The card beside what the pointer or the keyboard is on, and the one pinned to what is selected.

import { filled, make } from "./dom.js";

const GAP = 26;

export class Card {
  constructor(holder, words) {
    this.words = words;
    this.leader = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.leader.setAttribute("class", "map-leader");
    this.leader.setAttribute("aria-hidden", "true");
    this.line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    this.leader.append(this.line);
    this.hovered = make("div", { class: "map-card", role: "status", hidden: true });
    this.pinned = make("div", { class: "map-card is-pinned", role: "group", hidden: true });
    this.holder = holder;
    this.anchor = null;
    holder.append(this.leader, this.pinned, this.hovered);
  }

  /** Show content beside a point of the screen; null hides. */
  hover(content, at) {
    this.hovered.hidden = !content;
    if (!content) return;
    this.fill(this.hovered, content, false);
    this.put(this.hovered, at.x + 18, at.y + 18, at);
  }

  /** Pin content to a place (lon, lat); null takes it off. */
  pin(content, place) {
    this.anchor = content && place ? place : null;
    this.pinned.hidden = !this.anchor;
    this.leader.style.display = this.anchor ? "" : "none";
    if (this.anchor) this.fill(this.pinned, content, true);
  }

  /** Follow the camera. */
  follow(map) {
    if (!this.anchor) return;
    const at = map.project(this.anchor);
    const { width, height } = this.holder.getBoundingClientRect();
    const off = at.x < 0 || at.y < 0 || at.x > width || at.y > height;
    this.pinned.hidden = off;
    this.leader.style.display = off ? "none" : "";
    if (off) return;
    const box = this.pinned.getBoundingClientRect();
    const left = at.x + GAP * 2 + box.width < width ? at.x + GAP * 2 : at.x - GAP * 2 - box.width;
    const top = at.y - box.height - GAP * 3 > 8 ? at.y - box.height - GAP * 3 : at.y + GAP * 3;
    this.put(this.pinned, left, top, at);
    const [x, y] = [parseFloat(this.pinned.style.left), parseFloat(this.pinned.style.top)];
    this.line.setAttribute("x1", at.x);
    this.line.setAttribute("y1", at.y);
    this.line.setAttribute("x2", Math.min(Math.max(at.x, x + 12), x + box.width - 12));
    this.line.setAttribute("y2", y > at.y ? y : y + box.height);
  }

  put(card, left, top, at) {
    const { width, height } = this.holder.getBoundingClientRect();
    const box = card.getBoundingClientRect();
    const x = left + box.width > width - 8 ? at.x - box.width - 18 : left;
    const y = top + box.height > height - 8 ? at.y - box.height - 18 : top;
    card.style.left = `${Math.max(8, Math.min(x, width - box.width - 8))}px`;
    card.style.top = `${Math.max(8, Math.min(y, height - box.height - 8))}px`;
  }

  fill(card, { title, badge, tone, lines, link, close }, pinned) {
    const head = make("div", { class: "map-card-head" },
      make("b", { class: "num", text: title }), badge ? make("span", { class: `map-badge tone-${tone}`, text: badge }) : null);
    const rows = lines.filter(Boolean).map((text) => make("div", { text }));
    const more = pinned && link ? make("button", { type: "button", class: "map-card-link", onclick: link.go }, `${link.text} ›`) : null;
    const shut = pinned && close ? make("button", {
      type: "button", class: "map-card-close", "aria-label": this.words.close, onclick: close,
    }, make("i", { class: "ic ic-x", "aria-hidden": "true" })) : null;
    card.replaceChildren(head, ...rows, ...(more ? [more] : []), ...(shut ? [shut] : []));
  }
}

/** What a card says of an area. */
export function areaContent({ words, layer, cls, value, cycle, name, counted, missing }) {
  const one = cls === null ? null : layer.classes[cls];
  const over = value === null ? null : value - cycle;
  const lines = [];
  if (one) {
    if (value !== null) lines.push(filled(layer.value_text, { value }));
    else if (layer.no_value_text) lines.push(layer.no_value_text);
  } else {
    lines.push(missing || words.outside);
  }
  const parts = counted.filter(({ n }) => n > 0).map(({ title, n, unit }) => `${title} ${n}${unit ? ` ${unit}` : ""}`);
  if (parts.length) lines.push(parts.join(" · "));
  const badge = one ? filled(one.badge || one.label, { value, over }) : "";
  return { title: name, badge, tone: one ? one.color : "none", lines };
}

/** What a card says of a point. */
export function pointContent({ layer, one, value, name, facts, count, words }) {
  const late = value === null ? null : -value;
  const badge = filled(one.badge || one.label, { value, late });
  const lines = [layer.title + (count > 1 ? ` ${count} ${words.premises}` : "")];
  if (facts.length) lines.push(facts.join(" · "));
  if (layer.shape !== "diamond") lines.push(value === null ? layer.no_value_text : filled(layer.value_text, { value }));
  return { title: name, badge, tone: one.color, lines };
}
