// A dialog that is made when it is first wanted.
import { word } from "./words.js";

export function dialog(label, className) {
  const made = document.createElement("dialog");
  made.className = `sheet ${className}`;
  made.setAttribute("aria-label", label);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button quiet small sheet-x";
  close.dataset.sheetClose = "";
  close.textContent = word("close");
  made.append(close);
  document.body.append(made);
  return made;
}
