// The total of a red envelope as it is typed. The server computes its own; this is for the eyes.
export default function redEnvelopeForm(form) {
  const { digits, balance } = form.dataset;
  const number = new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const total = form.querySelector("[data-total]");
  const short = form.querySelector("[data-short]");
  const unit = 10 ** Number(digits);
  const zero = total.textContent; // as the server writes money in this language
  let sent = false;

  const update = () => {
    const kind = form.elements.kind.value;
    for (const word of form.querySelectorAll("[data-for]"))
      if (form.elements.kind.length) word.hidden = word.dataset.for !== kind;
    const typed = Number.parseFloat(form.elements.amount.value.replace(",", ".")) || 0;
    const minor = Math.round(typed * unit) * (kind === "lucky" ? 1 : Number(form.elements.shares.value) || 0);
    total.textContent = zero.replace(/[\d.,]+/, number.format(minor / unit));
    short.hidden = minor <= Number(balance) && Number(balance) > 0;
    form.querySelector("[data-submit]").disabled = !minor || minor > Number(balance);
  };
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => {
    sent = false;
    update();
  });
  update();
}
