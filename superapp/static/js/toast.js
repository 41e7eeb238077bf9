// Toasts: those that came with the page, and `toast("…", { level, action: { label, run } })` from other modules.
// Errors stay until they are closed; the rest leave after a while, not while the pointer or the focus is on them.
import { word } from "./words.js";

const place = document.getElementById("toasts");
const STAY = 5000;

function leave(element) {
  element.classList.add("leaving");
  setTimeout(() => element.remove(), 200);
}

function settle(element) {
  if (element.dataset.settled) return;
  element.dataset.settled = "yes";
  element.querySelector("[data-toast-close]")?.addEventListener("click", () => leave(element));
  if (element.dataset.level === "error") return;
  let timer;
  const wait = () => (timer = setTimeout(() => leave(element), STAY));
  const hold = () => clearTimeout(timer);
  element.addEventListener("pointerenter", hold);
  element.addEventListener("focusin", hold);
  element.addEventListener("pointerleave", wait);
  element.addEventListener("focusout", wait);
  wait();
}

export function toast(text, { level = "info", action } = {}) {
  const element = document.createElement("div");
  element.className = "toast";
  element.dataset.level = level;
  const sentence = document.createElement("p");
  sentence.className = "toast-text";
  sentence.dir = "auto";
  sentence.textContent = text;
  element.append(sentence);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toast-action";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      leave(element);
      action.run();
    });
    element.append(button);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", word("close"));
  close.textContent = "×";
  element.append(close);
  place?.append(element);
  return element;
}

if (place) {
  const settleAll = () => place.querySelectorAll(".toast").forEach(settle);
  settleAll();
  new MutationObserver(settleAll).observe(place, { childList: true });
}
