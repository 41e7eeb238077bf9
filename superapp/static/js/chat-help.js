// What can be done by keys.
import { dialog } from "./chat-dialog.js";

const OFF = "single-keys-off";
let shown;

export async function open(list) {
  shown ??= await make(list);
  shown.showModal();
}

async function make(list) {
  const response = await fetch(list.dataset.shortcutsUrl, { headers: { "HX-Request": "true" } });
  const made = dialog(list.dataset.shortcutsLabel, "shortcuts-sheet");
  made.prepend(document.createRange().createContextualFragment(await response.text()));
  const single = made.querySelector("[data-single-keys]");
  single.checked = !localStorage.getItem(OFF);
  single.addEventListener("change", () => {
    if (single.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  return made;
}
