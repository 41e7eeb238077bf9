// The chips under the search field write its filters, for those who do not know them by heart.

export default function search(form) {
  const field = form.querySelector('input[type="search"]');
  const chips = form.querySelector("[data-chips]");
  const buttons = [...chips.querySelectorAll("[data-add]")];
  const days = [...chips.querySelectorAll("[data-day]")];
  chips.hidden = false;

  const parts = () => field.value.split(/\s+/).filter(Boolean);

  function put(words) {
    field.value = words.join(" ");
    field.focus();
    show();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show() {
    for (const button of buttons) {
      const { add } = button.dataset;
      button.setAttribute("aria-pressed", String(parts().some((part) => (add.endsWith(":") ? part.startsWith(add) : part === add))));
    }
    for (const day of days) {
      const prefix = `${day.dataset.day}:`;
      day.value = parts().find((part) => part.startsWith(prefix))?.slice(prefix.length) ?? "";
    }
  }

  chips.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add]")?.dataset.add;
    if (!add) return;
    const matches = (part) => (add.endsWith(":") ? part.startsWith(add) : part === add);
    put(parts().some(matches) ? parts().filter((part) => !matches(part)) : [...parts(), add]);
  });
  for (const day of days) {
    day.addEventListener("input", (event) => event.stopPropagation());
    day.addEventListener("change", () => {
      const prefix = `${day.dataset.day}:`;
      const others = parts().filter((part) => !part.startsWith(prefix));
      put(day.value ? [...others, prefix + day.value] : others);
    });
  }
  field.addEventListener("input", show);
  show();
  field.setSelectionRange(field.value.length, field.value.length);
}
