/* What the pages with forms share: making an element, a button, and asking their server. */
(function () {
  "use strict";

  function element(tag, className, ...content) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...content.filter((part) => part !== null && part !== undefined && part !== ""));
    return made;
  }

  function button(text, className, act) {
    const made = element("button", className, text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  /* What the server answers to a question, or with a body to something done; throws its words, or `offline` where it has none. */
  async function ask(address, body, offline) {
    const options = { cache: "no-store", headers: { "X-Onemap-Request": "1" } };
    if (body) Object.assign(options, { method: "POST", body: JSON.stringify(body), headers: { ...options.headers, "Content-Type": "application/json" } });
    let answer, told = {};
    try { answer = await fetch(address, options); } catch (error) { throw new Error(offline); }
    try { told = await answer.json(); } catch (error) { /* an answer without words */ }
    if (!answer.ok) throw new Error(told.error || offline);
    return told;
  }

  window.onemap = Object.assign(window.onemap || {}, { forms: { element, button, ask } });
})();
