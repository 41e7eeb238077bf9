// Writing a message: Enter, drafts, the quote, files. Without this script the same form posts by itself.

import { enqueue } from "./chat-outbox.js";
import { tellTyping } from "./chat-typing.js";
import { Draft } from "./composer-draft.js";
import { Files } from "./composer-files.js";

export default function composer(form) {
  const root = form.closest("[data-conversation]");
  const conversation = root.dataset.conversation;
  const text = form.elements.text;
  const quote = new Quote(form);
  const files = new Files(form, () => update());
  const typing = tellTyping(conversation);
  const draft = new Draft(root, form, quote, () => update());

  form.noValidate = true;
  form.dataset.ready = "";
  update();

  text.addEventListener("input", () => {
    draft.changed();
    if (text.value) typing();
    update();
    mention();
    command();
  });
  text.addEventListener("keydown", (event) => {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key === "Escape" && quote.id) {
      quote.clear();
      draft.changed();
    }
    if (event.key !== "Enter" || event.shiftKey || composing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    form.requestSubmit();
  });
  text.addEventListener("paste", (event) => files.add(event.clipboardData?.files ?? []));
  root.addEventListener("dragover", (event) => event.preventDefault());
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    files.add(event.dataTransfer.files);
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reply]");
    if (!button) return;
    event.preventDefault();
    quote.set(button.closest("[data-seq]"));
    draft.changed();
    text.focus();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return draft.drop(); // for later: a page of its own
    event.preventDefault();
    const words = text.value.trim();
    if (files.busy || (!words && !files.ready.length)) return;
    const silent = event.submitter?.name === "silent";
    document.getElementById("send-menu")?.hidePopover();
    const parts = files.messages(words);
    text.value = "";
    const cleared = draft.sent();
    parts.forEach((part, number) => say({ ...part, silent, clears_draft: number ? false : cleared }));
    files.clear();
    update();
    text.focus();
  });
  form.addEventListener("composer:say", ({ detail }) => say({ text: "", uploads: [], ...detail }));

  // The quote goes with the first of what is said.
  function say({ previews, ...part }) {
    const item = { conversation, client_id: uuid(), ...part, reply_to: quote.id || null, quote: quote.text };
    root.dispatchEvent(new CustomEvent("chat:queued", { detail: { ...item, previews } }));
    quote.clear();
    enqueue(item);
  }

  // What is rarely needed comes when it is asked for.
  const mic = form.querySelector("[data-record]");
  mic?.addEventListener("pointerdown", async (event) => {
    const press = { x: event.clientX, y: event.clientY, down: true };
    addEventListener("pointerup", () => (press.down = false), { once: true });
    start(press);
  });
  mic?.addEventListener("click", (event) => event.detail || start(null)); // by the keyboard
  async function start(press) {
    const { record } = await import("./recorder.js");
    record(form, mic, press, (id) => say({ kind: "voice", text: "", uploads: [id], label: mic.dataset.label }));
  }
  form.querySelector("[data-stickers]")?.addEventListener("click", async (event) => {
    event.preventDefault();
    (await import("./sticker-panel.js")).toggle(form, event.currentTarget ?? form.querySelector("[data-stickers]"));
  });

  holdOpens(form.querySelector("[data-send]"), document.getElementById("send-menu"));

  // The list of members comes with the first @.
  let picker;
  async function mention() {
    if (!picker && !text.value.includes("@")) return;
    picker ??= import("./mention-picker.js").then(({ MentionPicker }) => new MentionPicker(text, form.querySelector("[data-mentions]")));
    (await picker).update();
  }

  // The list of commands comes with the first slash.
  let commands;
  async function command() {
    const list = form.querySelector("[data-commands]");
    if (!list || (!commands && !text.value.startsWith("/"))) return;
    commands ??= import("./command-list.js").then(({ CommandList }) => new CommandList(text, list));
    (await commands).update();
  }

  function update() {
    if (!CSS.supports("field-sizing", "content")) {
      text.style.blockSize = "auto";
      text.style.blockSize = `${text.scrollHeight}px`;
    }
    const empty = !text.value.trim() && !files.files.length;
    form.querySelector("[data-send]").disabled = files.busy || (empty && !files.ready.length);
    form.toggleAttribute("data-empty", empty); // then there is room for a voice
  }
}

class Quote {
  constructor(form) {
    this.chip = form.querySelector("[data-quote-chip]");
    this.field = form.elements.reply_to;
    this.chip.querySelector("[data-quote-clear]").addEventListener("click", (event) => {
      event.preventDefault();
      this.clear();
    });
  }

  get id() {
    return this.field.value;
  }

  get text() {
    return this.id ? this.chip.querySelector("[data-quote-text]").textContent : "";
  }

  set(row) {
    this.field.value = row.dataset.id;
    this.chip.querySelector("[data-quote-text]").textContent = row.dataset.summary ?? `${row.dataset.name}: ${text(row)}`;
    this.chip.hidden = false;
  }

  clear() {
    this.field.value = "";
    this.chip.hidden = true;
  }
}

function text(row) {
  const said = row.querySelector(".bubble-text").textContent.trim();
  return said.length > 80 ? `${said.slice(0, 79)}…` : said;
}

// Holding a button, or its other click, opens the menu beside it.
function holdOpens(button, menu) {
  let timer;
  const open = () => button.disabled || menu.matches(":popover-open") || menu.showPopover();
  const held = () => {
    open();
    button.addEventListener("click", (event) => event.preventDefault(), { once: true, capture: true });
  };
  button.addEventListener("pointerdown", ({ pointerType }) => {
    if (pointerType !== "mouse") timer = setTimeout(held, 500);
  });
  for (const type of ["pointerup", "pointercancel", "pointerleave"]) button.addEventListener(type, () => clearTimeout(timer));
  button.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    open();
  });
}

// `crypto.randomUUID` exists on secure origins only; a server of one's own at home may be reached by plain HTTP.
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
