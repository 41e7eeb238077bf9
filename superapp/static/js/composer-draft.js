// What is being written is kept on the server for all of a person's devices, and in this browser until it is there.
// The latest writer wins; what is being typed here is never written over.

import { send } from "./requests.js";

const WAIT = 900;

export class Draft {
  constructor(root, form, quote, changed) {
    this.root = root;
    this.text = form.elements.text;
    this.quote = quote;
    this.redraw = changed;
    this.key = `draft:${document.body.dataset.user}:${root.dataset.conversation}`;
    this.synced = this.now;
    this.restore();
    document.addEventListener("live:draft.changed", ({ detail }) => {
      if (detail.conversation === root.dataset.conversation) this.take(detail.draft);
    });
    addEventListener("online", () => this.save());
    addEventListener("pagehide", () => this.save());
    document.addEventListener("visibilitychange", () => document.hidden && this.save());
  }

  get now() {
    return { text: this.text.value.trim() && this.text.value, reply_to: this.text.value.trim() && this.quote.id };
  }

  get waits() {
    return this.now.text !== this.synced.text || this.now.reply_to !== this.synced.reply_to;
  }

  // What this browser kept because the server did not hear of it, unless another device has written since.
  restore() {
    const kept = read(this.key);
    if (!kept || kept.at < Date.parse(this.root.dataset.draftedAt || 0)) return localStorage.removeItem(this.key);
    this.show(kept);
    this.changed(kept.at);
  }

  changed(at = Date.now()) {
    clearTimeout(this.timer);
    if (!this.waits) return localStorage.removeItem(this.key);
    localStorage.setItem(this.key, JSON.stringify({ ...this.now, at }));
    this.timer = setTimeout(() => this.save(), WAIT);
  }

  async save() {
    clearTimeout(this.timer);
    if (this.saving || !this.waits) return;
    const draft = this.now;
    const at = read(this.key)?.at ?? Date.now();
    this.saving = true;
    try {
      const body = new URLSearchParams({ ...draft, written_at: at / 1000 });
      const response = await send(this.root.dataset.draftUrl, { body, keepalive: true });
      if (response.ok) this.synced = draft;
    } catch {
      return; // it stays in this browser; `online` or the next letter tries again
    } finally {
      this.saving = false;
    }
    if (this.waits) this.changed();
    else localStorage.removeItem(this.key);
  }

  // The field has just been emptied by sending. Whether the message is to clear what the server keeps of it.
  sent() {
    clearTimeout(this.timer);
    localStorage.removeItem(this.key);
    const clears = Boolean(this.synced.text || this.saving);
    if (!this.saving) this.synced = this.now;
    return clears;
  }

  // The words go elsewhere with the form.
  drop() {
    clearTimeout(this.timer);
    localStorage.removeItem(this.key);
    if (this.synced.text) send(this.root.dataset.draftUrl, { body: new URLSearchParams({ text: "" }), keepalive: true });
    this.synced = this.now;
  }

  // From another device of the same person.
  take(draft) {
    const theirs = { text: draft.text, reply_to: draft.reply_to ?? "" };
    const typing = document.hasFocus() && document.activeElement === this.text && this.text.value && theirs.text;
    if (this.waits || this.saving || typing) return;
    this.synced = theirs;
    this.show(theirs);
  }

  show({ text, reply_to }) {
    this.text.value = text;
    const row = reply_to && document.querySelector(`[data-messages] [data-id="${CSS.escape(reply_to)}"]`);
    if (row) this.quote.set(row);
    else this.quote.clear();
    this.redraw();
  }
}

function read(key) {
  const kept = localStorage.getItem(key);
  try {
    return kept && JSON.parse(kept);
  } catch {
    return { text: kept, at: Date.now() }; // as an earlier version kept it
  }
}
