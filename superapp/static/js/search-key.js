// "/" leads to the search, unless one is writing.

export default function searchKey(link) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
    event.preventDefault();
    const field = document.querySelector('[role="search"] input[type="search"]');
    if (field) field.focus();
    else link.click();
  });
}
