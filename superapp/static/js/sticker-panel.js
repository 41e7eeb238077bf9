// The panel of emoji and stickers: comes with the first tap, stands above the composer, and goes with the next.

const RECENT_MOST = 32;
const key = (what) => `recent-${what}:${document.body.dataset.user}`;
let panel = null;

export async function toggle(form, button) {
  if (panel?.isConnected) return panel.hidden ? open(form, button) : close(button);
  panel = document.createElement("div");
  panel.className = "sticker-panel";
  panel.id = "sticker-panel";
  form.querySelector(".composer-line").before(panel);
  button.setAttribute("aria-controls", panel.id);
  open(form, button);
  const [html, emoji] = await Promise.all([
    fetch(button.dataset.panelUrl, { headers: { "HX-Request": "true" } }).then((answer) => answer.text()),
    fetch(button.dataset.emojiUrl).then((answer) => answer.json()),
  ]);
  fill(form, html, emoji);
}

function open(form, button) {
  panel.hidden = false;
  button.setAttribute("aria-expanded", "true");
  panel.onkeydown = ({ key: pressed }) => {
    if (pressed !== "Escape") return;
    close(button);
    form.elements.text.focus();
  };
}

function close(button) {
  panel.hidden = true;
  button.setAttribute("aria-expanded", "false");
}

function fill(form, html, { own, groups }) {
  const tabs = element("div", "sticker-tabs");
  tabs.setAttribute("role", "tablist");
  const pages = element("div", "sticker-pages");
  panel.replaceChildren(tabs, pages);
  const recent = read("emoji").map((one) => [one, one]);
  const everything = [...own, ...groups.flatMap((group) => group.emoji)];
  const emojiPage = element("section", "emoji-page");
  const search = Object.assign(document.createElement("input"), { type: "search", className: "input" });
  search.placeholder = search.ariaLabel = form.dataset.findEmoji ?? "";
  const lists = element("div", "emoji-lists");
  const all = [["", recent], ["", own], ...groups.map((group) => [group.name, group.emoji])];
  const whole = all.filter(([, list]) => list.length).flatMap(([name, list]) => [heading(name), grid(form, list)]);
  lists.append(...whole);
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    if (!wanted) return lists.replaceChildren(...whole);
    lists.replaceChildren(grid(form, everything.filter(([, name]) => name.includes(wanted)).slice(0, 80)));
  });
  emojiPage.append(search, lists);
  add(tabs, pages, "😀", form.querySelector("[data-stickers]").title, emojiPage);

  const body = new DOMParser().parseFromString(html, "text/html").querySelector("[data-panel]");
  if (!body) return;
  const stickers = new Map([...body.querySelectorAll("[data-sticker]")].map((one) => [one.dataset.sticker, one]));
  const used = read("stickers").filter((id) => stickers.has(id));
  if (used.length) {
    const page = element("section", "");
    const list = element("div", "sticker-grid");
    list.append(...used.map((id) => stickers.get(id).cloneNode(true)));
    page.append(list);
    add(tabs, pages, "🕘", "", page);
  }
  for (const section of body.querySelectorAll("[data-tab]")) {
    const face = section.dataset.face ? "★" : section.querySelector("img")?.cloneNode();
    add(tabs, pages, face ?? "＋", section.dataset.label, section);
  }
  const more = body.querySelector(":scope > a");
  if (more) {
    more.className = "sticker-more";
    more.ariaLabel = more.title = more.textContent.trim();
    more.lastChild?.nodeType === Node.TEXT_NODE && more.lastChild.remove();
    tabs.append(more);
  }
  pages.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sticker]");
    if (!button) return;
    event.preventDefault();
    remember("stickers", button.dataset.sticker);
    const detail = { kind: "sticker", sticker: button.dataset.sticker, label: button.dataset.words };
    form.dispatchEvent(new CustomEvent("composer:say", { detail }));
  });
  tabs.firstElementChild.click();
}

function add(tabs, pages, face, label, page) {
  const tab = element("button", "");
  tab.type = "button";
  tab.setAttribute("role", "tab");
  tab.append(face);
  tab.title = label;
  tab.ariaLabel = label || face;
  page.setAttribute("role", "tabpanel");
  page.ariaLabel = label;
  tab.addEventListener("click", () => {
    for (const other of pages.children) other.hidden = other !== page;
    for (const other of tabs.querySelectorAll("[role=tab]")) other.setAttribute("aria-selected", String(other === tab));
  });
  tabs.append(tab);
  pages.append(page);
}

function heading(name) {
  const made = element("h3", "");
  made.textContent = name;
  made.hidden = !name;
  return made;
}

function grid(form, emoji) {
  const made = element("div", "emoji-grid");
  made.append(
    ...emoji.map(([sign, name, image]) => {
      const button = element("button", "");
      button.type = "button";
      button.title = button.ariaLabel = name || sign;
      if (image) button.append(Object.assign(new Image(24, 24), { src: image, alt: "", loading: "lazy" }));
      else button.textContent = sign;
      button.addEventListener("click", () => write(form.elements.text, sign));
      return button;
    }),
  );
  return made;
}

function write(field, sign) {
  const at = field.selectionStart ?? field.value.length;
  field.setRangeText(sign, at, field.selectionEnd ?? at, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (!sign.startsWith(":")) remember("emoji", sign);
}

function read(what) {
  try {
    return JSON.parse(localStorage.getItem(key(what))) ?? [];
  } catch {
    return [];
  }
}

function remember(what, one) {
  localStorage.setItem(key(what), JSON.stringify([one, ...read(what).filter((other) => other !== one)].slice(0, RECENT_MOST)));
}

function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
