// One thing after another: what is asked or pressed while the page is still at something waits for that, where
// Gradio would leave it out; and it is done again where the server had forgotten the chat that is shown.
(() => {
  "use strict";
  let running = 0; // of the conversation's events, those that are not over
  let waiting = null, last = null; // the newest question or deed that waits, and the one that was let through
  let next = null; // what goes before it
  let taken = ""; // out of the box, and not yet seen on the page
  const box = () => document.querySelector("#pa-box textarea");
  const pressed = (id) => (document.querySelector(`#${id} button`) ?? document.getElementById(id)).click();

  const wait = (what) => {
    waiting = what;
    const place = document.getElementById("pa-note");
    if (what && document.querySelector('#pa-turns .turn[aria-busy="true"]')) place.textContent = window.paWords.waits;
    else if (!what && place.textContent === window.paWords.waits) place.textContent = "";
  };

  const write = (text) => {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  };
  const putBack = () => {
    if (taken && !box().value) write(taken);
    taken = "";
  };

  // What was not yet sent, or not yet taken, outlives a reload, also the one after a server that was away.
  const DRAFT = "pa-draft"; // of this tab
  const stored = (from) => {
    try {
      return from();
    } catch {} // memory that is switched off
  };
  let draft = stored(() => sessionStorage.getItem(DRAFT));
  addEventListener("pagehide", () => stored(() => sessionStorage.setItem(DRAFT, box().value || taken)));
  const bringDraft = () => {
    if (draft && !box().value) write(draft);
    draft = "";
  };

  /** Asks what stands in the box, if it still does when its turn comes. */
  const question = () => {
    const text = box().value;
    return () => box().value === text && pressed("pa-send");
  };

  const asked = (event) => {
    if (running) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (box().value.trim()) wait(question());
    } else last = question();
  };
  /** What takes the place of the chat first ends what is under way in it. */
  const replaced = (event, id) => {
    if (!running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    next = () => pressed(id);
    wait(null);
    pressed("pa-stop");
  };
  addEventListener("click", (event) => {
    if (event.target.closest?.("#pa-send")) asked(event);
    else for (const id of ["pa-new", "pa-open-chat"]) if (event.target.closest?.(`#${id}`)) replaced(event, id);
  }, true);
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box()) asked(event);
  }, true);
  addEventListener("input", (event) => event.target === box() && wait(null));

  const goOn = () => {
    if (running) return;
    const what = next ?? waiting;
    next ? (next = null) : wait(null);
    what?.();
  };

  window.paAsking = {
    /** Do what the server does something about, in its turn. */
    act: (what) => {
      const doing = () => {
        last = what;
        what();
      };
      running ? wait(doing) : doing();
    },
    /** One more event is on its way with what it is given; the chat that is open goes with it. */
    begun: (given, at) => {
      running += 1;
      if (at !== undefined) given[at] = window.paHistory.opened();
      return given;
    },
    /** It takes what stands in the box, at once, so that the next question can be written. */
    sent: (given, at) => {
      taken = box().value;
      write("");
      return window.paAsking.begun(given, at);
    },
    /** The question that was taken is on the page. */
    shown: () => (taken = ""),
    over: (failed) => {
      running -= 1;
      if (failed) putBack();
      if (draft && !running) bringDraft();
      goOn();
    },
    /** The server does not know the chat: bring it, and do once more what was wanted. */
    forgotten: () => {
      putBack();
      next = () => pressed("pa-open-chat");
      waiting = last;
      goOn();
    },
  };
})();
