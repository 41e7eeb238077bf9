// Shows a chosen theme at once, before it is saved.
export default function previewTheme(field) {
  field.addEventListener("change", ({ target }) => {
    const { dataset } = document.documentElement;
    if (target.value === "system") delete dataset.theme;
    else dataset.theme = target.value;
  });
}
