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
})();
