// Comments in place: the bubble opens the form under the card, a comment is answered by a tap on it.
export default function comments(place) {
  place.addEventListener("click", (event) => {
    const starter = event.target.closest("[data-comment], [data-reply]");
    if (starter && !event.metaKey && !event.ctrlKey) return start(event, starter);
    const row = event.target.closest(".moment-comment");
    if (row && !event.target.closest("a, button")) choose(row);
  });
  place.addEventListener("keydown", (event) => {
    if (event.target.name !== "text" || event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") event.target.form.hidden = true;
    if (event.key !== "Enter" || event.shiftKey || !matchMedia("(pointer: fine)").matches) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
}

function choose(row) {
  const reply = row.querySelector("[data-reply]");
  if (reply && row.parentElement) return reply.click();
  row.parentElement.querySelectorAll(".chosen").forEach((other) => other !== row && other.classList.remove("chosen"));
  row.classList.toggle("chosen");
}

function start(event, starter) {
  const form = starter.closest(".moment-footer")?.querySelector(".moment-reply");
  if (!form) return;
  event.preventDefault();
  const { text, reply_to: replyTo } = form.elements;
  const again = !form.hidden && replyTo.value === (starter.dataset.reply ?? "");
  form.hidden = again && !text.value && starter.hasAttribute("data-comment");
  if (form.hidden) return;
  replyTo.value = starter.dataset.reply ?? "";
  const hint = starter.dataset.name ? text.dataset.hintReply.replace("{name}", starter.dataset.name) : text.dataset.hint;
  text.placeholder = hint;
  text.setAttribute("aria-label", hint);
  text.focus();
  form.scrollIntoView({ block: "nearest", behavior: "smooth" });
}
