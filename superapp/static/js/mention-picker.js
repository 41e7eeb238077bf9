// A list of members opens at an @ in the message: it narrows as one types, arrow keys walk it, Enter and Tab choose.
// Without it `@handle` is typed by hand and means the same.

const NAME = /(^|[^A-Za-z0-9_.@/+-])@([^\s@]{0,30})$/u;
const SHOWN = 8;
const lists = new Map();

function people(url) {
  if (!lists.has(url)) {
    const asked = fetch(url, { headers: { Accept: "application/json" } }).then((answer) => {
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.json();
    });
    asked.catch(() => lists.delete(url));
    lists.set(url, asked);
  }
  return lists.get(url);
}

export class MentionPicker {
  constructor(text, box) {
    this.text = text;
    this.box = box;
    this.chosen = 0;
    text.setAttribute("aria-controls", box.id);
    text.setAttribute("aria-autocomplete", "list");
    text.addEventListener("keydown", (event) => this.key(event), true);
    text.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    box.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the focus stays in the message
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  get open() {
    return !this.box.hidden;
  }

  async update() {
    const found = this.text.value.slice(0, this.text.selectionStart).match(NAME);
    if (!found) return this.close();
    let members;
    try {
      members = await people(this.box.dataset.url);
    } catch {
      return this.close();
    }
    if (!this.text.value.slice(0, this.text.selectionStart).endsWith(`@${found[2]}`)) return; // typed on meanwhile
    const wanted = found[2].toLowerCase();
    const everybody = { handle: "all", name: members.everybody, words: `all ${members.everybody}`.toLowerCase() };
    const offered = [...(members.everybody ? [everybody] : []), ...members.people];
    this.show(offered.filter(({ words }) => words.split(" ").some((part) => part.startsWith(wanted)) || words.includes(wanted)));
  }

  show(found) {
    if (!found.length) return this.close();
    this.box.replaceChildren(...found.slice(0, SHOWN).map((person, index) => option(person, `${this.box.id}-${index}`)));
    this.box.hidden = false;
    this.choose(0);
  }

  choose(index) {
    const options = [...this.box.children];
    this.chosen = (index + options.length) % options.length;
    options.forEach((one, place) => one.setAttribute("aria-selected", String(place === this.chosen)));
    options[this.chosen].scrollIntoView({ block: "nearest" });
    this.text.setAttribute("aria-activedescendant", options[this.chosen].id);
  }

  key(event) {
    if (!this.open || event.isComposing) return;
    const does = {
      ArrowDown: () => this.choose(this.chosen + 1),
      ArrowUp: () => this.choose(this.chosen - 1),
      Enter: () => this.take(this.box.children[this.chosen]),
      Tab: () => this.take(this.box.children[this.chosen]),
      Escape: () => this.close(),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    does();
  }

  take({ dataset }) {
    const end = this.text.selectionStart;
    const start = this.text.value.lastIndexOf("@", end - 1);
    this.text.setRangeText(`@${dataset.handle} `, start, end, "end");
    this.close();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.text.focus();
  }

  close() {
    this.box.hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }
}

function option({ handle, name, avatar }, id) {
  const row = Object.assign(document.createElement("div"), { id, className: "mention-option", role: "option" });
  row.setAttribute("role", "option");
  row.dataset.handle = handle;
  const face = avatar ? Object.assign(new Image(24, 24), { src: avatar, alt: "", className: "avatar avatar-xs" }) : "";
  const shown = Object.assign(document.createElement("bdi"), { textContent: name });
  const named = Object.assign(document.createElement("span"), { className: "handle", textContent: `@${handle}` });
  row.append(face, shown, named);
  return row;
}
