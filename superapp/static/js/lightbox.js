// Opens the photos of a [data-lightbox] group large, one beside the other: swipe, arrow keys or the buttons.
import { word } from "./words.js";

export default function lightbox(place) {
  place.addEventListener("click", (event) => {
    const link = event.target.closest("[data-lightbox] a[data-upload]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const links = [...link.closest("[data-lightbox]").querySelectorAll("a[data-upload]")];
    open(links, links.indexOf(link), place.dataset);
  });
}

function open(links, first, words) {
  const dialog = element("dialog", "lightbox");
  dialog.setAttribute("aria-label", links[first].querySelector("img").alt || links[first].getAttribute("aria-label") || "");
  const strip = element("div", "lightbox-strip");
  strip.tabIndex = 0;
  strip.append(...links.map(slide));
  const count = element("span", "lightbox-count");
  const close = button("×", word("close"), "", () => dialog.close());
  const bar = element("div", "lightbox-bar");
  bar.append(count, close);
  const backward = button("‹", words.previous, "lightbox-step backward", () => go(at() - 1));
  const forward = button("›", words.next, "lightbox-step forward", () => go(at() + 1));
  dialog.append(strip, bar, backward, forward);

  const at = () => Math.round(Math.abs(strip.scrollLeft) / Math.max(1, strip.clientWidth));
  const go = (to, behavior = "smooth") => strip.children[to]?.scrollIntoView({ behavior, inline: "center", block: "nearest" });
  const tell = () => {
    count.textContent = links.length > 1 ? `${at() + 1} / ${links.length}` : "";
    backward.hidden = at() === 0;
    forward.hidden = at() >= links.length - 1;
    for (const near of [at(), at() + 1, at() - 1]) load(strip.children[near]);
  };
  strip.addEventListener("scroll", tell, { passive: true });
  strip.addEventListener("click", (event) => event.target.tagName !== "IMG" && dialog.close());
  dialog.addEventListener("keydown", (event) => {
    const towards = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!towards) return;
    event.preventDefault();
    go(at() + (getComputedStyle(dialog).direction === "rtl" ? -towards : towards));
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    links[at()]?.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
  go(first, "instant");
  tell();
  strip.focus();
}

function slide(link) {
  const small = link.querySelector("img");
  const figure = element("figure", "lightbox-slide");
  const image = element("img", "");
  image.alt = small.alt;
  image.src = small.currentSrc || small.src;
  image.dataset.large = link.href;
  figure.append(image);
  if (small.alt) {
    const caption = element("figcaption", "");
    caption.dir = "auto";
    caption.textContent = small.alt;
    figure.append(caption);
  }
  return figure;
}

function load(figure) {
  const image = figure?.querySelector("[data-large]");
  if (!image) return;
  const large = new Image();
  large.src = image.dataset.large;
  delete image.dataset.large;
  large.decode().then(
    () => (image.src = large.src),
    () => {},
  );
}

function button(text, label, name, action) {
  const made = element("button", name);
  made.type = "button";
  made.textContent = text;
  made.setAttribute("aria-label", label ?? "");
  made.addEventListener("click", action);
  return made;
}

function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
