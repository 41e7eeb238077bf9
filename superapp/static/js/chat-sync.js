// Keeps the open conversation equal to the server's. A live event is only a hint that something changed: what changed is
// always fetched as rendered rows since the last number seen, and merged by id. Applying a row twice changes nothing.

const GAP = 500;

export class Sync {
  constructor(root, list, { before, after }) {
    this.root = root;
    this.list = list;
    this.before = before;
    this.after = after;
    this.id = root.dataset.conversation;
    this.last = Number(root.dataset.head);
    this.detached = "detached" in root.dataset;
    this.running = false;
    this.again = false;
    for (const type of ["message.created", "message.changed", "conversation.changed", "member.changed"])
      document.addEventListener(`live:${type}`, this);
    for (const type of ["red_envelope.changed", "hello", "heartbeat"]) document.addEventListener(`live:${type}`, this);
  }

  handleEvent({ type, detail }) {
    if (!this.root.isConnected) return;
    if (detail.generation) {
      if (this.generation && this.generation !== detail.generation) return location.reload(); // restored from a backup
      this.generation = detail.generation;
    }
    if (detail.heads) {
      if ((detail.heads[this.id] ?? 0) > this.last) this.fetch();
    } else if (String(detail.conversation) === this.id) {
      if (type === "live:red_envelope.changed") this.fetch(detail.seq);
      else if (detail.seq === this.last + 1) this.fetch();
      else if (detail.seq > this.last) setTimeout(() => detail.seq > this.last && this.fetch(), GAP);
    }
  }

  // The page has come to its end, whole up to `seq`: from here on it follows.
  attach(seq) {
    this.detached = false;
    this.last = Math.min(this.last, seq);
    this.fetch();
  }

  // One request in flight; whatever is asked for meanwhile makes one more when it is back. `row` is fetched even though
  // its number did not move (a red envelope whose shares are going).
  async fetch(row = null) {
    if (row) this.rows = new Set([...(this.rows ?? []), row]);
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    try {
      do {
        this.again = false;
        await this.fetchOnce();
      } while (this.again);
    } catch {
      setTimeout(() => this.root.isConnected && this.fetch(), 4000 + Math.random() * 4000);
    } finally {
      this.running = false;
    }
  }

  async fetchOnce() {
    const asked = new URLSearchParams({ since: this.last });
    for (const row of this.rows ?? []) asked.append("row", row);
    this.rows = null;
    const response = await fetch(`${this.root.dataset.changesUrl}?${asked}`, { headers: { "HX-Request": "true" } });
    if (response.status === 404 || response.redirected) return location.assign(this.root.dataset.listUrl);
    if (!response.ok) throw new Error(response.statusText);
    this.merge(await response.text());
    this.last = Math.max(this.last, Number(response.headers.get("X-Seq")));
    if (response.headers.get("X-Has-More")) this.again = true;
  }

  merge(html) {
    const fragment = document.createRange().createContextualFragment(html);
    const rows = [...fragment.querySelectorAll("[data-seq]")];
    for (const part of fragment.querySelectorAll("[data-part]"))
      document.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceWith(part);
    if (!rows.length) return;
    const state = this.before();
    const added = rows.filter((row) => this.place(row));
    this.after(state, added);
    for (const row of rows) document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: row } })); // its modules
  }

  // Says whether it is new here.
  place(row) {
    const known = document.getElementById(row.id);
    const pending = row.dataset.clientId && document.getElementById(`pending-${row.dataset.clientId}`);
    if (known) known.replaceWith(row);
    else if (pending) pending.remove();
    if (known || this.detached) return false;
    const seq = Number(row.dataset.seq);
    const settled = [...this.list.querySelectorAll(":scope > [data-seq]")];
    const predecessor = settled.findLast((other) => Number(other.dataset.seq) < seq);
    if (predecessor) predecessor.after(row);
    else if (!settled.length) this.list.append(row);
    // Else it is older than what this page begins with, and comes with the history.
    return !pending && row.isConnected;
  }
}
