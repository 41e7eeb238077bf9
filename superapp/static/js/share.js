// A link to hand on: copied, given to another app, printed.
import { toast } from "./toast.js";

export default function share(root) {
  const { address, copied } = root.dataset;
  const sharing = root.querySelector("[data-share]");
  sharing.hidden = !navigator.share;
  sharing.addEventListener("click", () => navigator.share({ url: address }).catch(() => {}));
  root.querySelector("[data-print]").addEventListener("click", () => print());
  root.querySelector("[data-copy]").addEventListener("click", async () => {
    const field = root.querySelector("input");
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      field.select(); // without TLS the clipboard is out of reach: the old way
      document.execCommand("copy");
    }
    toast(copied);
  });
}
