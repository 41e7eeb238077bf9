// Photos under a text: a soft picture from the blurhash until the photo is there, and a new address where an old one
// has died (they live for five minutes).
import { drawBlurhash } from "./photo-blurhash.js";

export default function photos(grid) {
  for (const image of grid.querySelectorAll("img[data-blurhash]")) {
    if (image.complete && image.naturalWidth) continue;
    const canvas = drawBlurhash(image.dataset.blurhash);
    if (canvas) image.after(canvas);
    image.addEventListener("load", () => fade(canvas), { once: true });
    image.addEventListener("error", () => renew(grid), { once: true });
  }
}

function fade(canvas) {
  canvas?.classList.add("leaving");
  setTimeout(() => canvas?.remove(), 200);
}

// The page of the content is asked again; it answers with new addresses to those who may still see it.
async function renew(grid) {
  const page = grid.closest("[data-refresh]")?.dataset.refresh;
  if (!page || grid.dataset.renewed) return;
  grid.dataset.renewed = "yes";
  const answer = await fetch(page, { credentials: "same-origin" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const link of grid.querySelectorAll("a[data-upload]")) {
    const from = fresh.querySelector(`a[data-upload="${CSS.escape(link.dataset.upload)}"]`);
    const image = link.querySelector("img");
    if (!from) continue;
    link.href = from.href;
    image.addEventListener("load", () => fade(link.querySelector("canvas")), { once: true });
    image.src = from.querySelector("img").src;
  }
}
