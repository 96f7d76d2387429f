// The views of the page, one at a time, named in its address; and what the library's buttons do.
(() => {
  "use strict";
  const places = { "#chat": ["pa-main", "pa-new"], "#library": ["pa-library"], "#map": ["pa-map"] };
  const pressed = (id) => (document.querySelector(`#${id} button`) ?? document.getElementById(id))?.click();

  let shown;

  /** Show the view that the address names; library and map are looked at anew whenever they are shown. */
  const show = () => {
    shown = location.hash;
    const links = [...document.querySelectorAll("#pa-views a")];
    const link = links.find((each) => each.hash === location.hash) ?? links[0];
    for (const each of links) each.removeAttribute("aria-current");
    link.setAttribute("aria-current", "page");
    for (const [view, ids] of Object.entries(places))
      for (const id of ids) {
        document.getElementById(id)?.toggleAttribute("data-on", view === link.hash);
        document.getElementById(id)?.toggleAttribute("data-off", view !== link.hash);
      }
    if (link.hash === "#library") pressed("pa-open-library");
    if (link.hash === "#map") pressed("pa-open-map");
  };
  addEventListener("hashchange", () => location.hash !== shown && show());
  // The chips in the header are the first thing that the server sends: from then on it listens.
  const waiting = new MutationObserver(() => {
    if (!document.querySelector("#pa-about .chips")) return;
    waiting.disconnect();
    show();
  });
  waiting.observe(document.documentElement, { childList: true, subtree: true });

  /** Go to a view at once: what follows may give something of it the focus. */
  const go = (view) => {
    if (location.hash === view || (!location.hash && view === "#chat")) return;
    location.hash = view;
    show();
  };
  window.paGo = go;

  /** Put words into the question's box as if they were typed. */
  const begin = (words) => {
    go("#chat");
    const box = document.querySelector("#pa-box textarea");
    box.value = words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  };

  const say = (words) => {
    const place =
      document.querySelector("#pa-map[data-on] #pa-map-told") ?? document.querySelector("#pa-said [role=status]");
    if (place) place.textContent = words;
  };

  window.paLibrary = (what, about = {}) => {
    if (what === "ask") begin(window.paWords.about.replace("{title}", () => about.title));
    else if (what === "more") begin(about.title);
    else if (what === "download") pressed("pa-file");
    else if (what === "cite")
      navigator.clipboard.writeText(about.bibtex).then(
        () => say(window.paWords.bibtex),
        () => say(window.paWords.uncopied),
      );
  };
})();
