// The library's table: its buttons, and which papers are ticked, also while others are listed.
(() => {
  "use strict";
  const chosen = new Set();
  const find = (selector) => document.querySelector(selector);
  const boxes = () => [...document.querySelectorAll("#pa-list [data-choose]")];

  /** Show what is ticked, and tell Gradio of it. */
  const show = () => {
    for (const box of boxes()) box.checked = chosen.has(box.dataset.choose);
    const all = find("#pa-list [data-all]");
    const n = boxes().filter((box) => box.checked).length;
    if (all) [all.checked, all.indeterminate] = [n > 0 && n === boxes().length, n > 0 && n < boxes().length];
    find("#pa-library").toggleAttribute("data-chosen", chosen.size > 0);
    const { chosen: [one, more], listed, these } = window.paWords;
    const said = (chosen.size === 1 ? one : more).replace("{n}", chosen.size);
    if (find("#pa-n-chosen")) find("#pa-n-chosen").textContent = chosen.size ? said : "";
    if (find("#pa-export-what")) find("#pa-export-what").textContent = chosen.size ? these.replace("{chosen}", said) : listed;
  };
  const tell = () => {
    const field = find("#pa-chosen textarea");
    field.value = [...chosen].join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  };

  const ticked = ({ target }) => {
    const one = target.dataset?.choose;
    const which = one ? [one] : target.matches?.("[data-all]") ? boxes().map((box) => box.dataset.choose) : [];
    for (const id of which) target.checked ? chosen.add(id) : chosen.delete(id);
    if (which.length) tell();
  };

  window.paShelf = {
    clear: () => {
      chosen.clear();
      tell();
    },
    /** Listen to the table, once it is there; ``changes`` asks the server to change the list. */
    begin: (element, changes) => {
      element.addEventListener("change", ticked);
      element.addEventListener("click", (event) => {
        const button = event.target.closest("[data-do]");
        if (!button) return;
        const about = button.closest("details")?.dataset ?? {};
        const { do: what, name } = button.dataset;
        if (["remove", "show", "sort", "first", "drop"].includes(what)) changes({ what, name: name ?? about.id ?? "" });
        else window.paLibrary(what, about);
      });
      // Gradio turns a row into another one by changing its attributes.
      const other = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-choose"] };
      new MutationObserver(show).observe(element, other);
    },
  };
  addEventListener("click", (event) => event.target.closest?.("#pa-of-chosen [data-clear]") && window.paShelf.clear());
})();
