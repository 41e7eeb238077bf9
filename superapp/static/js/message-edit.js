// Editing in the composer: it holds the old words until they are saved or given up, and then again what it held before.

import { send } from "./requests.js";
import { toast } from "./toast.js";
import { word } from "./words.js";
import { refresh } from "./message-actions.js";

let end = null;

export function edit(root, row, { edit: id, text }) {
  end?.();
  const form = root.querySelector(".composer");
  const field = form.elements.text;
  const before = field.value;
  const chip = root.querySelector("template[data-edit-template]").content.firstElementChild.cloneNode(true);
  chip.querySelector("[data-old]").textContent = text;
  form.querySelector(".composer-line").before(chip);
  form.classList.add("editing");
  row.classList.add("edited-now");
  show(text);

  // Before the composer's own listeners, which send what is new.
  const listen = { capture: true, signal: null };
  const over = new AbortController();
  listen.signal = over.signal;
  form.addEventListener("input", (event) => event.stopPropagation() || ready(), listen);
  root.addEventListener("submit", (event) => event.target === form && save(event), listen);
  form.addEventListener("keydown", (event) => event.key === "Escape" && (event.stopPropagation() || end()), listen);
  chip.querySelector("[data-end]").addEventListener("click", () => end());

  end = () => {
    end = null;
    over.abort();
    chip.remove();
    form.classList.remove("editing");
    row.classList.remove("edited-now");
    show(before);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  function show(words) {
    field.value = words;
    ready();
    field.focus();
    field.setSelectionRange(words.length, words.length);
  }

  function ready() {
    form.querySelector("[data-send]").disabled = !field.value.trim() && !row.querySelector(".photo-grid, video, [data-file]");
  }

  async function save(event) {
    event.preventDefault();
    event.stopPropagation();
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ text: field.value });
    const answer = await send(`/api/v1/messages/${id}/`, { method: "PATCH", headers, body }).catch(() => null);
    if (answer?.ok) {
      end?.();
      return refresh(root);
    }
    const told = await answer?.json().catch(() => null);
    toast(Object.values(told?.errors ?? {}).flat().join(" ") || told?.detail || word("failed"), { level: "error" });
  }
}
