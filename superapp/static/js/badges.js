// Badge numbers follow the `badge` events: { chats: 3, notifications: 1, contacts: 0 }.
const title = document.title;

function show(name, count) {
  document.querySelectorAll(`[data-badge="${name}"]`).forEach((badge) => {
    badge.hidden = !count;
    badge.querySelector("[data-count]").textContent = count > 99 ? "99+" : String(count);
  });
}

document.addEventListener("live:badge", ({ detail }) => {
  for (const [name, count] of Object.entries(detail)) {
    if (typeof count === "number") show(name, count);
  }
  const chats = detail.chats ?? 0;
  document.title = chats ? `(${chats}) ${title}` : title;
  navigator.setAppBadge?.(chats + (detail.notifications ?? 0)).catch(() => {});
});
