// The chats of this browser: one entry of its memory a chat, so that tabs do not write over each other's. The
// server keeps none of them. Words come with the list; titles are set as text, never as HTML.
(() => {
  "use strict";
  const PREFIX = "pa-chat:"; // an entry: {title, named, time, change, exchanges}
  const NAME = /^pa-chat:([a-z0-9-]{1,60})$/;
  const OPEN = "pa-open-chat"; // of this tab: the name of its chat
  const NOTED_MS = 2000;
  const known = new Map(); // by name, the change that this tab has seen last
  const standIn = new Map(); // by name, under which other name this tab keeps a chat
  const find = (selector) => document.querySelector(selector);
  const pressed = (id) => (find(`#${id} button`) ?? document.getElementById(id))?.click();
  const drawer = () => document.getElementById("pa-chats-list");
  const say = (words, { undo = false } = {}) => {
    drawer().querySelector("[role=status]").textContent = words;
    drawer().querySelector("[data-do=undo]").hidden = !undo;
    if (words && !drawer().open) note(words);
  };
  /** Say it beside the box, until something else is done. */
  const note = (words) => {
    const place = document.getElementById("pa-note");
    place.textContent = words;
    const shown = performance.now();
    const leave = (event) => {
      if (event.timeStamp - shown < NOTED_MS) return;
      place.textContent = "";
      for (const kind of ["keydown", "pointerdown"]) removeEventListener(kind, leave);
    };
    for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, leave);
  };
  const word = (name, title = "") => JSON.parse(drawer().dataset.words)[name].replace("{title}", () => title);
  const fresh = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
  let waiting = ""; // the stored chat that the server is about to ask for
  let deleted = null;
  let untold = false; // whether a chat was dropped before there was a place to say so

  // Memory. It may be full, switched off, or hold anything.

  /** A stored chat; null where there is none. What is no chat is taken away. */
  const read = (name) => {
    let chat = null;
    try {
      const text = localStorage.getItem(PREFIX + name);
      if (text === null) return null;
      chat = JSON.parse(text);
      const { title, time, exchanges } = chat;
      if (typeof title !== "string" || typeof time !== "number" || !Array.isArray(exchanges)) chat = null;
      else if (!exchanges.length || !exchanges.every((each) => typeof each?.question === "string")) chat = null;
    } catch {
      chat = null;
    }
    if (!chat) drop(name);
    return chat;
  };

  const drop = (name) => {
    forget(name);
    if (drawer()) say(word("damaged"));
    else untold = true; // a reload asks for the chat before all parts of the page are there
  };

  const forget = (name) => {
    try {
      localStorage.removeItem(PREFIX + name);
    } catch {} // nothing was kept
  };

  const names = () => {
    try {
      return Object.keys(localStorage).map((key) => NAME.exec(key)?.[1]).filter(Boolean);
    } catch {
      return [];
    }
  };

  /** All chats, the newest first. */
  const chats = () => {
    const found = names().map((name) => ({ name, ...read(name) }));
    return found.filter((chat) => chat.exchanges).sort((one, other) => other.time - one.time);
  };

  /** Write a chat; where there is no room, the oldest others give way. */
  const write = (name, chat) => {
    const text = JSON.stringify(chat);
    let gone = "";
    for (;;) {
      try {
        localStorage.setItem(PREFIX + name, text);
        if (gone) say(word("full", gone));
        return true;
      } catch {
        const oldest = chats().filter((each) => each.name !== name).at(-1);
        if (!oldest) {
          say(word("unkept"));
          return false;
        }
        forget(oldest.name);
        gone = oldest.title;
      }
    }
  };

  const opened = {
    get: () => {
      try {
        return sessionStorage.getItem(OPEN) ?? "";
      } catch {
        return "";
      }
    },
    set: (name) => {
      try {
        name ? sessionStorage.setItem(OPEN, name) : sessionStorage.removeItem(OPEN);
      } catch {} // a reload then begins anew
    },
  };

  /** Keep what was asked. Where another tab went on with the same chat, it becomes one of its own. */
  const keep = ({ name, exchanges }) => {
    let own = standIn.get(name) ?? name;
    const before = read(own);
    let named = Boolean(before?.named);
    let title = named ? before.title : exchanges[0].question.trim().slice(0, 200);
    if (before && before.change !== known.get(own)) {
      standIn.set(name, (own = fresh()));
      [title, named] = [word("copy", title), true];
      say(word("forked"));
    }
    const change = fresh();
    if (write(own, { title, named, time: Date.now(), change, exchanges })) known.set(own, change);
    opened.set(own);
  };

  // From and to the server.

  /** The stored chat to open: the one that was chosen, or after a reload the one that was open. */
  const chosen = () => {
    const name = waiting || opened.get();
    waiting = "";
    const chat = name ? read(name) : null;
    if (!chat) {
      opened.set("");
      show();
      return "";
    }
    standIn.delete(name);
    known.set(name, chat.change);
    opened.set(name);
    return JSON.stringify({ name, exchanges: chat.exchanges });
  };

  const told = (text) => {
    const news = JSON.parse(text || "{}");
    if (news.unknown) return window.paAsking.forgotten();
    if (news.damaged) {
      drop(opened.get());
      opened.set("");
    } else if (news.exchanges?.length) {
      keep(news);
      window.paAsking.shown();
    } else opened.set(news.opened ?? "");
    show();
    if (drawer()?.open) list();
  };

  // While a chat is brought back, the first screen does not flash.
  const veil = document.createElement("style");
  veil.textContent = "#pa-hello { visibility: hidden }";
  const show = () => veil.remove();
  try {
    if (localStorage.getItem(PREFIX + opened.get())) document.head.append(veil);
  } catch {} // there is nothing to bring back

  // The list.

  const element = (tag, attributes, ...children) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  };

  const when = (time) => {
    const date = new Date(time);
    const today = date.toDateString() === new Date().toDateString();
    const form = today ? { hour: "2-digit", minute: "2-digit" } : { month: "short", day: "numeric" };
    return date.toLocaleString(undefined, form);
  };

  const has = (chat, wanted) => {
    const said = chat.exchanges.flatMap((each) => [each.question, each.text, each.answer?.text]);
    const text = [chat.title, ...said].join("\n").toLowerCase();
    return wanted.every((word) => text.includes(word));
  };

  const row = (chat) => {
    const title = element("span", { className: "title", textContent: chat.title, dir: "auto" });
    const time = element("span", { className: "when", textContent: when(chat.time) });
    const open = element("button", { type: "button", className: "open" }, title, time);
    open.dataset.do = "open";
    const buttons = ["rename", "delete"].map((what) => {
      const button = element("button", { type: "button", className: `deed ${what}`, title: word(what, chat.title) });
      button.setAttribute("aria-label", button.title);
      button.dataset.do = what;
      return button;
    });
    const item = element("li", {}, open, ...buttons);
    item.dataset.name = chat.name;
    if (chat.name === opened.get()) open.setAttribute("aria-current", "true");
    return item;
  };

  const list = () => {
    const wanted = drawer().querySelector("input[type=search]").value.toLowerCase().split(/\s+/);
    const all = chats();
    const found = all.filter((chat) => has(chat, wanted));
    const none = element("li", { className: "none", textContent: word(all.length ? "nothing" : "none") });
    drawer().querySelector("ul").replaceChildren(...(found.length ? found.map(row) : [none]));
  };

  const rename = (item) => {
    const { name } = item.dataset;
    const chat = read(name);
    if (!chat) return list();
    const box = element("input", { type: "text", value: chat.title, maxLength: 200, ariaLabel: word("title") });
    let left = false;
    const leave = (keeps) => {
      if (left) return;
      left = true;
      const title = box.value.trim();
      const now = read(name);
      if (keeps && title && now) write(name, { ...now, title, named: true });
      list();
      drawer().querySelector(`li[data-name="${name}"] .rename`)?.focus();
    };
    box.addEventListener("keydown", (event) => {
      if (!["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault(); // Escape would close the whole list
      event.stopPropagation();
      leave(event.key === "Enter");
    });
    box.addEventListener("blur", () => leave(true));
    item.querySelector(".open").replaceWith(box);
    box.select();
  };

  const remove = (item) => {
    const { name } = item.dataset;
    const chat = read(name);
    const next = item.nextElementSibling ?? item.previousElementSibling;
    forget(name);
    deleted = chat && { name, chat };
    if (chat) say(word("deleted", chat.title), { undo: true });
    list();
    if (name === opened.get()) pressed("pa-new");
    (drawer().querySelector(`li[data-name="${next?.dataset.name}"] .delete`) ?? drawer().querySelector("input")).focus();
  };

  const undo = () => {
    if (deleted) write(deleted.name, deleted.chat);
    const { name } = deleted ?? {};
    deleted = null;
    say("");
    list();
    drawer().querySelector(`li[data-name="${name}"] .open`)?.focus();
  };

  const open = (name) => {
    waiting = name;
    drawer().close();
    window.paGo?.("#chat");
    pressed("pa-open-chat");
    find("#pa-box textarea")?.focus();
  };

  const act = (event) => {
    const button = event.target.closest("button");
    if (event.target === drawer()) drawer().close(); // beside the list
    if (button?.id === "pa-chats-open") {
      drawer().querySelector("input").value = "";
      say("");
      list();
      drawer().showModal();
      drawer().querySelector(".open, input").focus();
      return;
    }
    const item = event.target.closest("li[data-name]");
    const what = button?.dataset.do;
    if (what === "open") open(item.dataset.name);
    else if (what === "rename") rename(item);
    else if (what === "delete") remove(item);
    else if (what === "undo") undo();
    else if (what === "close") drawer().close();
    else if (what === "new") {
      drawer().close();
      window.paGo?.("#chat");
      pressed("pa-new");
      find("#pa-box textarea")?.focus();
    }
  };

  window.paHistory = {
    opened: opened.get,
    chosen,
    told,
    begin: (place) => {
      if (untold) say(word("damaged"));
      place.addEventListener("click", act);
      place.addEventListener("input", (event) => event.target.type === "search" && list());
      addEventListener("storage", () => drawer().open && list());
    },
  };
})();
