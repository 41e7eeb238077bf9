// Whether the other one is here: asked now and then for the chat that is open and looked at.

import { live } from "./live.js";

const ASK_EVERY = 30_000;

export default function showPresence(root) {
  const conversation = root.dataset.conversation;
  const ask = () => root.isConnected && !document.hidden && live.tell({ type: "presence", conversation });
  document.addEventListener("live:presence", ({ detail }) => {
    const line = document.querySelector("[data-presence]");
    if (detail.conversation !== conversation || !line) return;
    line.textContent = detail.text;
    line.classList.toggle("online", Boolean(detail.online));
  });
  for (const type of ["live:hello", "visibilitychange"]) document.addEventListener(type, ask);
  setInterval(ask, ASK_EVERY);
  ask();
}
