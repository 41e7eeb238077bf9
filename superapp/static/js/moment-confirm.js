// Asks once before a form with [data-confirm] is sent, in words that say what will happen.
const question = document.getElementById("moment-confirm");
let waiting = null;

question?.querySelector("[data-confirmed]").addEventListener("click", () => {
  question.close();
  const form = waiting;
  waiting = null;
  if (!form?.isConnected) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit();
});

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!question || !form.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = form;
    form.closest("[popover]")?.hidePopover();
    question.querySelector("p").textContent = form.dataset.confirm;
    question.showModal();
  },
  true,
);

export default function confirm() {}
