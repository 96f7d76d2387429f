// Questions to go on with: asked for once an answer is there, shown under that one alone, and asked when pressed;
// and the chat as a file, as it stands.
(() => {
  "use strict";
  const MAX_NAME = 60;

  /** All that is said, as each answer's button copies it. */
  const save = (turns) => {
    const said = [...turns.querySelectorAll('.turn [data-do="copy"]')].map((button) => button.dataset.text);
    const name = turns.querySelector(".turn .q").textContent.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, MAX_NAME);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${said.join("\n\n---\n\n")}\n`], { type: "text/markdown" }));
    link.download = `${name.replace(/^-|-$/g, "") || "chat"}.md`;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  window.paFurther = (element, trigger) => {
    const turns = document.getElementById("pa-turns");
    let looked = "";

    const look = () => {
      const last = [...turns.querySelectorAll(".turn")].at(-1);
      const asked = last?.querySelector(".q")?.textContent ?? "";
      const done = last?.getAttribute("aria-busy") === "false";
      const list = element.querySelector(".further");
      if (list) list.hidden = !done || list.dataset.after !== last.dataset.at || list.dataset.of !== asked;
      const answer = done && last.querySelector(".a a.c") ? `${last.dataset.at} ${asked} ${last.querySelector(".a").textContent}` : "";
      if (answer && answer !== looked) trigger("input");
      looked = answer;
    };

    new MutationObserver(look).observe(turns, {
      childList: true, subtree: true, attributes: true, attributeFilter: ["aria-busy", "data-after", "data-of"],
    });
    element.addEventListener("click", ({ target }) => {
      if (target.closest("[data-save]")) return save(turns);
      const button = target.closest("[data-question]");
      if (!button) return;
      const { question, mode } = button.dataset;
      window.paAsking.act(() => trigger("select", { question, mode }));
    });
    look();
  };
})();
