// Shows what can be done with one message, as the server says: in a sheet on phones, in a menu beside it elsewhere.

import { toast } from "./toast.js";

const GAP = 6;
let holder = null;

export async function open(root, row, from) {
  const html = await actionsOf(row);
  if (html === null) return;
  close();
  const onPhone = !from || matchMedia("(max-width: 47.99rem)").matches;
  holder = document.createElement(onPhone ? "dialog" : "div");
  holder.className = onPhone ? "sheet of-actions" : "menu of-actions";
  holder.append(document.createRange().createContextualFragment(html));
  holder.addEventListener("click", (event) => act(event, root, row));
  holder.addEventListener("close", close);
  holder.addEventListener("toggle", (event) => event.newState === "closed" && close());
  root.append(holder);
  window.htmx?.process(holder);
  if (onPhone) return holder.showModal();
  holder.popover = "auto";
  holder.showPopover();
  place(holder, from);
}

export async function editRow(root, row) {
  const html = await actionsOf(row);
  const action = html && document.createRange().createContextualFragment(html).querySelector("[data-edit]");
  if (action) (await import("./message-edit.js")).edit(root, row, action.dataset);
}

async function actionsOf(row) {
  const link = row.querySelector("[data-actions]");
  if (!link) return null;
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok && !answer.redirected) return answer.text();
  location.assign(link.href);
  return null;
}

function close() {
  const old = holder;
  holder = null;
  old?.remove();
}

function place(menu, from) {
  const size = menu.getBoundingClientRect();
  const below = from.bottom + GAP + size.height <= innerHeight;
  const top = below ? from.bottom + GAP : Math.max(GAP, from.top - GAP - size.height);
  const left = from.left + size.width <= innerWidth - GAP ? from.left : from.right - size.width;
  menu.classList.add("placed");
  // Through the CSSOM, which the content security policy allows.
  menu.style.insetBlockStart = `${Math.min(top, innerHeight - size.height - GAP)}px`;
  menu.style.left = `${Math.max(GAP, Math.min(left, innerWidth - size.width - GAP))}px`;
}

async function act(event, root, row) {
  const action = event.target.closest("[data-reply-to], [data-copy], [data-edit], [data-select]");
  if (!action) return;
  event.preventDefault();
  close();
  if ("replyTo" in action.dataset) row.querySelector("[data-reply]")?.click();
  else if ("copy" in action.dataset) {
    await navigator.clipboard?.writeText(action.dataset.copy);
    toast(action.dataset.done);
  } else if ("edit" in action.dataset) (await import("./message-edit.js")).edit(root, row, action.dataset);
  else (await import("./message-select.js")).select(root, row);
}

document.addEventListener("chat:done", close);
