// “Read”, below the last of my messages that the other one has read. It only ever moves down.

export class ReadMark {
  constructor(root, list) {
    this.list = list;
    this.mark = list.querySelector("[data-read-mark]") ?? root.querySelector("[data-read-template]").content.firstElementChild;
    this.seq = Number(this.mark.previousElementSibling?.dataset.seq ?? 0);
    document.addEventListener("live:read", ({ detail }) => {
      if (!detail.from || detail.conversation !== root.dataset.conversation || !("direct" in root.dataset)) return;
      this.seq = Math.max(this.seq, detail.seq);
      this.place();
    });
  }

  place() {
    if (!this.seq) return;
    const mine = [...this.list.querySelectorAll(":scope > .mine[data-seq]")];
    mine.findLast((row) => Number(row.dataset.seq) <= this.seq)?.after(this.mark);
  }
}
