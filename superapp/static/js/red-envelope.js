// Opens a red envelope in a sheet over the chat, and keeps an opened one current while others take their shares.
// The same pages work by themselves: the bubble is a link, the seal is a form.

import { send } from "./requests.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const fragment = { "HX-Request": "true" };

export default function redEnvelope(root) {
  const sheet = root.matches("dialog") ? root : null;
  const opened = () => root.querySelector("[data-opened]")?.dataset.opened;
  let url = location.pathname;

  async function show(response, quiet = false) {
    const html = await response.text();
    if (response.redirected) return location.assign(response.url);
    if (!html.includes("data-opened") && !html.includes("data-sealed")) return toast(word("failed"), { level: "error" });
    const place = sheet ?? root;
    const kept = place.scrollTop;
    place.replaceChildren(document.createRange().createContextualFragment(html));
    if (sheet && !sheet.open) sheet.showModal();
    if (quiet) place.scrollTop = kept;
    else root.querySelector("[data-got]")?.focus();
  }

  if (sheet) {
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-envelope]");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      url = link.getAttribute("href");
      fetch(url, { headers: fragment }).then(show, () => location.assign(url));
    });
    sheet.addEventListener("close", () => sheet.replaceChildren());
  }
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-open]");
    if (!form) return;
    event.preventDefault();
    if (form.classList.contains("htmx-request")) return;
    form.classList.add("htmx-request");
    send(form.action, { headers: fragment }).then(show, () => {
      form.classList.remove("htmx-request");
      toast(word("failed"), { level: "error" });
    });
  });
  document.addEventListener("live:red_envelope.changed", ({ detail }) => {
    if (opened() && String(detail.red_envelope?.id ?? detail.red_envelope) === opened())
      fetch(url, { headers: fragment }).then((response) => show(response, true), () => {});
  });
}
