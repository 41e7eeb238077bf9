// The list of conversations, kept current: whatever happens in any of them fetches the rows again, soon and once.

import "./chat-outbox.js";
import { live } from "./live.js";

const SOON = 250;

export default function chatList(root) {
  let timer;
  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(() => root.isConnected && root.dispatchEvent(new CustomEvent("chats:changed")), SOON);
  };
  for (const type of ["message.created", "message.changed", "conversation.changed", "member.changed", "message_request"])
    document.addEventListener(`live:${type}`, refresh);
  for (const type of ["own.changed", "draft.changed"]) document.addEventListener(`live:${type}`, refresh);
  document.addEventListener("live:read", ({ detail }) => detail.from || refresh()); // one's own, on another device
  document.addEventListener("htmx:afterSwap", ({ target }) => root.contains(target) && showDrafts(root));
  addEventListener("pageshow", () => showDrafts(root));
  const compare = ({ detail }) => behind(root, detail.heads ?? {}) && refresh();
  document.addEventListener("live:hello", compare);
  document.addEventListener("live:heartbeat", compare);
  for (const type of ["pointerover", "touchstart", "focusin"]) root.addEventListener(type, showMenus, { once: true, passive: true });
  if (live.connected) refresh(); // `hello` came before this module
  document.addEventListener("chat:read", ({ detail }) => {
    root.querySelector(`[data-conversation="${CSS.escape(detail.conversation)}"] [data-unread-count]`)?.remove();
    refresh();
  });
}

let menus;
function showMenus({ currentTarget }) {
  menus ??= import("./chat-rows.js").then((module) => module.default(currentTarget));
}

// Whether the server has come further in any conversation than its row here.
function behind(root, heads) {
  return Object.entries(heads).some(([conversation, head]) => {
    const row = root.querySelector(`[data-conversation="${CSS.escape(conversation)}"]`);
    return !row || Number(row.dataset.head) < head;
  });
}

// What was begun, and has not reached the server yet; the rest came with the row.
function showDrafts(root) {
  for (const row of root.querySelectorAll("[data-conversation]:not([aria-current])")) {
    const draft = localStorage.getItem(`draft:${document.body.dataset.user}:${row.dataset.conversation}`);
    const words = draft && wordsOf(draft);
    if (!words) continue;
    const label = document.createElement("span");
    label.className = "draft";
    label.textContent = root.dataset.draftLabel;
    const text = document.createElement("bdi");
    text.textContent = words;
    row.querySelector("[data-last]").replaceChildren(label, text);
  }
}

function wordsOf(draft) {
  try {
    return JSON.parse(draft).text;
  } catch {
    return draft;
  }
}
