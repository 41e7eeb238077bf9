// Toasts: those that came with the page, and `toast("…", { level, action: { label, run } })` from other modules.
// Errors stay until they are closed; the rest leave after a while, not while the pointer or the focus is on them.
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
  const pattern = document.getElementById(level === "error" ? "toast-error" : "toast-info");
  const element = pattern.content.firstElementChild.cloneNode(true);
  element.dataset.level = level;
  element.querySelector(".toast-text").textContent = text;
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toast-action";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      leave(element);
      action.run();
    });
    element.querySelector("[data-toast-close]").before(button);
  }
  place?.append(element);
  return element;
}

if (place) {
  const settleAll = () => place.querySelectorAll(".toast").forEach(settle);
  settleAll();
  new MutationObserver(settleAll).observe(place, { childList: true });
}
