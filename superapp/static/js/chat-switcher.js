// Go to a chat by its name: type a part of it, choose with the arrows, Enter.
import { dialog } from "./chat-dialog.js";

const WAIT = 150;
let shown;

export function open(list) {
  shown ??= make(list);
  shown.field.value = "";
  shown.search();
  shown.box.showModal();
  shown.field.focus();
}

function make(list) {
  const box = dialog(list.dataset.switcherLabel, "switcher");
  const field = Object.assign(document.createElement("input"), { type: "search", className: "input", autocomplete: "off" });
  field.setAttribute("aria-label", list.dataset.switcherLabel);
  field.placeholder = list.dataset.switcherLabel;
  const found = Object.assign(document.createElement("div"), { className: "switcher-rows" });
  box.prepend(field, found);
  let timer;
  let asked = 0;

  async function search() {
    const turn = ++asked;
    const url = `${list.dataset.listUrl}?${new URLSearchParams({ named: field.value })}`;
    const response = await fetch(url, { headers: { "HX-Request": "true" } });
    const page = document.createRange().createContextualFragment(await response.text());
    if (turn !== asked) return;
    const rows = [...page.querySelectorAll("a[data-conversation]")].slice(0, 8);
    for (const row of rows) row.removeAttribute("id");
    found.replaceChildren(...rows);
    choose(0);
  }

  const rows = () => [...found.children];
  const chosen = () => rows().findIndex((row) => row.matches("[aria-current]"));
  function choose(at) {
    rows().forEach((row, number) => number === at ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current"));
    rows()[at]?.scrollIntoView({ block: "nearest" });
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, WAIT);
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      choose((chosen() + step + rows().length) % rows().length);
    } else if (event.key === "Enter" && !event.isComposing && rows()[chosen()]) {
      event.preventDefault();
      location.assign(rows()[chosen()].href);
    }
  });
  return { box, field, search };
}
