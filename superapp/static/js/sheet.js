// <button data-sheet="id"> opens <dialog class="sheet" id="id">; [data-sheet-close] and a tap outside close it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-sheet]");
  if (opener) {
    const sheet = document.getElementById(opener.dataset.sheet);
    if (sheet && !sheet.open) {
      event.preventDefault();
      sheet.showModal();
    }
    return;
  }
  if (event.target.closest("[data-sheet-close]")) {
    event.preventDefault();
    event.target.closest("dialog")?.close();
    return;
  }
  if (event.target.matches?.("dialog.sheet[open]")) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});
