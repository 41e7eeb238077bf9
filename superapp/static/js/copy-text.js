// A button that copies the text beside it.

export default function copyText(root) {
  const button = root.querySelector("[data-copy]");
  const text = root.querySelector("textarea");
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    root.open = true;
    text.select();
    if (navigator.clipboard) await navigator.clipboard.writeText(text.value);
    else document.execCommand("copy"); // on plain HTTP there is no other way
    button.textContent = button.dataset.copied;
  });
}
