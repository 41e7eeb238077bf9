// Keys of the chats. What they open comes when it is first wanted; chat-help.js says what there is.

const OFF = "single-keys-off"; // single letters can be turned off, for those who speak to their computer

export default function chatKeys(list) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const { key, target } = event;
    const typing = target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if ((event.ctrlKey || event.metaKey) && !event.altKey && key.toLowerCase() === "k") return open(event, "switcher", list);
    if (event.ctrlKey || event.metaKey) return;
    if (event.altKey && (key === "ArrowUp" || key === "ArrowDown")) return neighbour(event, list, key === "ArrowDown" ? 1 : -1);
    if (event.altKey) return;
    if (!typing && key === "?" && !localStorage.getItem(OFF)) return open(event, "help", list);
    if (!typing) messages(event);
  });
}

function open(event, name, list) {
  event.preventDefault();
  import(`./chat-${name}.js`).then((module) => module.open(list));
}

function neighbour(event, list, step) {
  const rows = [...list.querySelectorAll("a[data-conversation]")];
  const here = rows.findIndex((row) => row.matches("[aria-current]"));
  const row = rows[here < 0 ? 0 : here + step];
  if (!row) return;
  event.preventDefault();
  location.assign(row.href);
}

// One message at a time has the focus.
function messages(event) {
  const log = document.querySelector("[data-scroller]");
  if (!log?.contains(event.target)) return;
  const rows = [...log.querySelectorAll("[data-seq]")];
  const row = event.target.closest("[data-seq]");
  const at = rows.indexOf(row);
  const bottom = log.getBoundingClientRect().bottom;
  const last = rows.findLastIndex((one) => one.getBoundingClientRect().top < bottom);
  const steps = { ArrowUp: row ? at - 1 : last, ArrowDown: row ? at + 1 : last, Home: 0, End: rows.length - 1 };
  if (event.key in steps) {
    event.preventDefault();
    focus(rows[Math.min(Math.max(steps[event.key], 0), rows.length - 1)]);
  } else if (event.key === "Escape") {
    document.querySelector("#composer textarea")?.focus();
  } else if (row && event.key.toLowerCase() === "r" && !event.shiftKey && !localStorage.getItem(OFF)) {
    event.preventDefault();
    row.querySelector("[data-reply]")?.click();
  }
}

function focus(row) {
  if (!row) return;
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}
