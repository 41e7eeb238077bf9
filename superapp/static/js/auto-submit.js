// A form whose choice takes effect at once.
export default function autoSubmit(form) {
  form.addEventListener("change", () => form.requestSubmit());
}
