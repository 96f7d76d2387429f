// Citation marks: a tooltip with the quoted sentence, and the way to it in the panel and back.
// What is weak has a tooltip, too, that says why.
(() => {
  "use strict";
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** Show the papers of one exchange, and only these. */
  const show = (exchange) => {
    for (const papers of document.querySelectorAll("#pa-papers .papers"))
      papers.hidden = papers.dataset.exchange !== exchange;
  };

  const has = (element, number) => element.dataset.numbers.split(" ").includes(number);

  /** Emphasise a citation's mark, its card and its quoted sentence, and nothing else. */
  const emphasise = (exchange, number) => {
    for (const element of document.querySelectorAll("a.c, .card, .abs mark")) {
      element.classList.remove("on");
      element.removeAttribute("aria-current");
    }
    for (const mark of document.querySelectorAll(`a.c[href="#e${exchange}-${number}"]`)) {
      mark.classList.add("on");
      mark.setAttribute("aria-current", "true");
    }
    const papers = document.querySelector(`.papers[data-exchange="${exchange}"]`);
    for (const element of papers ? papers.querySelectorAll("[data-numbers]") : [])
      if (has(element, number)) {
        element.classList.add("on");
        if (element.matches(".card")) element.setAttribute("aria-current", "true");
      }
  };

  const reach = (element, block) => {
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('#pa-main a[href^="#"]');
    if (!link) return;
    const [, kind, exchange, number] = /^#([cep])(\d+)-(\d+)$/.exec(link.getAttribute("href")) ?? [];
    const target = kind && document.getElementById(kind + exchange + "-" + number);
    event.preventDefault();
    if (!target) return;
    if (kind !== "c") show(exchange);
    if (kind !== "p") emphasise(exchange, number);
    hide();
    reach(target, "center");
  });

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
  for (const kind of ["scroll", "focusout"]) document.addEventListener(kind, hide, true);
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
