/* The Markup component (dashboard/markup.py): an element whose inside is the server's HTML. A new
   answer changes only what differs from the last one, so that the focus, an open menu and whatever
   the browser added itself stay. */
(function () {
  "use strict";

  function parsed(html) {
    const made = document.createElement("template");
    made.innerHTML = html;
    return made.content;
  }

  function attributes(live, before, after) {
    for (const { name, value } of after.attributes) {
      if (before.getAttribute(name) !== value) live.setAttribute(name, value);
    }
    for (const { name } of before.attributes) if (!after.hasAttribute(name)) live.removeAttribute(name);
  }

  /* Bring an element from what the server said before to what it says now. */
  function change(live, before, after) {
    if (before.isEqualNode(after)) return;
    if (after.attributes) attributes(live, before, after);
    const [now, was, next] = [live, before, after].map((one) => [...one.childNodes]);
    if (now.length !== was.length) {
      if (was.length || next.length) live.replaceChildren(...next.map((one) => one.cloneNode(true)));
      return;
    }
    next.forEach((node, at) => {
      if (at >= was.length) live.append(node.cloneNode(true));
      else if (was[at].nodeName !== node.nodeName) now[at].replaceWith(node.cloneNode(true));
      else if (node.nodeType === Node.ELEMENT_NODE) change(now[at], was[at], node);
      else if (was[at].data !== node.data) now[at].data = node.data;
    });
    now.slice(next.length).forEach((node) => node.remove());
  }

  const shown = new WeakMap();

  function show(place, html) {
    const last = shown.get(place);
    if (last && last.html === html) return;
    const after = parsed(html);
    if (last) change(place, last.tree, after);
    else place.replaceChildren(after.cloneNode(true));
    shown.set(place, { html, tree: after });
  }

  function Markup({ id, tag, attributes: own, html }) {
    const place = window.React.useRef(null);
    window.React.useLayoutEffect(() => show(place.current, html));
    return window.React.createElement(tag, { ...own, id, ref: place });
  }

  window.onemap_parts = { Markup };
})();
