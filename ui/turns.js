// What is done with an answer: copied here, all else by the server. While an answer comes, nothing but that.
(() => {
  "use strict";
  const busy = () => document.querySelector('#pa-turns .turn[aria-busy="true"]');
  const box = () => document.querySelector("#pa-box textarea");

  const copy = (button) => {
    const done = button.closest(".deeds").querySelector(".done");
    window.paCopy(button.dataset.text).then(
      () => (done.textContent = done.dataset.copied),
      () => (done.textContent = done.dataset.refused),
    );
  };

  // The first screen of an empty collection leads to where papers are added.
  addEventListener("click", (event) => {
    if (!event.target.closest?.('#pa-welcome [data-do="add"]')) return;
    window.paGo("#library");
    document.querySelector("#pa-pasted textarea").focus();
  });

  // Papers may have come or gone while another view was shown.
  addEventListener("hashchange", () => {
    if (["", "#chat"].includes(location.hash)) document.getElementById("pa-look")?.click();
  });

  window.paTurns = (element, trigger) => {
    const send = (what) => window.paAsking.act(() => trigger(what));
    const at = (event) => Number(event.target.closest(".turn").dataset.at);
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-do]");
      if (!button) return;
      if (button.dataset.do === "copy") return copy(button);
      if (busy()) return;
      send({ what: button.dataset.do, at: at(event) });
      if (button.dataset.do === "edit") box().focus();
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!busy()) send({ what: "why", at: at(event), reason: event.target.elements.reason.value });
    });
    if (!element.querySelector("[aria-live]")) return; // once: the last question is the one that is edited
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.target !== box() || !document.querySelector("#pa-hint .editing")) return;
      event.stopImmediatePropagation();
      send({ what: "leave" });
    }, true);
  };
})();
