// Puts an opened popover menu beside the button that opened it, within the window; arrow keys walk its items.
const GAP = 6;

function place(menu, button) {
  const from = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = from.bottom + GAP + size.height <= innerHeight;
  const fromEnd = (getComputedStyle(button).direction === "rtl") === from.left + from.width / 2 < innerWidth / 2;
  const left = fromEnd ? from.right - size.width : from.left;
  menu.classList.add("placed");
  // Moved by the script through the CSSOM, which the content security policy allows.
  menu.style.insetBlockStart = `${below ? from.bottom + GAP : Math.max(GAP, from.top - GAP - size.height)}px`;
  menu.style.left = `${Math.min(Math.max(GAP, left), innerWidth - size.width - GAP)}px`;
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.classList?.contains("menu") || event.newState !== "open") return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    if (button) place(menu, button);
    menu.querySelector("a, button")?.focus({ preventScroll: true });
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu");
  if (!menu || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("a, button:not(:disabled)")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
});
