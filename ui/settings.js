// The panel of filters and settings, the chips of what is set, light and dark, and the page's address.
// The browser remembers what was set; the server checks whatever comes back from here.
(() => {
  "use strict";
  const KEPT = "pa-settings";
  const ASKED = "pa-asked", CHAT = "pa-open-chat"; // of this tab: what its address asks, and which chat it has open
  const OURS = ["q", "mode", "listed_from", "listed_to", "published_from", "published_to", "source", "k"];
  const find = (selector) => document.querySelector(selector);

  const remembered = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT));
      return kept && typeof kept === "object" ? kept : {};
    } catch {
      return {};
    }
  };

  /** What the browser's memory gives; it may be switched off. */
  const stored = (from) => {
    try {
      return from() ?? "";
    } catch {
      return "";
    }
  };

  // A reload finds the chat that its address belongs to open; any other address with a question begins a new one.
  const ours = stored(() => sessionStorage.getItem(ASKED)) === location.search;
  const again = ours && stored(() => sessionStorage.getItem(CHAT)) !== "";
  if (!again && new URLSearchParams(location.search).has("q")) stored(() => sessionStorage.removeItem(CHAT));

  // --- light and dark: Gradio follows the system, and what was chosen goes before that ---

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const theme = remembered().theme;
    const wanted = theme === "dark" || (theme !== "light" && dark.matches);
    document.documentElement.style.colorScheme = theme === "dark" || theme === "light" ? theme : "";
    if (theme && document.body && document.body.classList.contains("dark") !== wanted)
      document.body.classList.toggle("dark", wanted);
  };
  const begin = () => {
    new MutationObserver(paint).observe(document.body, { attributeFilter: ["class"] });
    paint();
  };
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);

  // --- the panel ---

  const panel = () => find("#pa-settings");
  const button = () => find("#pa-filter button");

  const open = (shown) => {
    panel().toggleAttribute("data-open", shown);
    button().setAttribute("aria-expanded", String(shown));
    if (shown) panel().querySelector("h2").focus();
  };
  const close = () => {
    if (!panel()?.hasAttribute("data-open")) return false;
    open(false);
    button().focus();
    return true;
  };

  /** Close it where the reader goes on elsewhere. */
  const outside = ({ target }) => {
    const inside = !target.isConnected || target.closest?.("#pa-settings, #pa-limits, #pa-filter");
    if (panel()?.hasAttribute("data-open") && !inside) open(false);
  };
  for (const kind of ["click", "focusin"]) document.addEventListener(kind, outside);

  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("#pa-filter button")) open(!panel().hasAttribute("data-open"));
    else if (target.closest?.("#pa-settings [data-close]")) close();
    const drop = target.closest?.("[data-drop]");
    if (drop) remove(drop);
    const link = target.closest?.("[data-link]");
    if (link) copyLink(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest?.("#pa-settings")) return;
    if (event.target.getAttribute("aria-expanded") === "true") return; // its list of choices closes first
    close();
  }, true);

  // Gradio 6.31 opens a list of choices again when Tab leaves its field.
  addEventListener("keydown", (event) => {
    if (event.key === "Tab" && event.target.matches?.("input[role=combobox]")) event.stopPropagation();
  }, true);

  // --- what is set ---

  let drop = () => {}, next = null;
  const remove = (chip) => {
    const chips = [...document.querySelectorAll("#pa-limits [data-drop]")];
    next = chips[chips.indexOf(chip) + 1]?.dataset.drop ?? chips.at(-2)?.dataset.drop ?? "";
    drop(chip.dataset.drop);
  };

  /** Keep the focus where the chip was that is gone. */
  const refocus = () => {
    if (next === null) return;
    const lost = document.activeElement === document.body || document.activeElement?.closest("#pa-limits");
    if (lost) (document.querySelector(`#pa-limits [data-drop="${next}"]`) ?? button())?.focus();
    next = null;
  };

  // --- the address ---

  /** Show in the address what was asked last, or nothing; what others put there stays. */
  const shown = (asked) => {
    const all = new URLSearchParams(location.search);
    for (const name of OURS) all.delete(name);
    for (const [name, value] of new URLSearchParams(asked)) all.set(name, value);
    const search = all.toString();
    stored(() => sessionStorage.setItem(ASKED, asked ? `?${search}` : ""));
    if (search === location.search.slice(1)) return;
    history.replaceState(history.state, "", location.pathname + (search && `?${search}`) + location.hash);
  };

  // Gradio gives the page a base address: from one with a question in it, a link to a view would load all anew.
  addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    location.hash = link.getAttribute("href");
  });

  const copyLink = (link) => {
    const address = location.origin + location.pathname + link.dataset.link + "#chat";
    const done = link.parentElement.querySelector(".done");
    window.paCopy(address).then(
      () => (done.textContent = done.dataset.copied),
      () => (done.textContent = done.dataset.refused),
    );
  };

  let asked = "";
  new MutationObserver(() => {
    const links = document.querySelectorAll('#pa-turns .turn[aria-busy="false"] [data-link]');
    const last = links[links.length - 1]?.dataset.link ?? "";
    const empty = !find("#pa-turns .turn");
    if (last === asked || (!last && !empty)) return;
    asked = last;
    shown(last);
  }).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["aria-busy"] });

  window.paSettings = {
    /** What the browser brings when the page is opened. */
    opened: (any) => {
      for (const fields of [find("#pa-fields"), find("#pa-filters")]) {
        const say = () => fields.querySelectorAll("input[role=combobox]").forEach((field) => (field.placeholder = any));
        new MutationObserver(say).observe(fields, { childList: true, subtree: true });
        say();
      }
      const kept = remembered();
      return [JSON.stringify({ search: again ? "" : location.search, kept, theme: kept.theme })];
    },
    /** Remember the settings; gives them on. */
    keep: (named, values) => {
      const set = named.map((name, at) => [name, values[at]]).filter(([, value]) => value !== null && value !== "");
      stored(() => localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(set))));
      if (!remembered().theme) document.body.classList.toggle("dark", dark.matches);
      paint();
      refocus();
      return values;
    },
    /** Ask what the address asks, where the server says so. */
    begin: (word) => {
      if (word === "ask") find("#pa-send")?.click();
    },
    chips: (dropped) => (drop = dropped),
  };
})();
