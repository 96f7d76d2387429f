// The map: places the points, moves and enlarges it, tells of a paper under the pointer, opens it.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const PAD = 28, REACH = 16, MAX_ZOOM = 12, STEP = 1.5;
  const root = () => document.getElementById("pa-map");
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

  let open = () => {};
  let points = [], at = -1, width = 0, height = 0;
  let view = { k: 1, x: 0, y: 0 };

  const plot = () => document.querySelector("#pa-plot .points");
  const onScreen = (point) => [point.x * view.k + view.x, point.y * view.k + view.y];

  /** Take the points as they are now, and give them places in the window. */
  const read = () => {
    const circles = [...document.querySelectorAll("#pa-plot circle")];
    points = circles.map((circle) => ({ circle, id: circle.dataset.id, x: 0, y: 0 }));
    at = points.findIndex((point) => point.circle.classList.contains("open"));
    view = { k: 1, x: 0, y: 0 };
    spread();
    light();
  };

  /** The map fills the window, stretched by half at most: only who is near whom has a meaning. */
  const spread = () => {
    const area = plot()?.getBoundingClientRect();
    if (!area?.width || !points.length) return;
    [width, height] = [area.width, area.height];
    const w = width - 2 * PAD, h = height - 2 * PAD;
    const [sx, sy] = [Math.min(w, 1.5 * h), Math.min(h, 1.5 * w)];
    const place = (element) => [
      width / 2 + (Number(element.dataset.x) - 0.5) * sx, height / 2 + (Number(element.dataset.y) - 0.5) * sy,
    ];
    for (const point of points) {
      [point.x, point.y] = place(point.circle);
      point.circle.setAttribute("cx", point.x.toFixed(1));
      point.circle.setAttribute("cy", point.y.toFixed(1));
    }
    for (const name of document.querySelectorAll("#pa-plot .names text")) {
      const [x, y] = place(name);
      Object.assign(name.dataset, { atX: x, atY: y });
    }
    look(view.k, view.x, view.y);
  };

  /** Show the map enlarged k times and moved; it never leaves the window. */
  const look = (k, x, y) => {
    view.k = clamp(k, 1, MAX_ZOOM);
    view.x = clamp(x, width * (1 - view.k), 0);
    view.y = clamp(y, height * (1 - view.k), 0);
    const moved = document.querySelector("#pa-plot .moved");
    moved.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
    const size = clamp(Math.sqrt((width * height) / points.length) / 7, 3, 5) * view.k ** 0.3;
    moved.style.setProperty("--r", `${size / view.k}px`);
    for (const button of document.querySelectorAll("#pa-plot [data-zoom]")) {
      const end = button.dataset.zoom === "in" ? view.k >= MAX_ZOOM : view.k <= 1;
      button.toggleAttribute("data-end", end);
      button.setAttribute("aria-disabled", String(end));
    }
    label();
  };

  const zoom = (times, x = width / 2, y = height / 2) => {
    const k = clamp(view.k * times, 1, MAX_ZOOM);
    look(k, x - (x - view.x) * (k / view.k), y - (y - view.y) * (k / view.k));
  };

  const meets = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

  /** Rings and numbers at the cited papers, and the names of themes where they cover none of these nor each other. */
  const label = () => {
    const taken = marks();
    const tools = document.querySelector("#pa-plot .zoom").getBoundingClientRect();
    const area = plot().getBoundingClientRect();
    taken.push({ x: tools.x - area.x, y: tools.y - area.y, w: tools.width, h: tools.height });
    for (const name of document.querySelectorAll("#pa-plot .names text")) {
      const { width: w, height: h } = name.getBBox();
      const [x, y] = onScreen({ x: Number(name.dataset.atX), y: Number(name.dataset.atY) });
      const inside = x > -w / 2 && x < width + w / 2 && y > -h && y < height + h;
      const spots = [0, -1, 1, -2, 2, -3, 3, -4, 4].map((lines) => ({
        x: clamp(x - w / 2, 6, width - w - 6), y: clamp(y - h / 2 + lines * h * 0.75, 6, height - h - 6), w, h,
      }));
      const free = inside && spots.find((spot) => !taken.some((other) => meets(spot, other)));
      name.toggleAttribute("data-hidden", !free);
      if (!free) continue;
      taken.push({ x: free.x - 4, y: free.y, w: w + 8, h });
      name.setAttribute("x", free.x + w / 2);
      name.setAttribute("y", free.y + h * 0.78);
    }
  };

  const marks = () => {
    const layer = document.querySelector("#pa-plot .marks");
    layer.replaceChildren();
    return points.filter((point) => point.numbers !== undefined).map((point) => {
      const [x, y] = onScreen(point);
      const ring = layer.appendChild(document.createElementNS(SVG, "circle"));
      ring.classList.add(`t${point.circle.dataset.theme}`);
      const text = layer.appendChild(document.createElementNS(SVG, "text"));
      text.textContent = point.numbers;
      for (const [element, where] of [[ring, { cx: x, cy: y }], [text, { x: x + 13, y: y + 4 }]])
        for (const [name, value] of Object.entries(where)) element.setAttribute(name, value);
      return { x: x - 8, y: y - 8, w: 24 + 6 * point.numbers.length, h: 16 };
    });
  };

  // --- what is lit, and what is shown of it ---

  const cards = () => [...document.querySelectorAll("#pa-papers .papers:not([hidden]) .card[data-paper]")];

  /** Light up the papers of the answer that is shown in the chat. */
  const light = () => {
    const lit = new Map(cards().map((card) => [card.dataset.paper, card.dataset.numbers ?? ""]));
    let n = 0;
    for (const point of points) {
      const on = lit.has(point.id);
      point.circle.classList.toggle("lit", on);
      point.numbers = lit.get(point.id)?.replaceAll(" ", ", ");
      n += on;
    }
    const said = document.getElementById("pa-map-lit");
    said.hidden = !n;
    said.firstElementChild.textContent = window.paWords.lit[n === 1 ? 0 : 1].replace("{n}", n);
    root().toggleAttribute("data-lit", n > 0);
    label();
  };

  /** Dim all papers but those of a theme, or of a period; nothing for all. */
  const only = (kind, value) => {
    for (const { circle } of points) {
      const holds = kind === undefined || circle.dataset[kind].split(" ").includes(value);
      circle.classList.toggle("off", !holds);
    }
    root().toggleAttribute("data-only", kind !== undefined);
    for (const button of document.querySelectorAll("#pa-themes .axis button"))
      button.setAttribute("aria-pressed", String(kind === "when" && button.dataset.when === value));
    for (const theme of document.querySelectorAll("#pa-themes .theme"))
      if (!(kind === "theme" && theme.dataset.theme === value)) theme.open = false;
  };

  // --- one paper ---

  const tip = document.createElement("div");
  tip.id = "pa-map-tip";
  tip.hidden = true;

  const near = (x, y, reach) => {
    let best = -1, least = reach ** 2;
    points.forEach((point, number) => {
      const [px, py] = onScreen(point);
      const way = (px - x) ** 2 + (py - y) ** 2;
      if (way < least) [best, least] = [number, way];
    });
    return best;
  };

  const tell = (number) => {
    for (const { circle } of points.filter(({ circle }) => circle.classList.contains("hover")))
      circle.classList.remove("hover");
    tip.hidden = number < 0;
    plot().classList.toggle("over", number >= 0);
    if (number < 0) return;
    const point = points[number], [x, y] = onScreen(point);
    point.circle.classList.add("hover");
    if (!tip.isConnected) document.querySelector("#pa-plot .plot").append(tip);
    tip.textContent = point.circle.getAttribute("aria-label");
    const left = clamp(x - tip.offsetWidth / 2, 8, width - tip.offsetWidth - 8);
    const below = y + 14 + tip.offsetHeight < height;
    tip.style.translate = `${left}px ${below ? y + 14 : y - 14 - tip.offsetHeight}px`;
  };

  const choose = (number) => {
    document.getElementById("pa-map-told").textContent = "";
    for (const { circle } of points) {
      circle.classList.remove("open");
      circle.setAttribute("aria-selected", "false");
    }
    at = number;
    root().toggleAttribute("data-open", number >= 0);
    if (number < 0) return;
    const { circle, id } = points[number];
    circle.classList.add("open");
    circle.setAttribute("aria-selected", "true");
    plot().setAttribute("aria-activedescendant", circle.id);
    open(id);
  };

  const close = () => {
    choose(-1);
    plot().focus({ preventScroll: true });
  };

  /** From paper to paper with the arrow keys: the nearest that lies more that way than another. */
  const step = (dx, dy) => {
    const here = at < 0 ? { x: width / 2, y: height / 2 } : points[at];
    let best = -1, least = Infinity;
    points.forEach((point, number) => {
      const [x, y] = [point.x - here.x, point.y - here.y];
      const along = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (number === at || along <= 0 || aside > along) return;
      if (along + 2 * aside < least) [best, least] = [number, along + 2 * aside];
    });
    if (best < 0) return;
    at = best;
    plot().setAttribute("aria-activedescendant", points[at].circle.id);
    const [x, y] = onScreen(points[at]);
    const out = x < PAD || y < PAD || x > width - PAD || y > height - PAD;
    if (out) look(view.k, view.x + width / 2 - x, view.y + height / 2 - y);
    tell(at);
  };

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const pressed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS[event.key]) step(...ARROWS[event.key]);
    else if ((event.key === "Enter" || event.key === " ") && at >= 0) choose(at);
    else if (event.key === "+" || event.key === "=") zoom(STEP);
    else if (event.key === "-") zoom(1 / STEP);
    else if (event.key === "0") look(1, 0, 0);
    else if (event.key === "Escape") tell(-1);
    else return;
    event.preventDefault();
  };

  // --- pointers: one moves the map, two enlarge it, one that does not move opens a paper ---

  const down = new Map();
  let moved = 0;
  const spot = (event) => {
    const area = plot().getBoundingClientRect();
    return [event.clientX - area.x, event.clientY - area.y];
  };
  const reach = (event) => (event.pointerType === "touch" ? 1.6 * REACH : REACH);

  const begin = (event) => {
    if (!down.size) moved = 0;
    down.set(event.pointerId, spot(event));
    plot().setPointerCapture(event.pointerId);
  };
  const move = (event) => {
    const now = spot(event), before = down.get(event.pointerId);
    if (!before) return tell(near(...now, reach(event)));
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (moved > 4) {
      tell(-1);
      look(view.k, view.x + (now[0] - before[0]) / down.size, view.y + (now[1] - before[1]) / down.size);
      if (other) {
        const apart = ([x, y]) => Math.hypot(x - other[0], y - other[1]) || 1;
        zoom(apart(now) / apart(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      }
    }
    down.set(event.pointerId, now);
  };
  const end = (event) => {
    if (!down.delete(event.pointerId) || moved > 4 || event.type !== "pointerup") return;
    const number = near(...spot(event), reach(event));
    if (number >= 0) choose(number);
    tell(number);
  };

  /** Listen to the plot, once it is there; ``asked`` asks the server for a paper. */
  const listen = (element, asked) => {
    open = asked;
    const on = (kind, act) => element.addEventListener(kind, (event) => event.target.closest(".points") && act(event));
    for (const [kind, act] of [["pointerdown", begin], ["pointermove", move], ["pointerup", end],
      ["pointercancel", end], ["keydown", pressed]]) on(kind, act);
    element.addEventListener("pointerleave", () => points.length && tell(-1));
    element.addEventListener("focusout", () => points.length && tell(-1));
    element.addEventListener("wheel", (event) => {
      if (!event.target.closest(".points")) return;
      event.preventDefault();
      zoom(Math.exp(-clamp(event.deltaY, -120, 120) / 300), ...spot(event));
    }, { passive: false });
    const other = ({ target, addedNodes }) =>
      target.closest(".points") || [...addedNodes].some((node) => node.matches?.(".points"));
    new MutationObserver((changes) => changes.some(other) && read()).observe(element, {
      childList: true, subtree: true, attributes: true, attributeFilter: ["data-id", "data-x", "data-y"],
    });
    new ResizeObserver(spread).observe(element);
    if (plot()) read();
  };

  // --- the panel beside it ---

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#pa-map button");
    if (!button) return;
    const { do: what, zoom: way, id, when } = button.dataset;
    if (way) way === "all" ? look(1, 0, 0) : zoom(way === "in" ? STEP : 1 / STEP);
    else if (when !== undefined) button.ariaPressed === "true" ? only() : only("when", when);
    else if (id) choose(points.findIndex((point) => point.id === id));
    else if (what === "close") close();
    else if (what === "unlit") unlit();
    else if (what) window.paLibrary(what, button.closest(".card").dataset);
  });
  document.addEventListener("toggle", (event) => {
    const theme = event.target.closest?.("#pa-themes .theme");
    if (theme?.open) only("theme", theme.dataset.theme);
    else if (theme && !document.querySelector("#pa-themes .theme[open], #pa-themes [aria-pressed=true]")) only();
  }, true);

  const unlit = () => {
    root().removeAttribute("data-lit");
    document.getElementById("pa-map-lit").hidden = true;
  };

  window.paMap = {
    begin: listen,
    lit: () => {
      if (points.length) spread(), light();
      return cards().map((card) => card.dataset.paper).join("\n");
    },
  };
})();
