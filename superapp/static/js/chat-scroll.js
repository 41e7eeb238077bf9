// Where the reader stands in a conversation. The scroller is laid out from its end (`column-reverse`): it opens at the
// latest message without a script, and history put in above moves nothing.

const NEAR = 120;
const DAY_SHOWN = 1200;
const PAGES_BACK = 5;

export class Scroll {
  constructor(root, list) {
    this.root = root;
    this.list = list;
    this.scroller = root.querySelector("[data-scroller]");
    this.jump = root.querySelector("[data-jump]");
    this.news = root.querySelector("[data-jump-unread]");
    this.day = root.querySelector("[data-day-float]");
    this.place = `place:${root.dataset.conversation}`;
    this.returns = []; // where somebody came from who followed a quote
    this.seen = Number(root.dataset.read);
    this.drawn = 0;
    this.scroller.addEventListener("scroll", () => this.soon(), { passive: true });
    this.jump.addEventListener("click", (event) => this.toLatest(event));
    root.addEventListener("click", (event) => this.toQuoted(event));
    addEventListener("pagehide", () => this.keepPlace());
    const seen = (entries) => entries.forEach((entry) => entry.isIntersecting && this.more(entry.target));
    this.ends = new IntersectionObserver(seen, { root: this.scroller, rootMargin: "600px 0px" });
    this.begin();
  }

  begin() {
    const wanted = /^#(message-|unread)/.test(location.hash) && document.getElementById(location.hash.slice(1));
    const divider = this.root.querySelector("[data-unread]");
    const [visit] = performance.getEntriesByType("navigation");
    const kept = visit?.type === "back_forward" && JSON.parse(sessionStorage.getItem(this.place));
    if (kept) this.back(kept);
    else if (wanted) this.show(wanted);
    else if (divider && divider.offsetTop < this.scroller.scrollHeight - this.scroller.clientHeight)
      divider.scrollIntoView({ block: "start" });
    this.moved();
    this.watch();
  }

  // Coming back through the browser's history finds the same message at the same height.
  async back({ seq, top }) {
    const row = () => document.getElementById(`message-${seq}`);
    const way = Number(seq) > Number(this.rows.at(-1)?.dataset.seq) ? "newer" : "older";
    for (let page = 0; page < PAGES_BACK && !row() && this.link(way); page++) await this.more(this.link(way));
    if (row()) this.scroller.scrollTop += row().getBoundingClientRect().top - top;
  }

  keepPlace() {
    const row = this.atLatest ? null : this.topRow();
    if (row) sessionStorage.setItem(this.place, JSON.stringify({ seq: row.dataset.seq, top: row.getBoundingClientRect().top }));
    else sessionStorage.removeItem(this.place);
  }

  soon() {
    this.drawn ||= requestAnimationFrame(() => {
      this.drawn = 0;
      this.moved();
      this.showDay();
    });
  }

  get atLatest() {
    return Math.abs(this.scroller.scrollTop) < NEAR && !("detached" in this.root.dataset);
  }

  get rows() {
    return [...this.list.querySelectorAll(":scope > [data-seq]")];
  }

  topRow() {
    const edge = this.scroller.getBoundingClientRect().top + 4;
    return this.rows.find((row) => row.getBoundingClientRect().bottom > edge);
  }

  // Taken before rows are put in, given back after: a reader who has scrolled up stays where he is.
  mark() {
    return { atLatest: this.atLatest, height: this.scroller.scrollHeight };
  }

  keep({ atLatest, height }) {
    if (atLatest) this.scroller.scrollTop = 0;
    else this.scroller.scrollTop -= this.scroller.scrollHeight - height;
    this.moved();
  }

  // Up to where the reader has come, and how much of what others said lies below.
  moved() {
    const rows = this.rows;
    const { top, bottom } = this.scroller.getBoundingClientRect();
    const last = this.atLatest ? rows.at(-1) : rows.findLast((row) => row.getBoundingClientRect().bottom <= bottom + 12);
    this.seen = Math.max(this.seen, Number(last?.dataset.seq ?? 0));
    if (this.atLatest) this.returns = [];
    this.jump.hidden = this.atLatest;
    const below = rows.filter((row) => row.dataset.id && !row.dataset.clientId && Number(row.dataset.seq) > this.seen).length;
    const number = this.jump.querySelector("[data-count]");
    number.textContent = below > 99 ? "99+" : String(below);
    number.hidden = !below;
    const divider = this.root.querySelector("[data-unread]");
    if (this.news && divider && divider.getBoundingClientRect().bottom > top) this.news.hidden = true;
    this.root.dispatchEvent(new CustomEvent("chat:seen"));
  }

  // The day of what stands at the top, while it moves.
  showDay() {
    let row = this.topRow();
    const own = row?.querySelector(":scope > .message-day");
    while (row && !row.querySelector(":scope > .message-day")) row = row.previousElementSibling;
    this.day.hidden = !row || Boolean(own && own.getBoundingClientRect().bottom > this.scroller.getBoundingClientRect().top);
    if (row) this.day.textContent = row.querySelector(".message-day").textContent;
    clearTimeout(this.dayTimer);
    this.dayTimer = setTimeout(() => (this.day.hidden = true), DAY_SHOWN);
  }

  // First back to where a quote was followed from, then to the end.
  toLatest(event) {
    const from = this.returns.pop();
    if (!from?.isConnected && "detached" in this.root.dataset) return; // a link to the page of the latest messages
    event.preventDefault();
    if (from?.isConnected) this.show(from);
    else this.scroller.scrollTo({ top: 0, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  toQuoted(event) {
    const link = event.target.closest("[data-quoted]");
    const row = link && document.getElementById(`message-${link.dataset.quoted}`);
    if (!row) return;
    event.preventDefault();
    this.returns.push(link.closest("[data-seq]"));
    this.show(row);
  }

  show(row) {
    row.scrollIntoView({ block: "center" });
    row.classList.add("found");
    setTimeout(() => row.classList.remove("found"), 1600);
  }

  link(way) {
    return this.list.querySelector(`[data-${way}]`);
  }

  watch() {
    this.ends.disconnect();
    for (const way of ["older", "newer"]) if (this.link(way)) this.ends.observe(this.link(way));
  }

  // History, above or below what is here.
  more(link) {
    if (!link.getAttribute("aria-busy")) this.loading = this.load(link);
    return this.loading;
  }

  async load(link) {
    link.setAttribute("aria-busy", "true");
    const newer = "newer" in link.dataset;
    try {
      const response = await fetch(link.dataset.newer ?? link.dataset.older, { headers: { "HX-Request": "true" } });
      if (!response.ok) throw new Error(response.statusText);
      const rows = document.createRange().createContextualFragment(await response.text());
      const added = [...rows.children];
      const { height } = this.mark();
      link.replaceWith(rows);
      if (newer) this.keep({ atLatest: false, height });
      for (const row of added) document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: row } }));
      if (newer && !this.link("newer")) this.attach(Number(response.headers.get("X-Seq")));
    } catch {
      link.removeAttribute("aria-busy");
    }
    this.watch();
  }

  // What follows is the present.
  attach(seq) {
    delete this.root.dataset.detached;
    this.root.dispatchEvent(new CustomEvent("chat:attached", { detail: seq }));
    this.moved();
  }
}
