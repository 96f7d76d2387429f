// The panel of filters and settings, the chips of what is set, light and dark, and the page's address.
// The browser remembers what was set; the server checks whatever comes back from here.
(() => {
  "use strict";
  const KEPT = "pa-settings", OURS = ["q", "mode"];
  const find = (selector) => document.querySelector(selector);

  const remembered = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT));
      return kept && typeof kept === "object" ? kept : {};
    } catch {
      return {};
    }
  };

  // --- light and dark: Gradio follows the system, and what was chosen goes before that ---

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const theme = remembered().theme;
    const wanted = theme === "dark" || (theme !== "light" && dark.matches);
    document.documentElement.style.colorScheme = theme === "dark" || theme === "light" ? theme : "";
    if (theme && document.body && document.body.classList.contains("dark") !== wanted)
      document.body.classList.toggle("dark", wanted);
  };
  const watchBody = () => new MutationObserver(paint).observe(document.body, { attributeFilter: ["class"] });
  if (document.body) watchBody();
  else addEventListener("DOMContentLoaded", () => (watchBody(), paint()));

  // --- the panel ---

  const panel = () => find("#pa-settings");
  const button = () => find("#pa-filter button");

  const open = (shown) => {
    panel().toggleAttribute("data-open", shown);
    button().setAttribute("aria-expanded", String(shown));
    if (shown) panel().querySelector("input")?.focus();
  };
  const close = () => {
    if (!panel()?.hasAttribute("data-open")) return false;
    open(false);
    button().focus();
    return true;
  };

  document.addEventListener("click", (event) => {
    const { target } = event;
    if (target.closest?.("#pa-filter button")) open(!panel().hasAttribute("data-open"));
    else if (target.closest?.("#pa-settings [data-close]")) close();
    else if (panel()?.hasAttribute("data-open") && target.isConnected && !target.closest?.("#pa-settings, #pa-limits"))
      open(false);
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

  const names = () => OURS.concat(window.paSettings.names ?? []);

  /** Show in the address what was asked last, or nothing; what others put there stays. */
  const shown = (asked) => {
    const all = new URLSearchParams(location.search);
    for (const name of names()) all.delete(name);
    for (const [name, value] of new URLSearchParams(asked)) all.set(name, value);
    const search = all.toString();
    if (search === location.search.slice(1)) return;
    history.replaceState(history.state, "", location.pathname + (search && `?${search}`) + location.hash);
  };

  const copyLink = (link) => {
    const address = location.origin + location.pathname + link.dataset.link + "#chat";
    const words = link.textContent;
    const say = (said) => {
      link.textContent = said;
      link.addEventListener("blur", () => (link.textContent = words), { once: true });
    };
    window.paCopy(address).then(
      () => say(link.dataset.copied),
      () => say(link.dataset.refused),
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
    names: [],
    /** What the browser brings when the page is opened. */
    opened: () => {
      const kept = remembered();
      return [JSON.stringify({ search: location.search, kept, theme: kept.theme })];
    },
    /** Remember the settings; gives them on. */
    keep: (named, values) => {
      const set = named.map((name, at) => [name, values[at]]).filter(([, value]) => value !== null && value !== "");
      localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(set)));
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
