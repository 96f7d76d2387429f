// The tooltip of a citation mark, with the quoted sentence; and that of what is weak, which says why.
(() => {
  "use strict";
  // The tooltip is one element for all marks; its text is set as text.
  const tip = document.createElement("div");
  tip.id = "pa-tip";
  tip.role = "tooltip";
  tip.hidden = true;

  const hide = () => {
    tip.hidden = true;
    document.querySelector('[aria-describedby="pa-tip"]')?.removeAttribute("aria-describedby");
  };

  const explain = (event) => {
    const mark = event.target.closest?.("a.c[data-quote], [data-tip]");
    if (!mark) return hide();
    if (!tip.isConnected) (document.querySelector(".gradio-container") ?? document.body).append(tip);
    tip.textContent = mark.dataset.quote ?? mark.dataset.tip;
    tip.hidden = false;
    mark.setAttribute("aria-describedby", "pa-tip");
    const at = mark.getBoundingClientRect();
    const fits = at.bottom + 8 + tip.offsetHeight < innerHeight;
    tip.style.top = `${fits ? at.bottom + 8 : at.top - 8 - tip.offsetHeight}px`;
    const left = Math.min(at.left - 12, innerWidth - tip.offsetWidth - 12);
    tip.style.left = `${Math.max(12, left)}px`;
  };

  for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, explain);
  for (const kind of ["scroll", "focusout", "click"]) document.addEventListener(kind, hide, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });

  // A new question is brought into view once; while its answer grows, nothing moves.
  let asked = 0;
  new MutationObserver(() => {
    const turns = document.querySelectorAll("#pa-turns .turn");
    if (turns.length > asked && turns.length > 1) {
      turns[turns.length - 1].scrollIntoView({ block: "start" });
      document.getElementById("pa-papers").scrollTop = 0;
    }
    asked = turns.length;
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
