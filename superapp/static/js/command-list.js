// What can be said after a slash: comes with the first one, narrows while the word is typed, and fills it in.

export class CommandList {
  constructor(text, list) {
    this.text = text;
    this.list = list;
    this.loading = fetch(list.dataset.url).then((response) => (response.ok ? response.text() : ""));
    list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[data-command]");
      if (!option) return;
      event.preventDefault(); // the words keep the focus
      this.take(option);
    });
    text.addEventListener("keydown", (event) => this.key(event), { capture: true });
    text.addEventListener("blur", () => this.close());
    text.form.addEventListener("submit", (event) => this.help(event), { capture: true });
  }

  get shown() {
    return [...this.list.querySelectorAll("[data-command]:not([hidden])")];
  }

  async fill() {
    const html = await this.loading;
    if (this.filled) return;
    this.filled = true;
    this.list.replaceChildren(document.createRange().createContextualFragment(html));
  }

  async update() {
    await this.fill();
    const word = /^\/([a-z0-9_-]*)$/i.exec(this.text.value);
    if (!word) return this.close();
    for (const option of this.list.children) option.hidden = !option.dataset.command.startsWith(word[1].toLowerCase());
    this.list.hidden = !this.shown.length;
    if (!this.list.hidden) this.choose(this.shown[0]);
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const shown = this.shown;
    const at = shown.indexOf(this.list.querySelector('[aria-selected="true"]'));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.choose(shown[(at + step + shown.length) % shown.length]);
    else if (event.key === "Tab" || (event.key === "Enter" && !this.isWhole(shown[at]))) this.take(shown[at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // What is asked for is there already: it opens, and nothing is sent.
  help(event) {
    if (this.text.value.trim().toLowerCase() !== "/help" || !this.list.childElementCount) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.text.value = "/";
    this.update();
  }

  isWhole(option) {
    return this.text.value.toLowerCase() === `/${option.dataset.command}`;
  }

  choose(option) {
    for (const one of this.list.children) one.setAttribute("aria-selected", one === option);
    this.text.setAttribute("aria-activedescendant", option.id);
    this.text.setAttribute("aria-controls", this.list.id);
    option.scrollIntoView({ block: "nearest" });
  }

  take(option) {
    this.text.value = `/${option.dataset.command} `;
    this.close();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.text.focus();
  }

  close() {
    this.list.hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }
}
