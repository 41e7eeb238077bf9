// Loads a behaviour for each [data-module="name"]: ./name.js, whose default export takes the element.
// Runs for the page, and again for what htmx swaps in.
import "./requests.js";
import "./toast.js";

const started = new WeakMap();

async function start(element) {
  for (const name of element.dataset.module.split(/\s+/).filter(Boolean)) {
    const names = started.get(element) ?? started.set(element, new Set()).get(element);
    if (names.has(name)) continue;
    names.add(name);
    try {
      (await import(`./${name}.js`)).default(element);
    } catch (error) {
      if (navigator.onLine) throw error;
      addEventListener("online", () => location.reload(), { once: true }); // the network went while the page was coming
    }
  }
}

export function startModules(root) {
  if (root.matches?.("[data-module]")) start(root);
  root.querySelectorAll?.("[data-module]").forEach(start);
}

startModules(document.documentElement);
document.addEventListener("htmx:load", (event) => startModules(event.detail.elt));

import("./menu.js");
import("./sheet.js");
if (document.body.dataset.user) {
  import("./live.js").then(({ live }) => live.connect());
  import("./badges.js");
}
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/service-worker.js").catch(() => {});
