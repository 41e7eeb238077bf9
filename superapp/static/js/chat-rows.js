// What one may do with a row of the list: its other click (or the menu key) opens a menu, on touch a swipe shows it too.
// The same things are on a page of their own.

import { send } from "./requests.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const ENOUGH = 64; // pixels of a swipe that is meant

export default function chatRows(list) {
  const menu = Object.assign(document.createElement("div"), { className: "menu own-menu", popover: "auto" });
  menu.setAttribute("role", "dialog");
  menu.setAttribute("aria-label", list.dataset.ownLabel);
  document.body.append(menu);

  list.addEventListener("contextmenu", (event) => {
    const row = event.target.closest("[data-conversation]");
    if (!row || event.shiftKey) return; // with Shift, the browser's own menu
    event.preventDefault();
    const box = row.getBoundingClientRect();
    show(row, event.clientX || box.left + 40, event.clientY || box.top + 40);
  });

  let start = null;
  list.addEventListener("touchstart", ({ target, touches: [touch] }) => {
    const row = target.closest("[data-conversation]");
    start = row && { row, x: touch.clientX, y: touch.clientY, moved: 0 };
  }, { passive: true });
  list.addEventListener("touchmove", (event) => {
    if (!start) return;
    const [touch] = event.touches;
    const towards = getComputedStyle(list).direction === "rtl" ? 1 : -1;
    const across = (touch.clientX - start.x) * towards;
    if (!start.moved && Math.abs(touch.clientY - start.y) > Math.abs(across)) return (start = null); // it scrolls
    start.moved = Math.max(0, Math.min(across, ENOUGH * 1.5));
    if (start.moved > 8 && event.cancelable) event.preventDefault();
    start.row.style.translate = `${start.moved * towards}px`;
  }, { passive: false });
  for (const type of ["touchend", "touchcancel"]) list.addEventListener(type, (event) => {
    if (!start) return;
    const { row, moved } = start;
    start = null;
    row.style.translate = "";
    if (moved > 8 && event.cancelable) event.preventDefault(); // no tap
    if (moved >= ENOUGH) show(row);
  });

  async function show(row, x, y) {
    const url = row.dataset.ownUrl ?? `${row.getAttribute("href")}own/`;
    const response = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!response.ok) return toast(word("failed"), { level: "error" });
    menu.replaceChildren(document.createRange().createContextualFragment(await response.text()));
    menu.classList.toggle("at-pointer", x !== undefined && matchMedia("(min-width: 48rem)").matches);
    menu.showPopover();
    if (menu.matches(".at-pointer")) {
      menu.style.left = `${Math.min(x, innerWidth - menu.offsetWidth - 8)}px`;
      menu.style.top = `${Math.min(y, innerHeight - menu.offsetHeight - 8)}px`;
    } else menu.removeAttribute("style");
    menu.querySelector("button")?.focus();
  }

  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...menu.querySelectorAll("button")];
    buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus();
  });
  menu.addEventListener("submit", async (event) => {
    event.preventDefault();
    const act = event.submitter.value;
    menu.hidePopover();
    await done(event.target.action, act);
    if (act === "hide") toast(list.dataset.hiddenSentence, { action: { label: list.dataset.undo, run: () => done(event.target.action, "show") } });
  });

  async function done(url, act) {
    try {
      const response = await send(url, { body: new URLSearchParams({ act }), headers: { "HX-Request": "true" } });
      if (!response.ok) throw new Error(response.statusText);
      list.dispatchEvent(new CustomEvent("chats:changed"));
    } catch {
      toast(word("failed"), { level: "error" });
    }
  }
}
