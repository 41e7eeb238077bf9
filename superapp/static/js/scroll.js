// A list column comes back at the place where it was left, page after page.
export default function keepScroll(element) {
  const key = `scroll:${element.dataset.scrollKey}`;
  const kept = Number(sessionStorage.getItem(key));
  if (kept) element.scrollTop = kept;
  addEventListener("pagehide", () => sessionStorage.setItem(key, String(element.scrollTop)));
}
