// The keyboard: each line of the list that "?" opens says what its key presses, focuses or steps through.
(() => {
  "use strict";
  const WAIT_MS = 1500; // between "g" and what follows it
  const OFF = "pa-keys-off"; // kept in the browser where single keys are not wanted
  const find = (selector) => document.querySelector(selector);
  const seen = (selector) => [...document.querySelectorAll(selector)].find((each) => each.checkVisibility());
  const rows = () => [...document.querySelectorAll("#pa-keys-list [data-keys]")];
  const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true]";

  /** To a citation of what was answered last, or on from the one that has the focus. */
  const step = (by) => {
    const marks = [...document.querySelectorAll("#pa-turns a.c")];
    const last = marks.filter((mark) => mark.closest("#pa-now"));
    const at = marks.indexOf(document.activeElement);
    const mark = at < 0 ? (by > 0 ? last[0] : last.at(-1)) : marks[at + by];
    mark?.focus({ preventScroll: true });
    mark?.scrollIntoView({ block: "nearest" });
  };

  const act = ({ press, focus, step: by, view }) => {
    if (view && !(focus && seen(focus))) window.paGo(view);
    if (by) step(Number(by));
    if (focus) seen(focus)?.focus();
    if (press) seen(press)?.click();
  };

  let begun = "", when = 0;
  const pressed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || find("dialog[open]")) return;
    const typing = event.target.matches?.(TYPING);
    const off = localStorage.getItem(OFF) && !["?", "Escape"].includes(event.key);
    const shows = event.key === "Escape" && (event.target.ariaExpanded === "true" || seen("#pa-tip"));
    if (off || shows) return;
    const keys = begun && event.timeStamp - when < WAIT_MS ? `${begun} ${event.key}` : event.key;
    const usable = rows().filter((row) => !typing || row.dataset.typing);
    const row = usable.find((each) => each.dataset.keys === keys);
    begun = !row && usable.some((each) => each.dataset.keys.startsWith(`${keys} `)) ? keys : "";
    when = event.timeStamp;
    if (!row) return;
    if (event.key !== "Escape") event.preventDefault();
    act(row.dataset);
  };
  addEventListener("keydown", pressed, true); // before a tooltip closes on Escape

  addEventListener("click", (event) => {
    const list = find("#pa-keys-list");
    if (event.target.closest?.("#pa-keys-open")) {
      find("#pa-keys-on").checked = !localStorage.getItem(OFF);
      list.showModal();
    } else if (event.target === list || event.target.closest?.("#pa-keys-list [data-close]")) list.close();
  });
  addEventListener("change", ({ target }) => {
    if (target.id === "pa-keys-on") target.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes");
  });

  // Gradio 6.31 gives every radio of a group a name of its own, and a new one at each change, so that no arrow
  // key goes from one to the next.
  const group = ({ target }) => {
    if (!target.matches?.(".gradio-container input[type=radio]")) return;
    const radios = target.closest(".wrap");
    radios.role = "radiogroup";
    radios.ariaLabel = radios.parentElement.querySelector("[data-testid=block-info]")?.textContent ?? null;
    for (const radio of radios.querySelectorAll("input[type=radio]")) radio.name = target.name;
  };
  for (const kind of ["focusin", "keydown"]) addEventListener(kind, group, true);

  // --- what had the focus goes: whoever uses the keyboard goes on beside it, not at the top of the page ---

  const FOCUSABLE = "a[href], button, input, textarea, select, summary, [tabindex]";
  const HOMES = { "#pa-turns, #pa-ask": "#pa-box textarea", "#pa-plot": "#pa-plot .points" };
  const reachable = (each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true });
  const within = (place) => [...place.querySelectorAll(FOCUSABLE)].filter(reachable);

  let last = null, keyboard = false, looking = 0;
  /** Remember what has the focus: the elements around it, and which it is among what each of them holds. */
  const remember = ({ target }) => {
    last = null;
    if (!keyboard || !target.closest?.(".gradio-container")) return;
    const around = [];
    for (let place = target.parentElement; place && !place.matches(".gradio-container"); place = place.parentElement)
      around.push({ place, at: within(place).indexOf(target) });
    last = { target, around };
  };

  const next = ({ target, around }) => {
    for (const [region, home] of Object.entries(HOMES))
      if (around.some(({ place }) => place.matches(region)) && seen(home)) return seen(home);
    for (const { place, at } of around) {
      if (place.matches("#pa-main, #pa-library, #pa-map, main")) break; // another view is no place beside it
      if (!place.isConnected || !place.checkVisibility()) continue;
      const there = within(place).filter((each) => each !== target);
      if (there.length) return there[Math.min(Math.max(at, 0), there.length - 1)];
    }
    return seen("#pa-views a[aria-current]");
  };

  const look = () => {
    looking = 0;
    if (!last || (last.target.isConnected && last.target.checkVisibility({ visibilityProperty: true }))) return;
    const lost = last;
    last = null;
    if ([document.body, lost.target].includes(document.activeElement)) next(lost)?.focus();
  };
  new MutationObserver(() => {
    if (last) looking ||= requestAnimationFrame(look);
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true });

  for (const [kind, is] of [["keydown", true], ["pointerdown", false]])
    addEventListener(kind, () => {
      keyboard = is;
      if (!is) last = null;
      else if (!last && document.activeElement !== document.body) remember({ target: document.activeElement });
    }, true);
  addEventListener("focusin", remember);
  addEventListener("focusout", ({ target, relatedTarget }) => {
    const left = last;
    if (!relatedTarget)
      requestAnimationFrame(() => {
        if (last === left && target.isConnected && target.checkVisibility()) last = null; // it was left, not lost
      });
  });
})();
