// What can be done with a message, opened by its ⋯, a long press, the right button of the mouse. What it takes to do it
// comes when it is asked for.

import { send } from "./requests.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const LONG_PRESS = 450;
const STILL = 10; // pixels a finger may tremble
const ENOUGH = 56; // pixels of a swipe that is meant
const FARTHEST = 80;
const OWN_MEANING = "a, button, input, textarea, summary, video, audio, [contenteditable]";

const menu = () => import("./message-menu.js");

export default function actions(root) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-actions]");
    const chip = event.target.closest("[data-react]");
    const rewrite = event.target.closest("[data-rewrite]");
    if (!opener && !chip && !rewrite) return;
    event.preventDefault();
    if (opener) open(opener.closest("[data-seq]"), opener.getBoundingClientRect());
    else if (chip) react(root, chip);
    else writeAgain(root, rewrite.dataset.rewrite);
  });

  root.addEventListener("contextmenu", (event) => {
    const row = event.target.closest("[data-id]");
    const selected = String(getSelection());
    if (!row || selected || event.shiftKey || (event.target.closest(OWN_MEANING) && !event.target.closest("[data-actions]"))) return;
    event.preventDefault();
    if (event.pointerType !== "touch") open(row, new DOMRect(event.clientX, event.clientY, 0, 0));
  });

  let press = null;
  const release = () => {
    clearTimeout(press?.timer);
    press = null;
  };
  root.addEventListener("pointerdown", (event) => {
    const row = event.pointerType === "touch" && event.target.closest(".bubble") && event.target.closest("[data-id]");
    if (!row) return;
    const held = () => {
      press = null;
      getSelection().removeAllRanges();
      navigator.vibrate?.(8);
      // The finger that opened it does not press what lies under it now.
      addEventListener("click", (click) => click.stopPropagation() || click.preventDefault(), { capture: true, once: true });
      open(row);
    };
    press = { x: event.clientX, y: event.clientY, timer: setTimeout(held, LONG_PRESS) };
  });
  root.addEventListener("pointermove", (event) => {
    if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > STILL) release();
  });
  for (const type of ["pointerup", "pointercancel"]) root.addEventListener(type, release);
  swipes(root);

  // ↑ in an empty composer: what one said last, to put it better.
  root.querySelector(".composer textarea")?.addEventListener("keydown", async (event) => {
    if (event.key !== "ArrowUp" || event.target.value || event.isComposing) return;
    const row = [...root.querySelectorAll(".message.mine[data-id]")].at(-1);
    if (!row) return;
    event.preventDefault();
    (await menu()).editRow(root, row);
  });

  document.addEventListener("chat:done", () => refresh(root));

  async function open(row, from) {
    if (row?.dataset.id && !root.querySelector("[data-selection]")) (await menu()).open(root, row, from);
  }
}

// A finger drags a message aside to answer it. The page is still moved up and down by it (`touch-action: pan-y`).
function swipes(root) {
  let drag = null;
  root.addEventListener("pointerdown", (event) => {
    const line = event.pointerType === "touch" && event.target.closest("[data-id] > .message-line");
    drag = line ? { line, x: event.clientX, y: event.clientY, by: 0 } : null;
  });
  root.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const across = event.clientX - drag.x;
    if (!drag.by && Math.abs(event.clientY - drag.y) > Math.abs(across)) return void (drag = null);
    drag.by = Math.max(-FARTHEST, Math.min(0, across));
    drag.line.style.translate = `${drag.by}px`;
  });
  const end = (event) => {
    if (!drag) return;
    drag.line.style.translate = "";
    if (event.type === "pointerup" && drag.by <= -ENOUGH) drag.line.querySelector("[data-reply]")?.click();
    drag = null;
  };
  for (const type of ["pointerup", "pointercancel"]) root.addEventListener(type, end);
}

// Live events do this anyway; without a connection it is done by hand.
export function refresh(root) {
  const detail = { conversation: root.dataset.conversation, seq: Number.MAX_SAFE_INTEGER };
  if (root.isConnected) document.dispatchEvent(new CustomEvent("live:message.changed", { detail }));
}

async function react(root, chip) {
  const address = `/api/v1/messages/${chip.closest("[data-id]").dataset.id}/reactions/${encodeURIComponent(chip.dataset.react)}/`;
  const method = chip.classList.contains("chosen") ? "DELETE" : "PUT";
  chip.classList.toggle("chosen");
  const answer = await send(address, { method }).catch(() => null);
  if (answer?.ok) return refresh(root);
  chip.classList.toggle("chosen");
  toast((await answer?.json().catch(() => null))?.detail ?? word("failed"), { level: "error" });
}

async function writeAgain(root, id) {
  const answer = await fetch(`/api/v1/messages/${id}/recall/`).catch(() => null);
  if (!answer?.ok) return location.assign(`?reedit=${id}#composer`);
  const field = root.querySelector(".composer").elements.text;
  field.value = (await answer.json()).text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}
