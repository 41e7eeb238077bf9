// "… is typing": told to others at most every three seconds, shown for five.

import { live } from "./live.js";

const SEND_EVERY = 3000;
const SHOW_FOR = 5000;

export function showTyping(root) {
  const line = root.querySelector("[data-typing]");
  const people = new Map();
  const show = () => {
    const names = [...people.values()].map((person) => person.name);
    line.hidden = !names.length;
    const sentence = names.length === 1 ? line.dataset.one : line.dataset.several;
    line.querySelector("[data-sentence]").textContent = sentence.replace("%s", names[0] ?? "");
  };
  const forget = (handle) => {
    clearTimeout(people.get(handle)?.timer);
    if (people.delete(handle)) show();
  };
  document.addEventListener("live:typing", ({ detail }) => {
    const handle = detail.from ?? detail.handle;
    if (String(detail.conversation) !== root.dataset.conversation || handle === document.body.dataset.user) return;
    clearTimeout(people.get(handle)?.timer);
    const timer = setTimeout(forget, SHOW_FOR, handle);
    people.set(handle, { name: detail.name ?? root.dataset.title, timer });
    show();
  });
  document.addEventListener("live:message.created", ({ detail }) => forget(detail.message?.sender?.handle));
}

export function tellTyping(conversation) {
  let last = 0;
  return () => {
    if (Date.now() - last < SEND_EVERY) return;
    last = Date.now();
    live.tell({ type: "typing", conversation });
  };
}
