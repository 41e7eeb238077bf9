// Choosing several messages: a box before each, and a bar in the composer's place that says what to do with them.

import { send } from "./requests.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const MOST = 100;
const STAYS = ".envelope, .of-poll, .of-list, .of-transfer, .of-call";

export function select(root, first) {
  const list = root.querySelector("[data-messages]");
  const bar = root.querySelector("template[data-selection-template]").content.firstElementChild.cloneNode(true);
  const over = new AbortController();
  root.querySelector(".composer").before(bar);
  list.classList.add("selecting");
  for (const row of list.querySelectorAll("[data-id]")) if (!row.querySelector(STAYS)) row.prepend(box(row, row === first));
  const chosen = () => [...list.querySelectorAll("[data-choose]:checked")].map((one) => one.value);

  list.addEventListener(
    "click",
    (event) => {
      const mark = event.target.closest("[data-id]")?.querySelector("[data-choose]");
      event.stopPropagation();
      if (!event.target.matches("[data-choose]")) {
        event.preventDefault();
        if (mark) mark.checked = !mark.checked;
      }
      count();
    },
    { capture: true, signal: over.signal },
  );
  list.addEventListener("change", count, { signal: over.signal });
  addEventListener("keydown", (event) => event.key === "Escape" && end(), { signal: over.signal });
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-do]");
    if (button) ({ end, save, forward: () => forward(""), merged: () => forward("&merged=1") })[button.dataset.do]();
  });
  count();
  bar.querySelector("[data-do=forward]").focus();

  function count() {
    const number = chosen().length;
    bar.querySelector("[data-number]").textContent = String(number);
    for (const button of bar.querySelectorAll("[data-needs]")) button.disabled = !number || number > MOST;
  }

  function forward(more) {
    location.assign(`${bar.dataset.forwardUrl}?${chosen().map((id) => `message=${id}`).join("&")}${more}`);
  }

  async function save() {
    const body = new URLSearchParams(chosen().map((id) => ["message", id]));
    const answer = await send(bar.dataset.saveUrl, { body, headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer) return toast(word("failed"), { level: "error" });
    document.getElementById("toasts").insertAdjacentHTML("beforeend", await answer.text());
    if (answer.ok) end();
  }

  function end() {
    over.abort();
    bar.remove();
    list.classList.remove("selecting");
    for (const one of list.querySelectorAll("[data-choose]")) one.remove();
    root.querySelector(".composer textarea")?.focus();
  }
}

function box(row, checked) {
  const mark = Object.assign(document.createElement("input"), { type: "checkbox", className: "check message-check", checked });
  mark.dataset.choose = "";
  mark.value = row.dataset.id;
  mark.setAttribute("aria-label", row.querySelector(".message-body")?.innerText.slice(0, 80) ?? "");
  return mark;
}
