// A moment that is being written is never lost: its text is kept in this browser until it is posted.
export default function draft(form) {
  const text = form.elements.text;
  const key = form.dataset.draft;
  if (!text.value) text.value = localStorage.getItem(key) ?? "";
  text.addEventListener("input", () => localStorage.setItem(key, text.value));
  form.addEventListener("submit", (event) => !event.defaultPrevented && localStorage.removeItem(key));
}
