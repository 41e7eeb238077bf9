// Plays a video over the page. Without this script its link leads to the video itself.

import { renewed } from "./media-address.js";

export default function video(link) {
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link);
  });
}

function open(link) {
  const dialog = document.createElement("dialog");
  dialog.className = "lightbox video-box";
  dialog.setAttribute("aria-label", link.getAttribute("aria-label"));
  const player = Object.assign(document.createElement("video"), { controls: true, autoplay: true, playsInline: true });
  player.poster = link.querySelector("img")?.currentSrc ?? "";
  player.src = link.href;
  player.addEventListener(
    "error",
    async () => {
      const fresh = await renewed(link, ".video-frame", (found) => found.href);
      if (fresh) player.src = link.href = fresh;
    },
    { once: true },
  );
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  close.className = "video-close";
  close.setAttribute("aria-label", link.dataset.close);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    player.pause();
    dialog.remove();
    link.focus({ preventScroll: true });
  });
  dialog.append(player, close);
  document.body.append(dialog);
  dialog.showModal();
}
