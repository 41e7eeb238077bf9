// Says to screen readers what has come, and not more than that: the latest of what others said, once things are still.

const STILL = 700;

export function announcer(root) {
  const place = root.querySelector("[data-announce]");
  let timer;
  return (rows) => {
    if (rows.some((one) => !one.dataset.id)) place.textContent = ""; // perhaps what was said there has been taken back
    const row = rows.findLast((one) => one.dataset.id && !one.matches(".mine"));
    if (!row || document.hidden) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!row.isConnected) return; // it has changed since
      const said = row.querySelector(".bubble-text")?.textContent.trim().slice(0, 200);
      place.textContent = row.dataset.summary ?? `${row.dataset.name}: ${said ?? ""}`;
    }, STILL);
  };
}
