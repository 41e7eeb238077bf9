// The open conversation: what has come is merged, what is on its way is shown, what is seen is marked as read.

import { live } from "./live.js";
import { discard, queued, retry } from "./chat-outbox.js";
import { announcer } from "./chat-announce.js";
import { ReadMark } from "./chat-read-mark.js";
import { Scroll } from "./chat-scroll.js";
import { Sync } from "./chat-sync.js";
import { showTyping } from "./chat-typing.js";
import { send } from "./requests.js";

export default function chat(root) {
  const list = root.querySelector("[data-messages]");
  const scroll = new Scroll(root, list);
  const readWhenSeen = reader(root, scroll, () => sync.last);
  const readMark = new ReadMark(root, list);
  const announce = announcer(root);
  const sync = new Sync(root, list, {
    before: () => scroll.mark(),
    after: (state, added) => {
      readMark.place();
      announce(added);
      list.append(...list.querySelectorAll("[data-pending]")); // what is on its way stays below what has come
      scroll.keep(state);
    },
  });

  const show = (item) => {
    if (here(list, item)) return; // an earlier try arrived, and only its answer was lost
    const row = pendingRow(root, item);
    row.classList.toggle("follows", Boolean(list.lastElementChild?.matches(".mine")));
    list.append(row);
    if (item.failed) fail(row, item.failed);
  };

  root.addEventListener("chat:queued", ({ detail }) => {
    show(detail);
    scroll.scroller.scrollTop = 0;
  });
  root.addEventListener("chat:seen", () => readWhenSeen());
  root.addEventListener("chat:attached", ({ detail }) => sync.attach(detail));
  root.addEventListener("chat:stale", ({ detail }) => sync.fetch(detail)); // a row whose reader has changed his own part
  on("outbox:sent", ({ detail }) => {
    const row = pending(detail);
    if (!row) return;
    row.dataset.state = "sent";
    if (here(list, detail)) row.remove();
    else sync.fetch(detail.seq);
  });
  on("outbox:failed", ({ detail }) => {
    const row = pending(detail);
    if (row) fail(row, detail.failed);
  });
  root.addEventListener("click", ({ target }) => {
    const bubble = target.closest("a, button") ? null : target.closest(".bubble");
    bubble?.closest(".message").classList.toggle("chosen"); // shows what can be done with it, where nothing hovers
    const row = target.closest("[data-pending]");
    if (!row) return;
    if (target.closest("[data-retry]")) {
      row.dataset.state = "sending";
      retry(row.dataset.pending);
    } else if (target.closest("[data-discard]")) {
      discard(row.dataset.pending);
      row.remove();
    }
  });

  queued(root.dataset.conversation).forEach(show);
  showTyping(root);
  if ("showsPresence" in root.dataset) import("./chat-presence.js").then((module) => module.default(root));
  if (live.connected) sync.fetch(); // `hello` with its heads came before this module
  for (const type of ["focus", "pageshow"]) addEventListener(type, readWhenSeen);
  document.addEventListener("visibilitychange", readWhenSeen);
  document.addEventListener("visibilitychange", () => document.hidden || sync.fetch());
  readWhenSeen();

  function on(type, handle) {
    document.addEventListener(type, (event) => event.detail.conversation === root.dataset.conversation && handle(event));
  }
}

const here = (list, { client_id }) => list.querySelector(`[data-client-id="${CSS.escape(client_id)}"]`);
const pending = ({ client_id }) => document.getElementById(`pending-${client_id}`);

function pendingRow(root, item) {
  const row = root.querySelector("template[data-pending-template]").content.firstElementChild.cloneNode(true);
  row.id = `pending-${item.client_id}`;
  row.dataset.pending = item.client_id;
  const words = [item.label, item.text].filter(Boolean).join("\n");
  row.querySelector("[data-text]").textContent = words;
  row.querySelector("[data-text]").hidden = !words;
  const photos = row.querySelector("[data-photos]");
  photos.hidden = item.kind !== "image";
  photos.classList.add(`photos-${item.uploads.length}`);
  row.querySelector(".bubble").classList.toggle("of-image", item.kind === "image");
  for (const preview of item.previews ?? []) {
    const frame = Object.assign(document.createElement("span"), { className: "photo-frame" });
    frame.append(Object.assign(new Image(), { src: preview, alt: "" }));
    photos.append(frame);
  }
  const quote = row.querySelector("[data-quote]");
  quote.hidden = !item.quote;
  quote.textContent = item.quote ?? "";
  return row;
}

function fail(row, sentence) {
  row.dataset.state = "failed";
  row.querySelector("[data-why]").textContent = sentence;
}

// Marks as read what stands on a screen that somebody looks at, once things are still.
function reader(root, scroll, latest) {
  let told = "markedUnread" in root.dataset ? -1 : Number(root.dataset.read);
  let timer;
  const tell = () => {
    if (!root.isConnected || document.hidden || !document.hasFocus() || "detached" in root.dataset) return;
    const seq = scroll.atLatest ? latest() : scroll.seen;
    if (seq <= told) return;
    const done = () => {
      told = Math.max(told, seq);
      document.dispatchEvent(new CustomEvent("chat:read", { detail: { conversation: root.dataset.conversation, seq } }));
    };
    if (live.connected) done(live.tell({ type: "read", conversation: root.dataset.conversation, seq }));
    else send(root.dataset.readUrl, { body: new URLSearchParams({ seq }) }).then((answer) => answer.ok && done(), () => {});
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(tell, 250);
  };
}
