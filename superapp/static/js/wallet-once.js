// A money form is sent once: the button rests after the first tap. The server would do it once anyway, by the key.
export default function once(form) {
  const button = form.querySelector("button:not([type=button])");
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    button?.setAttribute("aria-disabled", "true");
  });
  // Coming back through the browser's history finds a form that may be sent again.
  window.addEventListener("pageshow", () => {
    delete form.dataset.sent;
    button?.removeAttribute("aria-disabled");
  });
}
