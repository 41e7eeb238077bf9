// Votes without leaving the chat. One's own choice shows at once; the numbers follow as a change of the message.

import { send } from "./requests.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

export default function poll(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const response = await send(form.action, { body: new FormData(form) }).catch(() => null);
    if (response?.ok) form.dispatchEvent(new CustomEvent("chat:stale", { bubbles: true, detail: Number(form.dataset.row) }));
    else toast(word("failed"), { level: "error" });
  });
}
