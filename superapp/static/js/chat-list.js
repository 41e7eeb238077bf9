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
  for (const type of ["message.created", "message.changed", "conversation.changed", "member.changed", "read"])
    document.addEventListener(`live:${type}`, refresh);
  document.addEventListener("htmx:afterSwap", ({ target }) => root.contains(target) && showDrafts(root));
  addEventListener("pageshow", () => showDrafts(root));
  const compare = ({ detail }) => behind(root, detail.heads ?? {}) && refresh();
  document.addEventListener("live:hello", compare);
  document.addEventListener("live:heartbeat", compare);
  if (live.connected) refresh(); // `hello` came before this module
  document.addEventListener("chat:read", ({ detail }) => {
    root.querySelector(`[data-conversation="${CSS.escape(detail.conversation)}"] [data-unread-count]`)?.remove();
    refresh();
  });
}

// Whether the server has come further in any conversation than its row here.
function behind(root, heads) {
  return Object.entries(heads).some(([conversation, head]) => {
    const row = root.querySelector(`[data-conversation="${CSS.escape(conversation)}"]`);
    return !row || Number(row.dataset.head) < head;
  });
}

// What was begun and not sent stands in the row, as people expect it.
function showDrafts(root) {
  for (const row of root.querySelectorAll("[data-conversation]:not([aria-current])")) {
    const draft = localStorage.getItem(`draft:${document.body.dataset.user}:${row.dataset.conversation}`);
    if (!draft) continue;
    const label = document.createElement("span");
    label.className = "draft";
    label.textContent = root.dataset.draftLabel;
    const text = document.createElement("bdi");
    text.textContent = draft;
    row.querySelector("[data-last]").replaceChildren(label, text);
  }
}
