// The list of conversations, kept current: whatever happens in any of them fetches the rows again, soon and once.

import "./chat-outbox.js";

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
  let first = true;
  document.addEventListener("live:hello", () => (first ? (first = false) : refresh()));
  document.addEventListener("chat:read", ({ detail }) => {
    root.querySelector(`[data-conversation="${CSS.escape(detail.conversation)}"] [data-unread-count]`)?.remove();
    refresh();
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
