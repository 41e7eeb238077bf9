// A file whose address has died while the page stood open gets a new one when it is asked for.

import { renewed } from "./media-address.js";

const LIVES = 150_000;

export default function download(link) {
  const since = Date.now();
  link.addEventListener("click", async (event) => {
    if (Date.now() - since < LIVES || link.dataset.renewed) return;
    event.preventDefault();
    const fresh = await renewed(link, ".bubble-file", (found) => found.href);
    if (!fresh) return;
    link.href = fresh;
    link.dataset.renewed = "yes";
    link.click();
    setTimeout(() => delete link.dataset.renewed, LIVES);
  });
}
