// Where the reader stands in a conversation. The scroller is laid out from its end (`column-reverse`): it opens at the
// latest message without a script, and history put in above moves nothing.

const NEAR = 120;

export class Scroll {
  constructor(root, list) {
    this.root = root;
    this.list = list;
    this.scroller = root.querySelector("[data-scroller]");
    this.jump = root.querySelector("[data-jump]");
    this.seen = Number(root.dataset.read);
    this.drawn = 0;
    this.scroller.addEventListener("scroll", () => this.soon(), { passive: true });
    this.jump.addEventListener("click", (event) => this.toLatest(event));
    root.addEventListener("click", (event) => this.toQuoted(event));
    this.history = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.older(), {
      root: this.scroller,
      rootMargin: "600px 0px 0px",
    });
    this.begin();
  }

  begin() {
    const target = location.hash.startsWith("#message-") && document.getElementById(location.hash.slice(1));
    const divider = this.root.querySelector("[data-unread]");
    if (target) this.show(target);
    else if (divider && divider.offsetTop < this.scroller.scrollHeight - this.scroller.clientHeight)
      divider.scrollIntoView({ block: "start" });
    this.moved();
    this.watch();
  }

  soon() {
    this.drawn ||= requestAnimationFrame(() => {
      this.drawn = 0;
      this.moved();
    });
  }

  get atLatest() {
    return Math.abs(this.scroller.scrollTop) < NEAR;
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
    const rows = [...this.list.querySelectorAll(":scope > [data-seq]")];
    const edge = this.scroller.getBoundingClientRect().bottom + 12;
    const last = this.atLatest ? rows.at(-1) : rows.findLast((row) => row.getBoundingClientRect().bottom <= edge);
    this.seen = Math.max(this.seen, Number(last?.dataset.seq ?? 0));
    this.jump.hidden = this.atLatest && !("detached" in this.root.dataset);
    const below = rows.filter((row) => row.dataset.id && !row.dataset.clientId && Number(row.dataset.seq) > this.seen).length;
    const number = this.jump.querySelector("[data-count]");
    number.textContent = below > 99 ? "99+" : String(below);
    number.hidden = !below;
    this.root.dispatchEvent(new CustomEvent("chat:seen"));
  }

  toLatest(event) {
    if ("detached" in this.root.dataset) return; // a link to the page of the latest messages
    event.preventDefault();
    this.scroller.scrollTo({ top: 0, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  toQuoted(event) {
    const link = event.target.closest("[data-quoted]");
    const row = link && document.getElementById(`message-${link.dataset.quoted}`);
    if (!row) return;
    event.preventDefault();
    this.show(row);
  }

  show(row) {
    row.scrollIntoView({ block: "center" });
    row.classList.add("found");
    setTimeout(() => row.classList.remove("found"), 1600);
  }

  watch() {
    this.history.disconnect();
    const link = this.list.querySelector("[data-older]");
    if (link) this.history.observe(link);
  }

  async older() {
    const link = this.list.querySelector("[data-older]");
    if (!link || link.getAttribute("aria-busy")) return;
    link.setAttribute("aria-busy", "true");
    this.list.setAttribute("aria-busy", "true"); // history is not news: readers of the log are not told
    try {
      const response = await fetch(link.dataset.older, { headers: { "HX-Request": "true" } });
      if (!response.ok) throw new Error(response.statusText);
      const rows = document.createRange().createContextualFragment(await response.text());
      const added = [...rows.children];
      link.replaceWith(rows);
      for (const row of added) document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: row } }));
    } catch {
      link.removeAttribute("aria-busy");
    }
    requestAnimationFrame(() => this.list.removeAttribute("aria-busy"));
    this.watch();
  }
}
