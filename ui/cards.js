// The papers beside an answer: a citation's way to its sentence and back, a card and its marks, and
// what the buttons of a card do. Words come with the elements; nothing here is text for people.
(() => {
  "use strict";
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const narrow = matchMedia("(max-width: 860px)");
  const panel = () => document.getElementById("pa-papers");
  const shown = () => document.querySelector("#pa-papers .papers:not([hidden])");

  /** Show the papers of one exchange, and only these. */
  const show = (exchange) => {
    for (const papers of document.querySelectorAll("#pa-papers .papers"))
      papers.hidden = papers.dataset.exchange !== exchange;
  };

  /** The citations that a card or quote is of, or the place of a card's paper in a list of what was found. */
  const numbersOf = ({ dataset }) => (dataset.numbers ?? dataset.rank ?? "").split(" ").filter(Boolean);

  /** Emphasise some citations' marks, cards and quoted sentences, and nothing else. */
  const emphasise = (exchange, numbers) => {
    for (const element of document.querySelectorAll("a.c, a.to-card, .card, .abs mark")) {
      element.classList.remove("on");
      element.removeAttribute("aria-current");
    }
    for (const number of numbers)
      for (const mark of document.querySelectorAll(`a[href="#e${exchange}-${number}"], a[href="#p${exchange}-${number}"]`)) {
        mark.classList.add("on");
        mark.setAttribute("aria-current", "true");
      }
    const papers = document.querySelector(`#pa-papers .papers[data-exchange="${exchange}"]`);
    for (const element of papers?.querySelectorAll("[data-numbers], [data-rank]") ?? [])
      if (numbersOf(element).some((number) => numbers.includes(number))) {
        element.classList.add("on");
        if (element.matches(".card")) element.setAttribute("aria-current", "true");
      }
    for (const pick of document.querySelectorAll("#pa-papers .pick"))
      pick.setAttribute("aria-pressed", String(pick.closest(".card").classList.contains("on")));
  };

  const glide = (element, block) =>
    element.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });

  const reach = (element, block) => {
    element.focus({ preventScroll: true });
    glide(element, block);
  };

  // --- marks and quotes ---

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('#pa-main a[href^="#"]');
    if (!link) return;
    const [, kind, exchange, number] = /^#([cep])(\d+)-(\d+)$/.exec(link.getAttribute("href")) ?? [];
    const target = kind && document.getElementById(kind + exchange + "-" + number);
    event.preventDefault();
    if (!target) return;
    if (kind !== "c") show(exchange);
    emphasise(exchange, [number]);
    if (kind === "c") leave();
    else offerWayBack(link);
    reach(target, "center");
  });

  // Where the panel stands below the answer, a way back goes with the reader for as long as the mark is out of view.
  let way, from;
  const far = new IntersectionObserver(
    (seen) => way && (way.hidden = seen.at(-1).isIntersecting),
    { rootMargin: "-64px 0px -148px" }, // the header, and the box
  );
  const leave = () => {
    far.disconnect();
    if (way) way.hidden = true;
  };

  const offerWayBack = (link) => {
    leave();
    from = link;
    if (!narrow.matches) return;
    if (!way) {
      way = document.createElement("button");
      way.id = "pa-way-back";
      way.type = "button";
      way.hidden = true;
      way.textContent = document.querySelector("#pa-papers [data-way-back]").dataset.wayBack;
      way.addEventListener("click", () => {
        leave();
        if (from.isConnected) reach(from, "center");
      });
      (document.querySelector(".gradio-container") ?? document.body).append(way);
    }
    far.observe(link);
  };

  // --- cards ---

  /** Select a card, or take that back; the marks that cite it light up, the first comes into view. */
  const select = (card) => {
    const { exchange } = card.closest(".papers").dataset;
    const numbers = card.classList.contains("on") ? [] : numbersOf(card);
    emphasise(exchange, numbers);
    const mark = document.querySelector("#pa-turns a[aria-current]");
    if (mark && !narrow.matches) glide(mark, "nearest");
  };

  const ask = ({ title }) => {
    document.querySelector("#pa-mode input")?.click();
    window.paLibrary("ask", { title });
  };

  /** Give the papers of the answer their place again, and the focus to where it was. */
  const goBack = (button) => {
    const { to, paper } = button.dataset;
    show(to);
    const cards = [...document.querySelectorAll(`#pa-papers .papers[data-exchange="${to}"] .card`)];
    const card = cards.find((each) => each.dataset.paper === paper) ?? cards[0];
    const again = card?.querySelector('[data-do="more"]');
    if (again) reach(again, "center");
  };

  /** Copy a text; without a secure address the browser has an old way only. */
  window.paCopy = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("refused");
  };

  const copy = (button) => {
    const menu = button.closest(".menu");
    const done = menu.parentElement.querySelector(".done");
    window.paCopy(button.dataset.text).then(
      () => (done.textContent = done.dataset.copied),
      () => (done.textContent = done.dataset.refused),
    );
    close(menu);
  };

  const close = (menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  };

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("#pa-papers .menu[open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("#pa-papers .menu[open]");
    if (menu) close(menu);
  });

  /** What is pressed in the panel; what needs the server is handed on. */
  window.paCards = (element, more) => {
    let last = "";
    element.addEventListener("click", (event) => {
      const card = event.target.closest(".card");
      const button = event.target.closest("[data-do]");
      const what = button?.dataset.do;
      if (what === "back") goBack(button);
      else if (what === "copy") copy(button);
      else if (what === "ask") ask(card.dataset);
      else if (what === "more") {
        const { exchange } = card.closest(".papers").dataset;
        if (exchange !== "like") last = exchange;
        more(card.dataset.paper, last);
      } else if (card?.querySelector(".pick") && (event.target.closest(".pick") || !event.target.closest("a, button, summary")))
        if (String(getSelection()) === "" || event.target.closest(".pick")) select(card);
    });
    // Papers near another one: they begin at their heading, wherever the reader was.
    let seen = null;
    new MutationObserver(() => {
      const papers = shown();
      const heading = papers?.matches(".like") ? papers.querySelector("h2") : null;
      if (heading && heading.textContent !== seen) {
        leave();
        heading.focus({ preventScroll: true });
        element.closest("#pa-papers").scrollTop = 0;
        if (narrow.matches) glide(papers, "start");
      }
      seen = heading?.textContent ?? null;
    }).observe(element, { childList: true, subtree: true, characterData: true, attributeFilter: ["hidden"] });
  };
})();
