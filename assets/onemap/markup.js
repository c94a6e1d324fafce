/* The Markup component (dashboard/markup.py): an element whose inside is the server's HTML. Dash puts
   a new answer in new elements, so the focus and an open menu are carried over to them. */
(function () {
  "use strict";

  const NOTHING = { focus: null, open: [] };
  let left = NOTHING;

  /* How the same element is found in the next answer: by its id, or by what a press on it changes. */
  function selectorOf(element) {
    if (element.id) return "#" + CSS.escape(element.id);
    const menu = element.matches("summary") && element.closest("details[data-key]");
    if (menu) return `details[data-key="${CSS.escape(menu.dataset.key)}"] > summary`;
    return element.dataset.go ? `[data-go="${CSS.escape(element.dataset.go)}"]` : null;
  }

  function leave(place) {
    const open = [...place.querySelectorAll("details[open][data-key]")].map((menu) => menu.dataset.key);
    const focus = place.contains(document.activeElement) ? selectorOf(document.activeElement) : null;
    left = { focus: focus || left.focus, open: [...left.open, ...open] };
    setTimeout(() => { left = NOTHING; });
  }

  function arrive(place) {
    for (const key of left.open) {
      const menu = place.querySelector(`details[data-key="${CSS.escape(key)}"]`);
      if (menu) menu.open = true;
    }
    const held = left.focus && place.querySelector(left.focus);
    if (held) held.focus({ preventScroll: true });
  }

  function Markup({ id, tag, attributes, html }) {
    const place = window.React.useRef(null);
    window.React.useLayoutEffect(() => {
      const element = place.current;
      arrive(element);
      return () => leave(element);
    }, []);
    return window.React.createElement(tag, { ...attributes, id, ref: place, dangerouslySetInnerHTML: { __html: html } });
  }

  window.onemap_parts = { Markup };
})();
