// Narrows a list of people to choose from by what is typed.
export default function picker(root) {
  const field = root.querySelector("[data-filter]");
  const rows = [...root.querySelectorAll("[data-words]")];
  const none = root.querySelector("[data-none]");
  field.addEventListener("input", () => {
    const asked = field.value.trim().toLocaleLowerCase();
    for (const row of rows) row.hidden = !row.dataset.words.toLocaleLowerCase().includes(asked);
    none.hidden = !rows.length || rows.some((row) => !row.hidden);
  });
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}
