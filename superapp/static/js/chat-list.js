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
  let first = true;
  document.addEventListener("live:hello", () => (first ? (first = false) : refresh()));
  document.addEventListener("chat:read", ({ detail }) => {
    root.querySelector(`[data-conversation="${CSS.escape(detail.conversation)}"] [data-unread-count]`)?.remove();
    refresh();
  });
}
